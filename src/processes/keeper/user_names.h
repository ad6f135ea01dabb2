/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * user_names.h - a process beside the view that finds the names of users who came after the start, and
 * finds them again later: a number may get another owner while the program runs.
 *
 * The view cannot ask itself: the name service opens files and sockets, which its sandbox forbids.
 * The helper has the view's user and no capability. It gets nothing but numbers, and it has no filter
 * of system calls, because a module of the name service may need any.
 */
#ifndef EBT_PROCESSES_KEEPER_USER_NAMES_H
#define EBT_PROCESSES_KEEPER_USER_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#define EBT_USER_NAME_MAX 256 /* bytes, with the NUL: more than any tool lets a user have */

struct ebt_user_names; /* the view's end */

/* Start the helper. Call it without rights, before the sandbox. Return 0 or -errno. */
int ebt_user_names_start(struct ebt_user_names **out);
void ebt_user_names_free(struct ebt_user_names **names);

/* Look whether /etc/passwd has changed. Then ask again for the users that were asked for, and return
 * true for a moment: a name that is known may be the old one. NULL: false. */
bool ebt_user_names_changed(struct ebt_user_names *names);
/* Ask for a user, unless that was done within the last two seconds and /etc/passwd is the same since.
 * Return true when an answer will come. NULL: no. */
bool ebt_user_names_ask(struct ebt_user_names *names, uint32_t uid);
/* Take one answer. The name is empty if there is no such user (any more). Wait at most wait_ms, but not
 * at all for a while after a wait that was in vain. Return false when none has come. */
bool ebt_user_names_take(struct ebt_user_names *names, int wait_ms, uint32_t *uid,
			 char name[EBT_USER_NAME_MAX]);

#endif
