/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * view_user.h - find a user id that nobody else has, for a view that root started without sudo.
 * The user `nobody` would not do: other services run as it, and one of them could stop the view.
 */
#ifndef EBT_CONFINE_VIEW_USER_H
#define EBT_CONFINE_VIEW_USER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The ids that systemd gives to services with DynamicUser= (https://systemd.io/UIDS-GIDS). */
#define EBT_VIEW_UID_FIRST 61184u
#define EBT_VIEW_UID_LAST  65519u

/* Return whether no account, no group and no dynamic user of systemd has this id. */
bool ebt_view_user_is_unknown(uid_t id);

/* Set *uid to an id of this range that no account and no process has; it is a group id likewise.
 * 0, or -EUSERS with a sentence in why. */
int ebt_view_user_find(uid_t *uid, char *why, size_t why_len);

#endif
