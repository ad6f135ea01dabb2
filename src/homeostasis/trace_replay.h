/* SPDX-License-Identifier: BSD-3-Clause */
/* trace_replay.h - train and test a profile on traces from files, with the state machine of the
 * kernel side */
#ifndef EBT_HOMEOSTASIS_TRACE_REPLAY_H
#define EBT_HOMEOSTASIS_TRACE_REPLAY_H

#include <stddef.h>
#include <stdint.h>

#include "homeostasis/profile.h"

/* One trace and its results. */
struct ebt_replay_trace {
	uint32_t id;
	uint64_t calls;
	uint64_t new_calls;  /* training: number of calls that added a new pair */
	uint64_t anomalous;  /* testing: number of calls with missing pairs */
	uint64_t missed;     /* testing: number of missing pairs */
	uint64_t first_call; /* number of the first anomalous call, from 1; 0 if there is none */
	struct ebt_ph_task task;
};

struct ebt_replay {
	struct ebt_replay_trace *traces; /* owned, in the order of appearance */
	size_t n, cap;
	/* the trace of the last line, because traces are mostly contiguous */
	struct ebt_replay_trace *last;
	struct ebt_ph_set *set; /* borrowed */
	struct ebt_ph_config cfg;
	uint64_t calls, new_calls, anomalous, missed;
	/* number of the call at which the profile first froze; 0 if it never did */
	uint64_t first_freeze;
	uint32_t max_lfc;
};

/* Prepare a replay. set is borrowed until ebt_replay_free(). If test is set, the profile becomes
 * normal and stays so. */
void ebt_replay_begin(struct ebt_replay *replay, struct ebt_ph_set *set, int test);
/* Replay one file. Its traces are new ones, even if their numbers occurred before. Return as
 * ebt_trace_read() does. */
int ebt_replay_file(struct ebt_replay *replay, const char *path, char *why, size_t why_len);
void ebt_replay_free(struct ebt_replay *replay);

#endif
