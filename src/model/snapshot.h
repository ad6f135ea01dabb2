/* SPDX-License-Identifier: BSD-3-Clause */
/* snapshot.h - one moment of the model, limited to what a screen shows
 *
 * A view asks for a window of rows (first, count) of one list; the cost is proportional to the
 * window and not to the history. Rows and their bytes are borrowed from the model and valid until
 * the next call on the model that is not ebt_snapshot_*; the array of rows only until the next
 * ebt_snapshot_take() of the same list. Texts are raw bytes of the traced processes and must be
 * escaped before they are shown (base/text.h). */
#ifndef EBT_MODEL_SNAPSHOT_H
#define EBT_MODEL_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/command_file.h"
#include "config/choices.h"
#include "ebt_abi.h"
#include "groups/rate.h"

struct ebt_model;
struct ebt_expr;      /* expr/expr.h */
struct ebt_own_costs; /* model/own_cost.h */

enum ebt_list { EBT_LIST_NONE, EBT_LIST_EVENTS, EBT_LIST_GROUPS, EBT_LIST_TREE };

struct ebt_query {
	enum ebt_list list;
	size_t first, count; /* window of rows */
	enum ebt_group_by group_by;
	enum ebt_column sort;
	bool invert;
};

enum ebt_row_kind { EBT_ROW_EXEC, EBT_ROW_HOMEO };

/* An exec (or a failed one), joined with its exit; or an event of process homeostasis, where
 * prev_comm is the event's name, tty the call, args its cause (one argument), and status its
 * level. */
struct ebt_row {
	enum ebt_row_kind kind;
	/* Increases by one for each exec kept in the history and is never reused. Rows of the tree
	 * that are not in the history (from /proc, or too large) have ids from 2^63 on. */
	uint64_t id;
	uint64_t mono_ns, real_ns;
	uint32_t cpu;
	uint64_t seq;
	uint32_t pid, ppid, uid, euid, gid, egid, loginuid, tid, vpid, sessionid, pid_ns, mnt_ns;
	int32_t ret;	/* negative if the exec failed with -ret */
	uint32_t flags; /* EBT_EV_* */
	uint32_t argc, envc;
	uint32_t args_bytes, args_captured, env_bytes, env_captured;
	uint64_t cgroup_id, exe_ino;
	uint32_t exe_dev;
	uint64_t start_ns, parent_start_ns; /* of the process and its parent; 0: unknown */
	bool ended; /* the exit is known, or another exec replaced the image */
	/* replaced by another exec of the same process, so status has no meaning */
	bool replaced;
	bool exit_unknown; /* ended (replaced is set, too), but the exit event was lost */
	int32_t status;	   /* wait(2) status word, if ended and not replaced */
	/* of this image, from exec to exit or to the next exec, or until now; of a seeded row from the
	 * fork on, because nobody knows when it called exec */
	uint64_t run_ns;
	uint64_t utime_ns, stime_ns, maxrss_bytes; /* of the whole process, if ended */
	uint64_t exit_seq;			   /* number of the exit's event on exit_cpu */
	uint32_t exit_cpu;
	struct ebt_bytes comm, prev_comm, parent_comm, tty, filename, exe, cwd, args, env;
	const char *user;   /* NULL if unknown */
	const char *cgroup; /* path of the cgroup; NULL if unknown */
	/* Only in the tree list: */
	unsigned depth;
	/* Bit d is set if at depth d a line continues down to a later sibling (d < 64); bit `depth`
	 * is set if the row itself has one (then tree_last is false). Roots count as siblings. */
	uint64_t tree_lines;
	/* from /proc, without an exec that was seen */
	bool tree_last, has_children, collapsed, seeded;
	uint32_t children;   /* direct children in the tree, hidden ones included */
	uint64_t job_cpu_ns; /* CPU time of the process and of all that it started, so far */
};

/* Return the time from the fork of the process to its exit, or until now; 0: nobody knows when it began. Of a row that
 * another exec of the process replaced it says nothing. */
