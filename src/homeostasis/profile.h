/* SPDX-License-Identifier: BSD-3-Clause */
/* profile.h - a profile with its rows in memory, and bpf_text/ebt_ph.h for user space */
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

/* clang-format off: the second header needs the types of the first */
#include "ebt_ph_profile.h"
#include "ebt_ph.h"
/* clang-format on */

#define EBT_PH_PATH_MAX 4096

/* A profile and its rows, which it owns. It takes a few kilobytes and 528 bytes per row. */
struct ebt_ph_set {
	struct ebt_ph_profile profile;
	/* NULL if the call never was the current call of a pair */
	struct ebt_ph_row *rows[EBT_PH_COLS];
	char path[EBT_PH_PATH_MAX]; /* path of the executable, may be empty */
	/* processes of this profile above kill-limit are killed */
	bool kill;
};

/* Totals over the rows of a profile. */
struct ebt_ph_stats {
	uint64_t calls;	   /* number of calls seen */
	uint32_t distinct; /* number of different calls */
	uint32_t pairs_a, bits_a, pairs_b, bits_b;
	uint32_t rows;
};

int ebt_ph_set_new(struct ebt_ph_set **out);
void ebt_ph_set_free(struct ebt_ph_set **set);

/* Return the row of a column, brought up to date; create it if necessary. Return NULL if there is
 * no memory. */
struct ebt_ph_row *ebt_ph_set_row(struct ebt_ph_set *set, uint32_t col);
/* Return the column of a call; assign one if necessary. */
uint32_t ebt_ph_set_column(struct ebt_ph_set *set, uint32_t call);
/* Process one call of a thread. Return the resulting events (EBT_PH_EV_*, >= 0) or -ENOMEM. */
int64_t ebt_ph_set_call(struct ebt_ph_set *set, struct ebt_ph_task *task, uint32_t call,
			const struct ebt_ph_config *cfg);
/* Bring all rows up to date and compute the totals. */
void ebt_ph_set_stats(struct ebt_ph_set *set, struct ebt_ph_stats *out);

/* Return the bits of the pair (curr, prev) from the table of the row of curr. */
static inline uint8_t ebt_ph_bits(const __u64 *table, uint32_t prev)
{
	return ((const uint8_t *)table)[prev & (EBT_PH_COLS - 1)];
}

/* Set the defaults of ebpH. */
void ebt_ph_config_default(struct ebt_ph_config *cfg);

#define _cleanup_ph_set_ __attribute__((cleanup(ebt_ph_set_free)))

#endif
