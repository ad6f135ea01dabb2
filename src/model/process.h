/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * process.h - processes that live, and those that ended a moment ago.
 *
 * Known are processes that called exec while we looked, and those /proc told of; one a pid. A pid
 * and its start time name a process for ever: another start time means another process.
 */
#ifndef EBT_MODEL_PROCESS_H
#define EBT_MODEL_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "decode/event.h"
#include "model/group.h"
#include "model/history.h"
#include "model/index.h"

/* /proc tells start times in clock ticks (10 ms), and of another clock: not a new process when that
 * near. */
#define EBT_PROC_SEED_SLACK_NS 100000000u
/* Live processes kept; the one whose exec is longest ago goes first. Twice what usual pid_max of
 * 32768 allows, and a bound for a hostile recording. */
#define EBT_PROC_LIVE_MAX   (1u << 17)
#define EBT_PROC_EXITED_MAX 2000u
#define EBT_PROC_EXITED_NS  (30ull * EBT_NS_PER_S)
/* Bytes of arguments of all processes that ran before tracing began, beyond the first EBT_PROC_KEPT_ARGS
 * of each. */
#define EBT_PROC_SEED_ARGS   (8u << 20)
#define EBT_PROC_KEPT_ARGS   4096u /* of a process whose row fell out of the history */
#define EBT_PROC_EARLY_EXITS 256u  /* power of two */
/* From here: ids of rows that are not in the history. */
#define EBT_PROC_SEED_ID (1ull << 63)

struct ebt_proc {
	uint32_t pid, ppid, uid;
	uint8_t comm_len;
	bool exited, seeded, has_exec, collapsed;
	bool hidden; /* its present image is one that the filters leave out */
	bool missed; /* it was not there when ebt_model_reap asked last */
	char comm[EBT_COMM_LEN];
	uint64_t start_ns, parent_start_ns; /* 0: unknown */
	uint64_t row_id; /* of the latest exec; of no event's when there is no row in the history */
	uint64_t exec_ns, ended_ns;
	struct ebt_hist_row *kept; /* owned: stands in for a row that is not in the history */
	struct ebt_grp *grp[EBT_GROUP_BY_MAX]; /* of the run; NULL: not counted (any more) */
	struct ebt_proc *prev, *next;	       /* in its list */
	/* tree.c */
	struct ebt_proc *parent, *child, *last_child, *sibling;
	uint32_t children, depth;
	bool visited, shown, last, child_seen;
	/* filter.c: match of the row match_id under filter match_generation */
	bool match;
	uint32_t match_generation;
	uint64_t match_id;
};

/* Oldest first: live by last exec, exited by end. */
struct ebt_proc_list {
	struct ebt_proc *first, *last;
	size_t n;
};

/* An exit whose process is not known (yet): events of two CPUs can come in the wrong order. */
struct ebt_early_exit {
	uint32_t pid;
	int32_t status;
	uint64_t start_ns, mono_ns, utime_ns, stime_ns, maxrss_bytes;
};

struct ebt_procs {
	struct ebt_index index; /* by pid */
	struct ebt_proc_list live, exited;
	struct ebt_proc *spare; /* removed last: memory for the next, still in the cache */
	size_t running;		/* live with has_exec */
	size_t bytes;		/* of the processes and kept rows */
	uint64_t next_seed;
	bool changed; /* since the tree was built */
	struct ebt_early_exit early[EBT_PROC_EARLY_EXITS];
};

void ebt_procs_deinit(struct ebt_procs *procs);
struct ebt_proc *ebt_procs_find(const struct ebt_procs *procs, uint32_t pid);
/* Is it the process that began at start_ns (0: not known, taken as yes)? */
bool ebt_proc_is(const struct ebt_proc *proc, uint64_t start_ns);
/* A new live process; there must be none of that pid. NULL: no memory. */
struct ebt_proc *ebt_procs_add(struct ebt_procs *procs, uint32_t pid);
/* Its run has to be ended before. */
void ebt_procs_remove(struct ebt_procs *procs, struct ebt_proc *proc);
/* It called exec: to the end of the list. */
void ebt_procs_touch(struct ebt_procs *procs, struct ebt_proc *proc);
void ebt_procs_exit(struct ebt_procs *procs, struct ebt_proc *proc, uint64_t mono_ns);
/* Takes ownership of row (NULL: only drops the old one). */
void ebt_proc_keep(struct ebt_procs *procs, struct ebt_proc *proc, struct ebt_hist_row *row);
static inline uint64_t ebt_procs_next_id(struct ebt_procs *procs)
{
	return EBT_PROC_SEED_ID | ++procs->next_seed;
}
void ebt_proc_set_comm(struct ebt_proc *proc, struct ebt_bytes comm);

void ebt_procs_early_put(struct ebt_procs *procs, const struct ebt_event_exit *x, uint64_t mono_ns);
/* The exit of (pid, start_ns) after since_ns, once. */
bool ebt_procs_early_take(struct ebt_procs *procs, uint32_t pid, uint64_t start_ns,
			  uint64_t since_ns, struct ebt_early_exit *out);

#endif
