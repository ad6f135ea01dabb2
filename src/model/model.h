/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * model.h - what is known of the machine: processes, their execs, groups of them, rates, buffer
 * statistics.
 *
 * Fed by events and counters, asked through snapshots (model/snapshot.h). Owns everything it keeps;
 * memory is bounded by options.history_bytes (event rows, their texts, their index; the oldest go
 * first) plus the live processes (at most 2^17) and 2,000 exited ones, the groups, and fixed
 * tables. Groups: at most 2^16 of each kind, and all of them together half of history_bytes (at
 * least 4 MiB); those seen longest ago, of which nothing runs, are added to one group "(other)" a
 * kind. Single-threaded.
 */
#ifndef EBT_MODEL_MODEL_H
#define EBT_MODEL_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decode/event.h"
#include "ebt_abi.h"

struct ebt_model;

struct ebt_model_options {
	size_t history_bytes; /* --history; 0: 32 MiB */
	unsigned ncpu;	      /* possible CPUs */
	int64_t mono_to_real_ns;
};

int ebt_model_new(struct ebt_model **out, const struct ebt_model_options *options);
void ebt_model_free(struct ebt_model **model);

/* Bytes the model has allocated or mapped, hash tables included. */
size_t ebt_model_memory_bytes(const struct ebt_model *model);

/* One event, in order. Never fails: what does not fit is dropped from the history and counted
 * (snapshot.dropped_rows). */
void ebt_model_event(struct ebt_model *model, const struct ebt_event *ev);

/* A process that ran before tracing began, as /proc told. args: NUL-terminated arguments, may be
 * empty. */
void ebt_model_seed(struct ebt_model *model, uint32_t pid, uint32_t ppid, uint32_t uid,
		    uint64_t start_ns, struct ebt_bytes comm, struct ebt_bytes args);

struct ebt_seed {
	uint32_t pid, ppid, uid, euid, gid, egid; /* an id that is not known: EBT_UNSET */
	uint64_t start_ns;
	struct ebt_bytes comm, args;
	bool args_unread; /* args is empty because it could not be read */
};
/* The same with all that /proc tells. */
void ebt_model_seed_process(struct ebt_model *model, const struct ebt_seed *seed);

/* Is a live process of this pid known? If not, the caller may seed it from /proc at any time: it
 * gives parents that only forked a place in the tree. */
bool ebt_model_knows(const struct ebt_model *model, uint32_t pid);
/* An exit can be lost, or filtered: asks about each process held to be live, and ends with
 * exit_unknown those that alive() denies the second time. To be called every few seconds, so that
 * an exit which is still on its way comes between. */
void ebt_model_reap(struct ebt_model *model,
		    bool (*alive)(uint32_t pid, uint64_t start_ns, void *arg), void *arg,
		    uint64_t now_mono_ns);

/* The clock was stepped: later rows use this offset. */
void ebt_model_set_clock(struct ebt_model *model, int64_t mono_to_real_ns);

/* uid -> name, copied. Unknown uids are shown as numbers. */
void ebt_model_set_user(struct ebt_model *model, uint32_t uid, const char *name);
/* cgroup v2 id -> path, copied. */
void ebt_model_set_cgroup(struct ebt_model *model, uint64_t id, const char *path);
/* NULL when unknown; borrowed. */
const char *ebt_model_user(const struct ebt_model *model, uint32_t uid);
const char *ebt_model_cgroup(const struct ebt_model *model, uint64_t id);

/* State of the buffers, read now. counters: one a possible CPU, copied. ring_used/ring_size in
 * bytes. */
struct ebt_model_buffers {
	const struct ebt_cpu_counters *counters;
	unsigned ncpu;
	uint64_t ring_used, ring_size;
	uint64_t ring_peak;	/* most of it that waited since the last call; 0: not known */
	uint64_t scratch_bytes; /* a slot */
	uint64_t kernel_bytes;	/* memory of all our maps */
	/* From the decoder, taken before the counters were read (or the accounting seems broken); both
	 * NULL when there is none. */
	const uint64_t *received;  /* a CPU: events that reached the decoder */
	const uint64_t *gaps;	   /* a CPU: sequence numbers that never came */
	uint64_t recursion_misses; /* program runs the kernel skipped */
	bool final; /* nothing runs any more, and all that was sent has been taken in */
	/* With a buffer on each CPU: its size, and the most of it that waited since the last call.
	 * 0 and NULL: the CPUs share the ring. */
	uint64_t cpu_ring_size;
	const uint64_t *cpu_ring_peak;
};
void ebt_model_buffers(struct ebt_model *model, const struct ebt_model_buffers *buffers,
		       uint64_t now_mono_ns);

/* The kernel's counts by executable, read now, after everything that waited was taken in: execs
 * whose records were lost are then counted in their groups all the same (by exe). Not with events
 * that were left out on purpose. */
void ebt_model_exe_counts(struct ebt_model *model, const struct ebt_exe_entry *entries, size_t n);

/* Clock: advances rates and sparklines, forgets old exited processes. Call at least once a second.
 */
void ebt_model_tick(struct ebt_model *model, uint64_t now_mono_ns);

/* Return true when an exec of this process was shown, also if it has ended by now. */
bool ebt_model_shows(const struct ebt_model *model, uint32_t pid, uint64_t start_ns);
/* Return true when it still runs what was shown. */
bool ebt_model_runs_shown(const struct ebt_model *model, uint32_t pid, uint64_t start_ns);
/* Take the exit of a process of which no exec was shown: it may be known from /proc, or its exec may
 * be on its way. It is not counted. */
void ebt_model_end_unshown(struct ebt_model *model, const struct ebt_event *ev);

/* Forgets history, groups and rates (key c); buffer counters stay, they are the kernel's. */
void ebt_model_clear(struct ebt_model *model);

/* Display filter: a pattern (model/match.h) over the whole command line, comm and exe, each by
 * itself. Groups pass when their name matches, tree nodes when they or a descendant do. NULL or ""
 * removes it. Return -EINVAL with the reason in err, or -ENOMEM; then the old filter stays. */
int ebt_model_set_filter(struct ebt_model *model, const char *pattern, char *err, size_t err_len);

#endif
