/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * snapshot.h - one moment of the model, as much of it as a screen shows.
 *
 * A view asks for a window of rows (first, count) of one list; cost is proportional to what is
 * asked for, not to the history. Rows and their bytes are borrowed from the model: valid until the
 * next call on the model that is not ebt_snapshot_*; the array of rows only until the next
 * ebt_snapshot_take of the same list. Texts are raw bytes of the traced
 * processes: escape before showing (base/text.h).
 */
#ifndef EBT_MODEL_SNAPSHOT_H
#define EBT_MODEL_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "config/choices.h"
#include "ebt_abi.h"

struct ebt_model;

enum ebt_list { EBT_LIST_NONE, EBT_LIST_EVENTS, EBT_LIST_GROUPS, EBT_LIST_TREE };

/* Columns of the groups list to sort by. ebt_column_name gives the name for -o and the header. */
const char *ebt_column_name(enum ebt_column column);  /* "rate", "rate1m", "count", … */
const char *ebt_column_title(enum ebt_column column); /* "RATE/s", … for headers */
const char *
ebt_column_help(enum ebt_column column); /* one line for --list-columns and the sort panel */
const char *ebt_group_by_name(enum ebt_group_by by); /* "exe", … */

struct ebt_query {
	enum ebt_list list;
	size_t first, count; /* window of rows */
	enum ebt_group_by group_by;
	enum ebt_column sort;
	bool invert;
};

enum ebt_row_kind { EBT_ROW_EXEC, EBT_ROW_HOMEO };

/* An exec (or a failed one), joined with its exit; or an event of process homeostasis: then
 * prev_comm is the event's name, tty the call, args its cause (one argument), status its level. */
struct ebt_row {
	enum ebt_row_kind kind;
	/* Rises by one an exec kept in the history; never reused. Rows of the tree that are not in
	 * the history (from /proc, too large) have ids of their own, from 2^63 on. */
	uint64_t id;
	uint64_t mono_ns, real_ns;
	uint32_t cpu;
	uint64_t seq;
	uint32_t pid, ppid, uid, euid, gid, loginuid, tid, vpid, sessionid, pid_ns, mnt_ns;
	int32_t ret;	/* < 0: the exec failed with -ret */
	uint32_t flags; /* EBT_EV_* */
	uint32_t argc;
	uint32_t args_bytes, args_captured, env_bytes, env_captured;
	uint64_t cgroup_id, exe_ino;
	uint32_t exe_dev;
	uint64_t start_ns;
	bool ended;	      /* exit known, or replaced by another exec */
	bool replaced;	      /* by another exec of the same process: status is not meaningful */
	bool exit_unknown;    /* ended (replaced is set too), but its exit event was lost */
	int32_t status;	      /* wait(2) status word, when ended and not replaced */
	uint64_t lifetime_ns; /* this image: exec to exit or to the next exec; still running: until
				 now */
	uint64_t utime_ns, stime_ns, maxrss_bytes; /* of the process, when ended */
	struct ebt_bytes comm, prev_comm, parent_comm, tty, filename, exe, cwd, args, env;
	const char *user; /* NULL: unknown */
	/* tree list only: */
	unsigned depth;
	/* Bit d: at depth d a line goes on down to a later sibling (d < 64); bit `depth` is set
	 * when the row itself has one (then tree_last is false). Roots are siblings, too. */
	uint64_t tree_lines;
	bool tree_last, has_children, collapsed, seeded /* from /proc, no exec seen */;
	uint32_t children; /* direct ones in the tree, hidden ones included */
};

#define EBT_SPARK_LEN 60 /* seconds of history, newest last */

struct ebt_group {
	struct ebt_bytes name; /* raw bytes: exe path, NUL-separated args for COMMAND, … */
	uint64_t key;	       /* stable identity for selection */
	uint64_t count, failures, running; /* count: failed execs included */
	uint64_t missing; /* of count: the kernel counted them, their records were lost */
	double rate, rate_1m;
	double cpu_share; /* 0…1 of the CPU time of all ended runs */
	uint64_t cpu_time_ns, life_mean_ns, life_p95_ns;
	uint64_t args_bytes;
	uint64_t last_real_ns;
	uint64_t last_row; /* id of the last exec's row; 0: it was never kept */
	uint32_t last_pid;
	const uint16_t *spark; /* EBT_SPARK_LEN execs a second */
};

