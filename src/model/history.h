/* SPDX-License-Identifier: BSD-3-Clause */
/* history.h - the newest execs in a ring of bytes with one packed row per exec
 *
 * The ids in it are consecutive. Memory is mapped once, used as it fills, and never grows; the
 * oldest rows are dropped for new ones. A row never moves; pointers to it are valid until it is
 * dropped, at the earliest by the next ebt_history_add() or ebt_history_clear(). */
#ifndef EBT_MODEL_HISTORY_H
#define EBT_MODEL_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decode/event.h"
#include "model/snapshot.h"

#define EBT_HISTORY_MIN ((size_t)64 << 10)
#define EBT_HISTORY_MAX ((size_t)16 << 30) /* offsets count units of 8 bytes in 32 bits */

/* The texts of a row in the order in which they are stored. */
enum ebt_hist_text {
	EBT_TEXT_COMM,
	EBT_TEXT_PREV_COMM,
	EBT_TEXT_PARENT_COMM,
	EBT_TEXT_TTY,
	EBT_TEXT_FILENAME,
	EBT_TEXT_EXE,
	EBT_TEXT_CWD,
	EBT_TEXT_ARGS,
	EBT_TEXT_ENV,
	EBT_TEXT_MAX,
};

/* How a row ended. */
enum ebt_hist_end {
	EBT_END_NONE,	  /* the process is running */
	EBT_END_EXIT,	  /* exit seen: status and times are known */
	EBT_END_REPLACED, /* replaced by another exec */
	EBT_END_UNKNOWN,  /* ended, but its exit event was lost */
	EBT_END_FAILED,	  /* the exec failed, so no process could end */
};

struct ebt_hist_row {
	uint64_t id;
	uint64_t mono_ns, real_ns, seq;
	uint64_t exit_seq; /* of the exit's event, with exit_cpu */
	uint64_t start_ns, parent_start_ns, cgroup_id, exe_ino;
	uint64_t run_ns, utime_ns, stime_ns, maxrss_bytes; /* set when the process has ended */
	uint32_t size;					   /* bytes of the row in the ring */
	uint32_t cpu, exit_cpu;
	uint32_t pid, ppid, tid, vpid;
	uint32_t uid, euid, gid, egid, loginuid, sessionid;
	uint32_t pid_ns, mnt_ns;
	int32_t ret, status;
	uint32_t flags; /* EBT_EV_* */
	uint32_t argc, envc;
	uint32_t args_bytes, args_captured, env_bytes, env_captured;
	uint32_t exe_dev;
	uint32_t len[EBT_TEXT_MAX];
	uint8_t end;		  /* enum ebt_hist_end */
	uint8_t kind;		  /* enum ebt_row_kind */
	bool seeded : 1;	  /* from /proc; such a row is never in the ring */
	bool filename_is_exe : 1; /* both texts are equal and stored once */
	bool unsure : 1;	  /* the filter shows it since it may match; set by filter.c */
	char text[];
};

struct ebt_history {
	char *arena;
	size_t arena_bytes;
	uint32_t *offset; /* offset of each row by id, in units of 8 bytes */
	size_t slots;	  /* number of elements of offset, a power of two */
	size_t map_bytes; /* bytes of the mapping that holds arena and offsets */
	size_t head;	  /* offset of the next row */
	size_t used_bytes;
	uint64_t first_id, next_id; /* ids of the rows: [first_id, next_id) */
	uint64_t dropped;
	/* Called for each row that is about to be dropped for lack of room. */
	void (*on_drop)(const struct ebt_hist_row *row, void *arg);
	void *arg;
};

/* Map the ring. bytes covers all memory: the rows, their index, and `spare_per_row` bytes per row
 * for the caller's own index. Return 0, -EINVAL or -ENOMEM. */
int ebt_history_init(struct ebt_history *h, size_t bytes, size_t spare_per_row);
void ebt_history_deinit(struct ebt_history *h);

/* Add the row of an exec, which counts as running until its end is set. Return NULL if it is larger
 * than half the ring (counted as dropped). */
struct ebt_hist_row *ebt_history_add(struct ebt_history *h, const struct ebt_event *ev,
				     uint64_t real_ns, struct ebt_bytes parent_comm);
/* Add the row of a homeostasis event. ppid and uid are those of its process, as far as they are
 * known. */
struct ebt_hist_row *ebt_history_add_homeo(struct ebt_history *h, const struct ebt_event *ev,
					   uint64_t real_ns, uint32_t ppid, uint32_t uid);
/* Drop all rows and release the memory. Ids continue. */
void ebt_history_clear(struct ebt_history *h);

static inline size_t ebt_history_rows(const struct ebt_history *h)
{
	return (size_t)(h->next_id - h->first_id);
}

/* Return NULL if the row is not in the history. */
static inline struct ebt_hist_row *ebt_history_get(const struct ebt_history *h, uint64_t id)
{
	if (id < h->first_id || id >= h->next_id)
		return NULL;
	return (void *)(h->arena + (size_t)h->offset[id & (h->slots - 1)] * 8);
}

struct ebt_bytes ebt_hist_text(const struct ebt_hist_row *row, enum ebt_hist_text which);

/* Return a copy of a row for a process that outlives it, without the environment and with up to
 * args_max bytes of arguments. Return NULL if there is no memory. The caller frees it with
 * free(). */
struct ebt_hist_row *ebt_hist_row_keep(const struct ebt_hist_row *row, size_t args_max);
/* Return a row for a process whose start was not seen; otherwise the same. */
struct ebt_hist_row *ebt_hist_row_seed(struct ebt_bytes comm, struct ebt_bytes exe,
				       struct ebt_bytes args, size_t args_max);

/* Fill in all members but the user and those of the tree, with borrowed texts. now_ns is the end
 * time of running processes. */
void ebt_hist_row_fill(const struct ebt_hist_row *row, uint64_t now_ns, struct ebt_row *out);

#endif
