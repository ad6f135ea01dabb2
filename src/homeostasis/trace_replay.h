/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * trace_replay.h - training and testing on traces: the kernel's state machine, fed from files.
 */
#ifndef EBT_HOMEOSTASIS_TRACE_REPLAY_H
#define EBT_HOMEOSTASIS_TRACE_REPLAY_H

#include <stddef.h>
#include <stdint.h>

#include "homeostasis/profile.h"

/* One trace and what came of it. */
struct ebt_replay_trace {
	uint32_t id;
	uint64_t calls;
	uint64_t new_calls;  /* training: that brought a new pair */
	uint64_t anomalous;  /* testing: calls with missing pairs */
	uint64_t missed;     /* pairs */
	uint64_t first_call; /* first anomalous call, from 1; 0: none */
	struct ebt_ph_task task;
};

struct ebt_replay {
	struct ebt_replay_trace *traces; /* owned, in order of appearance */
	size_t n, cap;
	struct ebt_replay_trace *last; /* traces mostly come in one piece */
	struct ebt_ph_set *set;	       /* borrowed */
	struct ebt_ph_config cfg;
	uint64_t calls, new_calls, anomalous, missed;
	uint64_t first_freeze; /* call number, 0: never */
	uint32_t max_lfc;
};

/* set is borrowed until ebt_replay_free. With test, the set is made normal and stays so. */
void ebt_replay_begin(struct ebt_replay *replay, struct ebt_ph_set *set, int test);
/* One file; its traces are new ones, whatever their numbers. As ebt_trace_read. */
int ebt_replay_file(struct ebt_replay *replay, const char *path, char *why, size_t why_len);
void ebt_replay_free(struct ebt_replay *replay);

#endif
