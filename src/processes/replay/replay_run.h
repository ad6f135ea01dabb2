/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * replay_run.h - a recording in place of tracing (-r): open it, and play it into the screen, frames,
 * lines or an export. Needs no root.
 */
#ifndef EBT_PROCESSES_REPLAY_REPLAY_RUN_H
#define EBT_PROCESSES_REPLAY_REPLAY_RUN_H

#include "config/options.h"

/* Do the whole run; return an exit status. */
int ebt_replay_run(const struct ebt_options *options);

#endif