struct ebt_cpu_row {
	struct ebt_cpu_counters c;
	double events_per_s, bytes_per_s;
	uint64_t received, gaps;
	uint64_t in_flight; /* seen - filtered - delivered - lost: programs that run right now */
	uint64_t ring_peak; /* of this CPU's own buffer, see cpu_ring_size; the total's: highest */
	bool accounting_holds;
};

struct ebt_snapshot {
	uint64_t now_mono_ns, now_real_ns;
	/* head */
	/* Since start (or clear). execs: failed ones included. exits: all, those of processes that
	 * only forked included. failures: failed execs, and counted runs that ended with a status
	 * other than 0. running: live processes whose exec was seen. */
	uint64_t execs, exits, failures, running;
	double execs_per_s, failures_per_s;
	uint16_t spark[EBT_SPARK_LEN],
		spark_failures[EBT_SPARK_LEN]; /* a second each, newest last */
	uint64_t lost_total, lost_ring, lost_busy, cut;
	/* buffers */
	const struct ebt_cpu_row *cpus;
	unsigned ncpu;
	struct ebt_cpu_row total;
	uint64_t ring_used, ring_size, scratch_bytes, kernel_bytes, recursion_misses;
	uint64_t cpu_ring_size;		  /* of a CPU's own buffer; 0: they share the ring */
	uint8_t ring_fill[EBT_SPARK_LEN]; /* percent, highest of each second */
	bool accounting_holds;
	/* the list asked for */
	enum ebt_list list;
	size_t total_rows;     /* in the list, filter applied */
	size_t all_rows;       /* without the filter */
	uint64_t dropped_rows; /* fell out of the history */
	size_t first, count; /* the window given: first may be smaller than asked for when the list
				is short */
	const struct ebt_row *rows; /* events, tree */
	const struct ebt_group *groups;
	size_t history_used, history_size; /* bytes */
	const char *filter;		   /* "" when none */
};

/* Fills *out. Costs O(rows asked for) for events; O(groups) and the sorting of the window for
 * groups; for the tree O(rows asked for), and O(processes log processes) when one has come or
 * gone. */
void ebt_snapshot_take(struct ebt_model *model, const struct ebt_query *query, uint64_t now_mono_ns,
		       struct ebt_snapshot *out);

/* One row by id (details); false when it fell out of the history. Borrowed like a snapshot's rows.
 */
bool ebt_snapshot_row(struct ebt_model *model, uint64_t id, struct ebt_row *out);
/* Place of a row in the filtered list of events, so that a selection survives; (size_t)-1 when not
 * in it. */
size_t ebt_snapshot_index_of(struct ebt_model *model, enum ebt_list list, uint64_t id);
/* The latest row of a live or remembered process, 0 when none. */
uint64_t ebt_snapshot_row_of_pid(struct ebt_model *model, uint32_t pid);
/* The latest row of the process that a row's process had for a parent, as the tree finds it; 0 when
 * it is not known, or another process has its pid by now. The row may have left the history. */
uint64_t ebt_snapshot_parent(struct ebt_model *model, const struct ebt_row *row);
/* Tree: collapse or expand a node by row id. */
void ebt_snapshot_collapse(struct ebt_model *model, uint64_t id, bool collapsed);
/* Next row after `id` in the list (dir +1) or before it (dir -1) whose command line, comm or exe
 * matches the regex (same case rule as the filter), wrapping around; 0 when none. -EINVAL in *err
 * when the pattern is bad. */
uint64_t ebt_snapshot_search(struct ebt_model *model, enum ebt_list list, uint64_t id, int dir,
			     const char *pattern, int *err);

#endif
