/* SPDX-License-Identifier: BSD-3-Clause */
/* model.h - the processes of the machine, their execs, groups, rates and buffer statistics
 *
 * Events and counters are fed in; snapshots are taken (model/snapshot.h). The model owns all that
 * it keeps. Memory is bounded by options.history_bytes (event rows with their texts and index; the
 * oldest are dropped first), the live processes (at most 2^17) and 2,000 exited ones, the groups,
 * and fixed tables. Each grouping has at most 2^16 groups, and all together take at most half of
 * history_bytes (at least 4 MiB); those seen longest ago without running processes are added to a
 * group "(other)". The model belongs to one thread. */
#ifndef EBT_MODEL_MODEL_H
#define EBT_MODEL_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decode/event.h"
#include "ebt_abi.h"
#include "expr/complete.h"
#include "expr/expr.h"
#include "model/tree_view.h"

struct ebt_model;

struct ebt_model_options {
	size_t history_bytes; /* --history; 0 means 32 MiB */
	unsigned ncpu;	      /* number of possible CPUs */
	int64_t mono_to_real_ns;
};

int ebt_model_new(struct ebt_model **out, const struct ebt_model_options *options);
void ebt_model_free(struct ebt_model **model);

/* Return the bytes that the model has allocated or mapped, hash tables included. */
size_t ebt_model_memory_bytes(const struct ebt_model *model);

/* Process one event, in order. It never fails: rows that do not fit are left out of the history and
 * counted (snapshot.dropped_rows). */
void ebt_model_event(struct ebt_model *model, const struct ebt_event *ev);

/* Add a process from /proc that ran before tracing began. args are NUL-terminated arguments and may
 * be empty. */
void ebt_model_seed(struct ebt_model *model, uint32_t pid, uint32_t ppid, uint32_t uid,
		    uint64_t start_ns, struct ebt_bytes comm, struct ebt_bytes args);

struct ebt_seed {
	uint32_t pid, ppid, uid, euid, gid, egid; /* an id that is not known: EBT_UNSET */
	uint64_t start_ns;
	struct ebt_bytes comm, args;
	struct ebt_bytes exe; /* as /proc/PID/exe shows it; empty: it is not known */
	bool args_unread;     /* args is empty because it could not be read */
};
/* The same with all that /proc tells. */
void ebt_model_seed_process(struct ebt_model *model, const struct ebt_seed *seed);

/* Return whether a live process of this pid is known. If not, the caller may add it from /proc at
 * any time, which gives parents that only forked a place in the tree. */
bool ebt_model_knows(const struct ebt_model *model, uint32_t pid);
/* End processes whose exit was lost or filtered: call alive() for each process that counts as live,
 * and end those for which it returns false the second time as exit_unknown. Call it every few
 * seconds, so that an exit event that is still in a buffer arrives in between. */
void ebt_model_reap(struct ebt_model *model,
		    bool (*alive)(uint32_t pid, uint64_t start_ns, void *arg), void *arg,
		    uint64_t now_mono_ns);

/* Set the offset for later rows after the clock was set. */
void ebt_model_set_clock(struct ebt_model *model, int64_t mono_to_real_ns);

/* Set the name of a uid; it is copied. Unknown uids are shown as numbers; an empty name makes one unknown. */
void ebt_model_set_user(struct ebt_model *model, uint32_t uid, const char *name);
/* Set the path of a cgroup v2 id; it is copied. */
void ebt_model_set_cgroup(struct ebt_model *model, uint64_t id, const char *path);
/* Return the borrowed name of a uid, or NULL if it is unknown. */
const char *ebt_model_user(const struct ebt_model *model, uint32_t uid);
const char *ebt_model_cgroup(const struct ebt_model *model, uint64_t id);

/* The present state of the buffers. counters has one element per possible CPU and is copied;
 * ring_used and ring_size are in bytes. */
