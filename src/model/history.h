/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * history.h - the newest execs, as many as fit: a ring of bytes with one packed row an exec.
 *
 * The ids in it are consecutive. Memory is mapped once, touched as it fills, and never grows; the
 * oldest rows make room for new ones. A row never moves; pointers to it are valid until it is
 * dropped, that is until the next ebt_history_add or ebt_history_clear.
 */
#ifndef EBT_MODEL_HISTORY_H
#define EBT_MODEL_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decode/event.h"
#include "model/snapshot.h"

#define EBT_HISTORY_MIN ((size_t)64 << 10)
#define EBT_HISTORY_MAX ((size_t)16 << 30) /* offsets are 32 bits of 8-byte units */

/* The texts of a row, in the order they lie in it. */
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
	EBT_END_NONE,	  /* it runs */
	EBT_END_EXIT,	  /* exit seen: status and times are known */
	EBT_END_REPLACED, /* by another exec */
	EBT_END_UNKNOWN,  /* ended, but its exit never came */
	EBT_END_FAILED,	  /* the exec failed: there was nothing to end */
};

struct ebt_hist_row {
	uint64_t id;
	uint64_t mono_ns, real_ns, seq;
	uint64_t start_ns, cgroup_id, exe_ino;
	uint64_t lifetime_ns, utime_ns, stime_ns, maxrss_bytes; /* once ended */
	uint32_t size;						/* bytes in the ring */
	uint32_t cpu;
	uint32_t pid, ppid, tid, vpid;
	uint32_t uid, euid, gid, loginuid, sessionid;
	uint32_t pid_ns, mnt_ns;
	int32_t ret, status;
	uint32_t flags; /* EBT_EV_* */
	uint32_t argc;
	uint32_t args_bytes, args_captured, env_bytes, env_captured;
	uint32_t exe_dev;
	uint32_t len[EBT_TEXT_MAX];
	uint8_t end;	      /* enum ebt_hist_end */
	uint8_t kind;	      /* enum ebt_row_kind */
	bool seeded;	      /* from /proc: never in the ring */
	bool filename_is_exe; /* the text is there once */
	char text[];
};

struct ebt_history {
	char *arena;
	size_t arena_bytes;
	uint32_t *offset; /* of each row, by id: 8-byte units */
	size_t slots;	  /* of offset; a power of two */
	size_t map_bytes; /* arena and offsets are one mapping */
	size_t head;	  /* where the next row goes */
	size_t used_bytes;
	uint64_t first_id, next_id; /* rows [first_id, next_id) */
	uint64_t dropped;
	/* Told of each row that is about to be dropped for want of room. */
	void (*on_drop)(const struct ebt_hist_row *row, void *arg);
	void *arg;
};

/* bytes: all the memory, the index of rows and `spare_per_row` bytes a row for the caller's own
 * index included. -EINVAL, -ENOMEM. */
int ebt_history_init(struct ebt_history *h, size_t bytes, size_t spare_per_row);
void ebt_history_deinit(struct ebt_history *h);

/* A row for an exec, running until told otherwise. NULL when it is larger than half the ring
 * (counted as dropped). */
struct ebt_hist_row *ebt_history_add(struct ebt_history *h, const struct ebt_event *ev,
				     uint64_t real_ns, struct ebt_bytes parent_comm);
/* A row for an event of homeostasis. ppid, uid: of its process as far as it is known. */
struct ebt_hist_row *ebt_history_add_homeo(struct ebt_history *h, const struct ebt_event *ev,
					   uint64_t real_ns, uint32_t ppid, uint32_t uid);
/* Forgets all rows and gives the memory back; ids go on. */
void ebt_history_clear(struct ebt_history *h);

static inline size_t ebt_history_rows(const struct ebt_history *h)
{
	return (size_t)(h->next_id - h->first_id);
}

/* NULL when it is not there. */
static inline struct ebt_hist_row *ebt_history_get(const struct ebt_history *h, uint64_t id)
{
	if (id < h->first_id || id >= h->next_id)
		return NULL;
	return (void *)(h->arena + (size_t)h->offset[id & (h->slots - 1)] * 8);
}

struct ebt_bytes ebt_hist_text(const struct ebt_hist_row *row, enum ebt_hist_text which);

/* Copy for a process that outlives its row: environment left out, arguments up to args_max bytes.
 * NULL: no memory. free() it. */
struct ebt_hist_row *ebt_hist_row_keep(const struct ebt_hist_row *row, size_t args_max);
/* Row of a process nobody saw start. The same. */
struct ebt_hist_row *ebt_hist_row_seed(struct ebt_bytes comm, struct ebt_bytes args,
				       size_t args_max);

/* Everything but user and tree members; borrowed texts. now_ns: for what still runs. */
void ebt_hist_row_fill(const struct ebt_hist_row *row, uint64_t now_ns, struct ebt_row *out);

#endif
