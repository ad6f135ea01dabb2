/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * user_settings.h - find, load and save the settings file.
 *
 * The view itself can open no file, so other processes write. Reached by sudo, or not root at all:
 * the file is the invoking user's, and the keeper writes it with that user's rights. Root without
 * sudo: it is root's own file, read before the rights go, and written by a second process (the
 * saver) that stays root but has no capability and is held by chroot and seccomp to the directory of
 * that file. Both parse what they are sent and write it in their own words, so a view that was taken
 * over can write settings into that one file and nothing else.
 */
#ifndef EBT_PROCESSES_VIEW_USER_SETTINGS_H
#define EBT_PROCESSES_VIEW_USER_SETTINGS_H

#include <limits.h>

#include "processes/keeper/keeper_client.h"
#include "processes/saver/saver_client.h"
#include "ui/core/settings.h"

enum ebt_settings_owner { EBT_SETTINGS_NONE, EBT_SETTINGS_USER, EBT_SETTINGS_ROOT };

/* Zero-initialised: there is no file. Owns text, keeper and saver. */
struct ebt_user_settings {
	enum ebt_settings_owner owner;
	char path[PATH_MAX];	   /* of the file; "" when there is none */
	char why[256];		   /* why settings cannot be saved; "" when they can */
	struct ebt_bytes text;	   /* root's file as it was; malloc */
	int read_error;		   /* -errno of reading it */
	struct ebt_keeper *keeper; /* NULL: it could not be started */
	struct ebt_keeper *saver;  /* root's only */
	struct ebt_saver *execs;   /* writes the files of W; NULL: it could not be started */
	const char *read_file;	   /* borrowed: the recording that W must not replace; or NULL */
};

/* With the rights of the user that started the program: find the file; for root read it and start
 * the saver. */
void ebt_user_settings_open(struct ebt_user_settings *s);
/* As the user that the view runs as, before it gives up opening files: fill *settings in, with
 * defaults where there is no file and warnings about what is wrong in it, and start the keeper. */
void ebt_user_settings_start(struct ebt_user_settings *s, struct ebt_settings *settings);
/* Ask for the settings to be written, or report why they cannot be. */
void ebt_user_settings_save(struct ebt_user_settings *s, const struct ebt_settings *settings);
/* Report what became of that. Return true when something was reported. */
bool ebt_user_settings_report(struct ebt_user_settings *s);
/* End the processes. */
void ebt_user_settings_close(struct ebt_user_settings *s);

#endif