struct ebt_model_buffers {
	const struct ebt_cpu_counters *counters;
	unsigned ncpu;
	uint64_t ring_used, ring_size;
	/* most bytes that waited since the last call; 0 if it is not known */
	uint64_t ring_peak;
	uint64_t scratch_bytes; /* size of a slot */
	uint64_t kernel_bytes;	/* memory of all BPF maps of this program */
	/* From the decoder, read before the counters (otherwise the accounting seems broken). Both
	 * are NULL if there is no decoder. */
	const uint64_t *received;  /* per CPU, number of events that reached the decoder */
	const uint64_t *gaps;	   /* per CPU, number of missing sequence numbers */
	uint64_t recursion_misses; /* program runs that the kernel skipped */
	bool final; /* no program runs any more, and everything sent has been received */
	/* For a buffer on each CPU: its size, and the most bytes that waited in it since the last
	 * call. 0 and NULL if the CPUs share the ring. */
	uint64_t cpu_ring_size;
	const uint64_t *cpu_ring_peak;
	/* The processes of this run; none in a replay. */
	const struct ebt_process_cost *processes;
	unsigned process_count;
};
void ebt_model_buffers(struct ebt_model *model, const struct ebt_model_buffers *buffers,
		       uint64_t now_mono_ns);

/* Give the kernel's present counts by executable, after everything that waited was processed: execs
 * whose records were lost are then counted in their groups (by exe) nevertheless. Do not call it if
 * events were left out on purpose. */
void ebt_model_exe_counts(struct ebt_model *model, const struct ebt_exe_entry *entries, size_t n);

/* Advance rates and sparklines to now, and drop old exited processes. Call it at least once a
 * second. */
void ebt_model_tick(struct ebt_model *model, uint64_t now_mono_ns);

/* Return the CPU time of a process so far in nanoseconds, 0 if it is not known. */
typedef uint64_t (*ebt_model_cpu_fn)(uint32_t pid, void *arg);
/* Call read() for running processes of the groups that a snapshot had in the last seconds, each at most
 * once a second and at most max in one call, and keep what it returns in their groups. Call it once a
 * second. */
void ebt_model_sample_cpu(struct ebt_model *model, ebt_model_cpu_fn read, void *arg, unsigned max,
			  uint64_t now_mono_ns);

/* Return true when an exec of this process was shown, also if it has ended by now. */
bool ebt_model_shows(const struct ebt_model *model, uint32_t pid, uint64_t start_ns);
/* Return true when it still runs what was shown. */
bool ebt_model_runs_shown(const struct ebt_model *model, uint32_t pid, uint64_t start_ns);
/* Take the exit of a process of which no exec was shown: it may be known from /proc, or its exec may
 * be on its way. It is not counted. */
void ebt_model_end_unshown(struct ebt_model *model, const struct ebt_event *ev);

/* Limit the tree to these processes (at most 64), to those whose execs are shown, to what they started
 * and to their ancestors. limited false: the tree shows all processes. */
void ebt_model_limit_tree(struct ebt_model *model, bool limited, const uint32_t *pids, unsigned n);

/* Clear history, groups and rates (key c). Buffer counters belong to the kernel and stay. */
void ebt_model_clear(struct ebt_model *model);

/* Display filter: an expression (expr/expr.h). A row is looked at again when its run ends. Tree nodes
 * pass when they or a descendant do. Groups pass when the words of an expression without keys match
 * their name; with keys, when an exec of theirs passes or has passed since it was set.
 * NULL or "" removes it. Return -EINVAL with the reason in *error (which may be NULL), or -ENOMEM; then
 * the old filter stays. */
int ebt_model_set_filter(struct ebt_model *model, const char *text, struct ebt_expr_error *error);
/* Offer the values of a field that were seen, to complete an expression; arg is the model. It is an
 * ebt_expr_values_fn. */
void ebt_model_complete(enum ebt_expr_field field, struct ebt_expr_completion *completion,
			void *arg);

/* Limit the list of events to a scope (model/snapshot.h): to those of its execs that pass the filter. Return
 * 0, -ENOENT if there is no such group (any more), or -ENOMEM; then the list has all. */
struct ebt_scope;
int ebt_model_set_scope(struct ebt_model *model, const struct ebt_scope *scope);

/* Choose what the list of the tree has, and the order of siblings. */
void ebt_model_set_tree_view(struct ebt_model *model, const struct ebt_tree_view *view);

#endif
