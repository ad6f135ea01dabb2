/* SPDX-License-Identifier: BSD-3-Clause */
/* replay_range.h - which part of a recording --from and --to choose */
#ifndef EBT_PROCESSES_REPLAY_REPLAY_RANGE_H
#define EBT_PROCESSES_REPLAY_REPLAY_RANGE_H

#include "processes/replay/replay_play.h"

/* Set from_ns and to_ns of the playback from the options, the recording's span and its clock. A time
 * of day is the first one after the beginning of the recording; that of --to comes after --from, and
 * so on the next day when it is earlier. Of an hour that a change of the clock repeats, --from takes
 * the first occurrence and --to the second one. */
void ebt_replay_range(struct ebt_replay *replay);
/* Warn when --from or --to is outside of the recording or ambiguous, or when nothing lies between
 * them; say what the recording covers. */
void ebt_replay_range_check(const struct ebt_replay *replay);

#endif
