/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * profile.h - bpf_text/ebt_ph.h for user space, and a profile with its rows in memory.
 */
#ifndef EBT_HOMEOSTASIS_PROFILE_H
#define EBT_HOMEOSTASIS_PROFILE_H

#include <linux/types.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/clock.h"

#define EBT_PH_ADD(ptr, n) ((void)__atomic_fetch_add(ptr, n, __ATOMIC_RELAXED))
#define EBT_PH_OR(ptr, n)  ((void)__atomic_fetch_or(ptr, n, __ATOMIC_RELAXED))
#define EBT_PH_NOW(cfg)	   ((void)(cfg), ebt_clock_ns(CLOCK_REALTIME))

/* clang-format off: the order matters */
#include "ebt_ph_profile.h"
#include "ebt_ph.h"
/* clang-format on */

#define EBT_PH_PATH_MAX 4096

/* A profile with its rows; owns them. A few kilobytes and 528 bytes a row. */
struct ebt_ph_set {
	struct ebt_ph_profile profile;
	struct ebt_ph_row *rows[EBT_PH_COLS]; /* NULL: the call never was `curr` */
	char path[EBT_PH_PATH_MAX];	      /* of the executable; may be empty */
	bool kill;			      /* its anomalous processes are to die */
};

/* What a profile knows, counted. */
struct ebt_ph_stats {
	uint64_t calls;	   /* seen in all */
	uint32_t distinct; /* calls */
	uint32_t pairs_a, bits_a, pairs_b, bits_b;
	uint32_t rows;
};

int ebt_ph_set_new(struct ebt_ph_set **out);
void ebt_ph_set_free(struct ebt_ph_set **set);

/* The row of a column, made when it is not there, and up to date. NULL: no memory. */
struct ebt_ph_row *ebt_ph_set_row(struct ebt_ph_set *set, uint32_t col);
/* The column of a call, made when it is not there. */
uint32_t ebt_ph_set_column(struct ebt_ph_set *set, uint32_t call);
/* One call of a thread. EBT_PH_EV_* (>= 0) or -ENOMEM. */
int64_t ebt_ph_set_call(struct ebt_ph_set *set, struct ebt_ph_task *task, uint32_t call,
			const struct ebt_ph_config *cfg);
/* Brings all rows up to date, then counts. */
void ebt_ph_set_stats(struct ebt_ph_set *set, struct ebt_ph_stats *out);

/* Bits of (curr, prev) in a table of a row. */
static inline uint8_t ebt_ph_bits(const __u64 *table, uint32_t prev)
{
	return ((const uint8_t *)table)[prev & (EBT_PH_COLS - 1)];
}

/* ebpH's defaults. */
void ebt_ph_config_default(struct ebt_ph_config *cfg);

#define _cleanup_ph_set_ __attribute__((cleanup(ebt_ph_set_free)))

#endif
