/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * session.h - one run, from the loader's side: sets everything up, starts the view, serves it,
 * takes everything down.
 */
#ifndef EBT_PROCESSES_LOADER_SESSION_H
#define EBT_PROCESSES_LOADER_SESSION_H

#include "config/options.h"

/* Run until the end, and return the exit status of the program. */
int ebt_session_run(const struct ebt_options *options);

#endif
