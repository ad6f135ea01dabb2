/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * lost.h - events about losses, made from the counters of a CPU. A live view and a replay both use
 * it, so that they tell the same.
 */
#ifndef EBT_DECODE_LOST_H
#define EBT_DECODE_LOST_H

#include <stdint.h>

#include "decode/event.h"
#include "ebt_abi.h"

/* How much of a CPU's losses has been told so far. Zero-initialise it. */
struct ebt_lost_told {
	uint64_t total[EBT_LOSS_CAUSES]; /* events, by enum ebt_lost_cause */
	struct ebt_loser by_user[EBT_LOSERS];
};

/* Give fn an event for each cause and user of what the counters have more than *told, and one
 * without a user for what they name no user of; remember it in *told. The counts of all events of
 * a cause are together exactly what its total rose by. */
void ebt_lost_tell(struct ebt_lost_told *told, const struct ebt_cpu_counters *now, uint32_t cpu,
		   uint64_t mono_ns, ebt_event_fn fn, void *arg);
/* Remember what the counters say as told. */
void ebt_lost_skip(struct ebt_lost_told *told, const struct ebt_cpu_counters *now);

#endif
