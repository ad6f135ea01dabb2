/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * user_settings.h - the settings that are kept between runs: whose they are, where they lie, and
 * the processes that write them, since the view itself can open nothing.
 *
 * Reached by sudo, or not root at all: the file of the invoking user, written by the keeper
 * (app/keeper.h) with that user's rights. Root without sudo: root's own file. It is opened for
 * reading before the rights go, and written by a second process that stays root but has no
 * capability, takes settings only, is held by chroot to the directory they lie in and by seccomp.
 * Both parse what they are sent and write it in their own words: a view that was taken over can
 * write settings into that one file and nothing else.
 */
#ifndef EBT_PROCESSES_VIEW_USER_SETTINGS_H
#define EBT_PROCESSES_VIEW_USER_SETTINGS_H

#include <limits.h>

#include "processes/view/keeper_client.h"
#include "ui/core/settings.h"

enum ebt_kept_owner { EBT_KEPT_NOBODY, EBT_KEPT_USER, EBT_KEPT_ROOT };

/* All zero: nothing is kept. */
struct ebt_kept {
	enum ebt_kept_owner owner;
	char path[PATH_MAX];	   /* of the file; "" when there is none */
	char why[256];		   /* and why */
	struct ebt_bytes text;	   /* root's file as it was; malloc */
	int read_error;		   /* -errno of reading it */
	struct ebt_keeper *keeper; /* NULL: it could not be started */
	struct ebt_keeper *saver;  /* root's */
};

/* With the rights of who started the program: finds the file; for root reads it and starts the
 * process that writes it. */
void ebt_kept_open(struct ebt_kept *kept);
/* As the user the view runs as, before it gives up opening files: fills *settings (defaults where
 * there is no file; what is wrong with it is said as a warning) and starts the keeper. */
void ebt_kept_start(struct ebt_kept *kept, struct ebt_settings *settings);
/* Asks for the settings to be written, or says why they cannot be. */
void ebt_kept_save(struct ebt_kept *kept, const struct ebt_settings *settings);
/* Says what became of that. True when something was said. */
bool ebt_kept_news(struct ebt_kept *kept);
/* Ends the processes. */
void ebt_kept_close(struct ebt_kept *kept);

#endif
