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

/* settings: path of the file to write, NULL: none; copied.
 * 0, -errno. */
int ebt_keeper_start(struct ebt_keeper **out, const char *settings);
/* Only writes settings, as who calls it, without capabilities and confined to a directory: the
 * first dir_len bytes of the path, which exists. */
int ebt_keeper_start_saver(struct ebt_keeper **out, const char *settings, size_t dir_len);
void ebt_keeper_free(struct ebt_keeper **keeper);

/* Asks for the settings to be written; the outcome comes by ebt_keeper_saved. -ENOENT: there is no
 * file to write, -EPIPE: the keeper is gone, -EMSGSIZE. */
int ebt_keeper_save(struct ebt_keeper *keeper, struct ebt_bytes text);
/* 1: nothing new; 0: written; -errno. */
int ebt_keeper_saved(struct ebt_keeper *keeper);

/* An executable in words, waiting a moment at most; NULL: unknown, or not yet. For
 * ebt_ui_options.describe_exe: arg is the keeper. Text until the next call. */
const char *ebt_keeper_describe(const struct ebt_row *row, void *arg);

/* The file the settings of this run lie in: makes HOME that of the invoking user, so that
 * ebt_settings_load and _path find it. False: there is no user to keep them for. */
bool ebt_keeper_home(uid_t invoker);

#endif