static inline uint64_t ebt_row_life_ns(const struct ebt_row *row)
{
	uint64_t until_ns = row->mono_ns + row->run_ns;

	return row->start_ns && until_ns > row->start_ns ? until_ns - row->start_ns : 0;
}

/* What the list of events is limited to: to all, to the execs of a group, or to what a process started. */
enum ebt_scope_kind { EBT_SCOPE_ALL, EBT_SCOPE_GROUP, EBT_SCOPE_CHILDREN };
struct ebt_scope {
	enum ebt_scope_kind kind;
	enum ebt_group_by by; /* of a group: its grouping and key */
	uint64_t key;
	uint32_t pid; /* of a parent: its pid, and when it was there */
	uint64_t from_ns, until_ns;
};

struct ebt_group {
	struct ebt_bytes name; /* raw bytes: exe path, NUL-separated args for COMMAND, … */
	uint64_t key;	       /* stable identity for selection */
	uint64_t count, failures, running; /* count includes failed execs */
	uint64_t missing; /* part of count that the kernel counted but whose records were lost */
	double rate, rate_1m;
	double cpu_share; /* 0 to 1, of the CPU time of all ended runs */
	uint64_t cpu_time_ns, life_mean_ns, life_p95_ns;
	uint64_t args_bytes;
	uint64_t last_real_ns;
	uint64_t last_row; /* id of the last exec's row; 0 if it was never kept */
	uint32_t last_pid;
	/* CPU time so far of its running processes; not part of cpu_time_ns (ebt_model_sample_cpu) */
	uint64_t live_cpu_ns;
	/* Only by comm: the command name of the parent that started most of its execs, len 0 if it is
	 * not known; its pid, 0 if several processes of that name did; and how many other names did,
	 * or at least that many. */
	struct ebt_bytes parent;
	uint32_t parent_pid;
	unsigned other_parents;
	bool more_parents;
	const uint16_t *spark; /* execs per second, EBT_SPARK_LEN elements */
};

struct ebt_cpu_row {
	struct ebt_cpu_counters c;
	double events_per_s, bytes_per_s;
	uint64_t received, gaps;
	/* seen - filtered - delivered - lost: programs running at this moment */
	uint64_t in_flight;
	/* in this CPU's own buffer, see cpu_ring_size; in the total, the highest */
	uint64_t ring_peak;
	bool accounting_holds;
};

struct ebt_snapshot {
	uint64_t now_mono_ns, now_real_ns;
	/* The header. */
	/* Since the start or the last clear. execs includes failed ones. exits counts all exits,
	 * also of processes that only forked. failures counts failed execs and runs that ended with
	 * a status other than 0. running counts live processes whose exec was seen. */
	uint64_t execs, exits, failures, running;
	double execs_per_s, failures_per_s;
	uint16_t spark[EBT_SPARK_LEN],
		spark_failures[EBT_SPARK_LEN]; /* per second, the newest last */
	uint64_t lost_total, lost_ring, lost_busy, cut;
	/* The buffers. */
	const struct ebt_cpu_row *cpus;
	unsigned ncpu;
	struct ebt_cpu_row total;
	uint64_t ring_used, ring_size, scratch_bytes, kernel_bytes, recursion_misses;
	/* size of a CPU's own buffer; 0 if the CPUs share the ring */
	uint64_t cpu_ring_size;
	const struct ebt_own_costs *cost; /* NULL if it is not known, as in a replay */
	uint8_t ring_fill[EBT_SPARK_LEN]; /* percent, the highest of each second */
	bool accounting_holds;
	/* The list that was asked for. */
	enum ebt_list list;
	size_t total_rows;     /* rows in the list after filtering */
	size_t all_rows;       /* without the filter */
	uint64_t dropped_rows; /* rows dropped from the history */
	/* the window returned; first may be smaller than asked for if the list is short */
	size_t first, count;
	const struct ebt_row *rows; /* for events and tree */
	const struct ebt_group *groups;
	size_t history_used, history_size; /* bytes */
	const char *filter;		   /* "" if there is none */
	/* Execs of the history that the filter shows because they may match: something of them is
	 * missing, or a pattern gave up. Their rows have EBT_EV_MATCH_UNKNOWN. */
	size_t unsure_rows;
};

