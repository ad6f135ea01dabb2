/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * replay_filter.h - in a replay: the filters that are the kernel's when it is live (-p, -u,
 * --cgroup,
 * --no-enoent).
 *
 * Whose child a process is the kernel knows at its fork; a recording tells it at the exec, and of a
 * process that only forked at its end. So -p reads the recording once before it is played.
 */
#ifndef EBT_PROCESSES_REPLAY_REPLAY_FILTER_H
#define EBT_PROCESSES_REPLAY_REPLAY_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/options.h"
#include "decode/event.h"
#include "model/model.h"
#include "recording/parts.h"

struct ebt_replay_proc;

/* Zero-initialised lets all pass. Owns its table. */
struct ebt_replay_filter {
	const struct ebt_options *options;
	struct ebt_replay_proc *procs; /* by pid and start time */
	size_t n, cap;
	bool in_cgroup; /* an exec in the cgroup of --cgroup has been seen */
	int error;
};

/* Reads the recording through and puts the reader back to its beginning. -errno with a sentence in
 * why: a process of -p is not in it, no memory. */
int ebt_replay_filter_init(struct ebt_replay_filter *f, const struct ebt_options *options,
			   struct ebt_parts_reader *reader, char *why, size_t why_len);
void ebt_replay_filter_deinit(struct ebt_replay_filter *f);
/* Of an exec or an exit. The model has the names of cgroups, and of a process that ends the exec,
 * if that was wanted. */
bool ebt_replay_filter_wants(struct ebt_replay_filter *f, struct ebt_model *model,
			     const struct ebt_event *ev);

#endif
