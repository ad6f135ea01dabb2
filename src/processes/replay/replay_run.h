/* SPDX-License-Identifier: BSD-3-Clause */
/* replay_run.h - play a recording instead of tracing (-r): open it, and play it into the screen,
 * frames, lines or an export; this needs no root */
#ifndef EBT_PROCESSES_REPLAY_REPLAY_RUN_H
#define EBT_PROCESSES_REPLAY_REPLAY_RUN_H

#include "config/options.h"

/* Do the whole run and return an exit status. */
int ebt_replay_run(const struct ebt_options *options);

#endif