/* Fill *out. Events cost O(rows asked for); groups cost O(groups) and sorting the window; the tree
 * costs O(rows asked for), and O(processes log processes) if a process has started or ended. */
void ebt_snapshot_take(struct ebt_model *model, const struct ebt_query *query, uint64_t now_mono_ns,
		       struct ebt_snapshot *out);

/* Get one row by id (for the details). Return false if it was dropped from the history. It is
 * borrowed like a snapshot's rows. */
bool ebt_snapshot_row(struct ebt_model *model, uint64_t id, struct ebt_row *out);
/* Return what says which file to show beside the arguments of a row; borrowed from it. */
struct ebt_exec_command ebt_row_command(const struct ebt_row *row);
/* Return the index of a row in the filtered list, so that a selection survives, or (size_t)-1 if it
 * is not in it. */
size_t ebt_snapshot_index_of(struct ebt_model *model, enum ebt_list list, uint64_t id);
/* Return the latest row of a live or remembered process, or 0. */
uint64_t ebt_snapshot_row_of_pid(struct ebt_model *model, uint32_t pid);
/* Return the latest row of the parent of a row's process, as the tree finds it; 0 if it is not
 * known or another process has its pid now. The row may have been dropped from the history. */
uint64_t ebt_snapshot_parent(struct ebt_model *model, const struct ebt_row *row);
/* Return the key of the group that an exec belongs to; 0 if it is in none (any more). */
uint64_t ebt_snapshot_group_of(const struct ebt_model *model, const struct ebt_row *row,
			       enum ebt_group_by by);
/* Return the scope of what a process started: the one of a row, or that one's parent. What has its pid later
 * does not count. */
struct ebt_scope ebt_snapshot_children(struct ebt_model *model, const struct ebt_row *row);
struct ebt_scope ebt_snapshot_siblings(struct ebt_model *model, const struct ebt_row *row);
/* Return the id of the first or the slowest run of an exec's group that the history holds, running ones
 * included; 0 if there is none. It looks at the whole history. */
uint64_t ebt_snapshot_first_run(struct ebt_model *model, const struct ebt_row *row,
				enum ebt_group_by by);
uint64_t ebt_snapshot_slowest_run(struct ebt_model *model, const struct ebt_row *row,
				  enum ebt_group_by by);
/* Return how many rows of the list of events have an id up to this one. */
size_t ebt_snapshot_rows_until(const struct ebt_model *model, uint64_t id);
/* Return the id of the newest row of the history, 0 if it has none; and whether it has a row. */
uint64_t ebt_snapshot_newest(const struct ebt_model *model);
bool ebt_snapshot_holds(const struct ebt_model *model, uint64_t id);
/* Collapse or expand a node of the tree by row id. */
void ebt_snapshot_collapse(struct ebt_model *model, uint64_t id, bool collapsed);
struct ebt_found {
	uint64_t id; /* 0: there is none */
	bool unsure; /* nothing matches for certain; this row may */
	int err;     /* -EINVAL: the expression is bad */
};
/* Return the next row after `id` in the list (dir +1) or before it (dir -1) for which the expression
 * holds (expr/expr.h; groups as with the filter), wrapping around. */
struct ebt_found ebt_snapshot_search(struct ebt_model *model, enum ebt_list list, uint64_t id,
				     int dir, const char *text);
/* Return whether an expression holds for a row or a group of a snapshot; ebt_expr_unsure() says whether
 * that is certain. */
bool ebt_snapshot_matches(struct ebt_model *model, const struct ebt_row *row,
			  struct ebt_expr *expr);
bool ebt_snapshot_group_matches(struct ebt_model *model, const struct ebt_group *group,
				enum ebt_group_by by, struct ebt_expr *expr);

#endif
