/* SPDX-License-Identifier: BSD-3-Clause */
/* process.h - live processes and those that ended recently
 *
 * The table holds processes that called exec during the trace and those from /proc, one per pid. A
 * pid and its start time identify a process for ever: another start time means another process. */
#ifndef EBT_MODEL_PROCESS_H
#define EBT_MODEL_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "decode/event.h"
#include "groups/group.h"
#include "model/history.h"
#include "groups/index.h"

/* Start times in /proc are in clock ticks (10 ms) and of another clock, so a difference up to this
 * is the same process. */
#define EBT_PROC_SEED_SLACK_NS 100000000u
/* Maximum of live processes; the one whose exec is longest ago is dropped first. It is four times
 * the usual pid_max of 32768, and bounds a hostile recording. */
#define EBT_PROC_LIVE_MAX   (1u << 17)
#define EBT_PROC_EXITED_MAX 2000u
#define EBT_PROC_EXITED_NS  (30ull * EBT_NS_PER_S)
/* Bytes of arguments of all processes that ran before tracing began, beyond the first EBT_PROC_KEPT_ARGS
 * of each. */
#define EBT_PROC_SEED_ARGS (8u << 20)
/* bytes kept of a process whose row was dropped from the history */
#define EBT_PROC_KEPT_ARGS   4096u
#define EBT_PROC_EARLY_EXITS 256u /* power of two */
/* First id of rows that are not in the history. */
#define EBT_PROC_SEED_ID (1ull << 63)

struct ebt_proc {
	uint32_t pid, ppid, uid;
	uint8_t comm_len;
	bool exited, seeded, has_exec, collapsed;
	bool hidden; /* its present image is one that the filters leave out */
	bool missed; /* it did not exist at the last ebt_model_reap() */
	char comm[EBT_COMM_LEN];
	uint64_t start_ns, parent_start_ns; /* 0 if unknown */
	/* of the latest exec; an id that no event has if there is no row in the history */
	uint64_t row_id;
	uint64_t exec_ns, ended_ns;
	struct ebt_hist_row *kept; /* owned; replaces a row that is not in the history */
	/* groups of the present run; NULL if it is not counted */
	struct ebt_grp *grp[EBT_GROUP_BY_MAX];
	/* CPU time at the last sample, which is part of its groups' live_cpu_ns; see live_cpu.c */
	uint64_t cpu_ns, cpu_sampled_ns;
	uint64_t below_cpu_ns;	      /* CPU time of those that ended below it; see job_cpu.c */
	uint64_t job_cpu_ns;	      /* all of it, when the tree was last shown */
	struct ebt_proc *prev, *next; /* neighbours in its list */
	/* Used by tree.c. */
	struct ebt_proc *parent, *child, *last_child, *sibling;
	uint32_t children, depth;
	bool visited, shown, last, child_seen;
	bool inside;	 /* of what the tree is limited to */
	bool kernel;	 /* a kernel thread */
	bool below_root; /* of the subtree that is shown alone */
	/* Used by tree.c: the match of row match_id under filter match_generation. */
	bool match, match_unsure, match_exited;
	uint32_t match_generation;
	uint64_t match_id;
};

/* A list from the oldest: live processes by last exec, exited ones by end. */
struct ebt_proc_list {
	struct ebt_proc *first, *last;
	size_t n;
};

/* An exit whose process is not known yet, because events of two CPUs can arrive in the wrong
 * order. */
struct ebt_early_exit {
	uint32_t pid, cpu;
	int32_t status;
	uint64_t seq, start_ns, mono_ns, utime_ns, stime_ns, maxrss_bytes;
};

struct ebt_procs {
	struct ebt_index index; /* by pid */
	struct ebt_proc_list live, exited;
	/* the process removed last, kept as memory for the next because it is still in the cache */
	struct ebt_proc *spare;
	size_t running; /* live processes with has_exec */
	size_t bytes;	/* bytes of processes and kept rows */
	uint64_t next_seed;
	bool changed; /* changed since the tree was built */
	struct ebt_early_exit early[EBT_PROC_EARLY_EXITS];
};

void ebt_procs_deinit(struct ebt_procs *procs);
struct ebt_proc *ebt_procs_find(const struct ebt_procs *procs, uint32_t pid);
/* Return whether this is the process that began at start_ns; 0 stands for unknown and matches. */
bool ebt_proc_is(const struct ebt_proc *proc, uint64_t start_ns);
/* Add a live process; there must be none of that pid. Return NULL if there is no memory. */
struct ebt_proc *ebt_procs_add(struct ebt_procs *procs, uint32_t pid);
/* Remove a process, whose run must have been ended before. */
void ebt_procs_remove(struct ebt_procs *procs, struct ebt_proc *proc);
/* Move a process that called exec to the end of the list. */
void ebt_procs_touch(struct ebt_procs *procs, struct ebt_proc *proc);
void ebt_procs_exit(struct ebt_procs *procs, struct ebt_proc *proc, uint64_t mono_ns);
/* Take ownership of row, and free the one kept before; row may be NULL. */
void ebt_proc_keep(struct ebt_procs *procs, struct ebt_proc *proc, struct ebt_hist_row *row);
static inline uint64_t ebt_procs_next_id(struct ebt_procs *procs)
{
	return EBT_PROC_SEED_ID | ++procs->next_seed;
}
void ebt_proc_set_comm(struct ebt_proc *proc, struct ebt_bytes comm);

void ebt_procs_early_put(struct ebt_procs *procs, const struct ebt_event *ev);
/* Find and remove the early exit of (pid, start_ns) after since_ns. */
bool ebt_procs_early_take(struct ebt_procs *procs, uint32_t pid, uint64_t start_ns,
			  uint64_t since_ns, struct ebt_early_exit *out);

#endif
