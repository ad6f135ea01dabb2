/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * keeper_client.h - a small process beside the view, started before the view gives up opening
 * files. It has the same user and no privilege either, knows one file to write (the user's
 * settings) and looks into executables, so that a damaged one can hurt nothing but it. One bounded
 * message a request; it ends with the view.
 */
#ifndef EBT_PROCESSES_KEEPER_KEEPER_CLIENT_H
#define EBT_PROCESSES_KEEPER_KEEPER_CLIENT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/bytes.h"
#include "model/snapshot.h"

struct ebt_keeper;

/* Start the keeper. settings is the path of the file to write, or NULL for none; it is copied.
 * Return 0 or -errno. */
int ebt_keeper_start(struct ebt_keeper **out, const char *settings);
/* Start a keeper that only writes settings, as the user who calls it, without capabilities and
 * confined to a directory: the first dir_len bytes of the path, which must exist. */
int ebt_keeper_start_saver(struct ebt_keeper **out, const char *settings, size_t dir_len);
void ebt_keeper_free(struct ebt_keeper **keeper);

/* Ask for the settings to be written; ebt_keeper_saved() gives the result. Return 0, -ENOENT if
 * there is no file to write, -EPIPE if the keeper has ended, or -EMSGSIZE. */
int ebt_keeper_save(struct ebt_keeper *keeper, struct ebt_bytes text);
/* Return 1 if there is no result yet, 0 if the settings were written, or -errno. */
int ebt_keeper_saved(struct ebt_keeper *keeper);

/* Describe an executable in words. It waits a moment at most. Return NULL if it is not known, or
 * not yet; the text is valid until the next call. It fits ebt_ui_options.describe_exe; arg is the
 * keeper. */
const char *ebt_keeper_describe(const struct ebt_row *row, void *arg);

/* Make HOME that of the invoking user, so that ebt_settings_load() and ebt_settings_path() find the
 * settings of this run. Return false if there is no user to keep them for. */
bool ebt_keeper_home(uid_t invoker);

#endif
