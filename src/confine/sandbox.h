/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * sandbox.h - the view gives up everything: root, capabilities, the way back, and all system calls
 * but the few it needs. In this order, because each step needs what the next takes away.
 */
#ifndef EBT_CONFINE_SANDBOX_H
#define EBT_CONFINE_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Return the invoking user: SUDO_UID when root was reached by sudo, else who we are. */
uid_t ebt_sandbox_invoker(void);

/* Become the user whom the view runs as: the invoking one, or, when root was not reached by sudo, one
 * that no other process and no account has (view_user.h). Groups, gid, uid; all capabilities and
 * the bounding set dropped, no_new_privs. 0, or -errno with a sentence in why. */
int ebt_sandbox_drop(char *why, size_t why_len);

/* setlocale() for a process that may still be root: not with files from a directory that the
 * environment names. */
void ebt_sandbox_locale(void);

/* True when root was reached by sudo: files are to be opened as somebody else. */
bool ebt_sandbox_invoker_differs(void);
/* Drop what ebt_sandbox_drop drops, but stay who we are. Return 0, or -errno with a sentence in
 * why. */
int ebt_sandbox_drop_capabilities(char *why, size_t why_len);
/* For the process that writes files (app/writer.h): also opening, renaming, locking and removing
 * files, as far as the user's rights go. */
int ebt_sandbox_seccomp_files(char *why, size_t why_len);
/* As ebt_sandbox_seccomp, and files may be opened for reading, as far as the user's rights go. An
 * export needs that to look into the response files of compilers. */
int ebt_sandbox_seccomp_reader(char *why, size_t why_len);

/* System calls: from here on only those that reading the ring, drawing and writing open files take.
 */
int ebt_sandbox_seccomp(char *why, size_t why_len);

#endif
