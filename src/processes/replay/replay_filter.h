/* SPDX-License-Identifier: BSD-3-Clause */
/* replay_filter.h - apply the filters of the kernel side (-p, -u, --cgroup, --no-enoent) in a
 * replay
 *
 * The kernel knows the parent of a process at its fork. A recording contains it in the exec event,
 * and for a process that only forked in its exit event. So with -p the recording is read once
 * before it is played. */
#ifndef EBT_PROCESSES_REPLAY_REPLAY_FILTER_H
#define EBT_PROCESSES_REPLAY_REPLAY_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/options.h"
#include "decode/event.h"
#include "ipc/cgroup_names.h"
#include "model/model.h"
#include "recording/parts.h"

struct ebt_replay_proc;

/* A zero-initialised filter lets everything pass. It owns its table. */
struct ebt_replay_filter {
	const struct ebt_options *options;
	struct ebt_replay_proc *procs; /* sorted by pid and start time */
	size_t n, cap;
	struct ebt_cgroups cgroups; /* of --cgroup: where this machine mounts them */
	bool in_cgroup;		    /* an exec in the cgroup of --cgroup was seen */
	int error;
};

/* Read the whole recording and rewind the reader. Return 0, or -errno with a sentence in why (a
 * process of -p is not in it, or no memory). */
int ebt_replay_filter_init(struct ebt_replay_filter *f, const struct ebt_options *options,
			   struct ebt_parts_reader *reader, char *why, size_t why_len);
void ebt_replay_filter_deinit(struct ebt_replay_filter *f);
/* Return whether an exec or exit passes. The model has the names of cgroups, and for a process that
 * ends its exec, if that passed. */
bool ebt_replay_filter_wants(struct ebt_replay_filter *f, struct ebt_model *model,
			     const struct ebt_event *ev);

#endif
