/* SPDX-License-Identifier: BSD-3-Clause */
/* view_run.h - the unprivileged process: everything that touches event data or the terminal. */
#ifndef EBT_PROCESSES_VIEW_VIEW_RUN_H
#define EBT_PROCESSES_VIEW_VIEW_RUN_H

#include <sys/types.h>

#include "config/options.h"

/* Run in the forked child until the end; return the exit status. sock and query_sock lead to the
 * loader, homeo to the monitor of homeostasis (-1: none); all are taken over. */
int ebt_view_run(const struct ebt_options *options, int sock, int query_sock, const int homeo[2],
		 pid_t loader);

#endif
