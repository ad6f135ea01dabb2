/* SPDX-License-Identifier: BSD-3-Clause */
/* replay_feed.h - a feed of events from a recording, which is the member ebt_replay.feed */
#ifndef EBT_PROCESSES_REPLAY_REPLAY_FEED_H
#define EBT_PROCESSES_REPLAY_REPLAY_FEED_H

#include "processes/replay/replay_play.h"

extern const struct ebt_feed_ops ebt_replay_ops;

#endif
