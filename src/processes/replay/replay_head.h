/* SPDX-License-Identifier: BSD-3-Clause */
/* replay_head.h - what the beginning of a recording says of the run */
#ifndef EBT_PROCESSES_REPLAY_REPLAY_HEAD_H
#define EBT_PROCESSES_REPLAY_REPLAY_HEAD_H

#include "processes/replay/replay_play.h"

/* Read facts, clock and number of CPUs from the first frames, set first_ns and last_ns, and rewind.
 * Return 0 or -errno. */
int ebt_replay_read_head(struct ebt_replay *replay);

#endif
