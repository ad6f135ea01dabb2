/* SPDX-License-Identifier: BSD-3-Clause */
/* replay_feed.h - the feed of events from a recording; its struct ebt_feed is ebt_replay.feed. */
#ifndef EBT_PROCESSES_REPLAY_REPLAY_FEED_H
#define EBT_PROCESSES_REPLAY_REPLAY_FEED_H

#include "processes/replay/replay_play.h"

extern const struct ebt_feed_ops ebt_replay_ops;

#endif
