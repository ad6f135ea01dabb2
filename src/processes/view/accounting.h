/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * accounting.h - compare what an ended generation counted in the kernel with what came out of its
 * ring: on each CPU seen = filtered + delivered + lost_ring + lost_busy, and received = delivered.
 */
#ifndef EBT_PROCESSES_VIEW_ACCOUNTING_H
#define EBT_PROCESSES_VIEW_ACCOUNTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decode/decode.h"

/* Zero-initialised; owns closed. */
struct ebt_accounting {
	unsigned ncpu;
	uint64_t *closed[2]; /* per CPU: received when the last even or odd generation ended */
	unsigned ended;	     /* generations that were closed */
	unsigned broken;     /* of these, how many did not add up */
};

int ebt_accounting_init(struct ebt_accounting *a, unsigned ncpu); /* 0 or -ENOMEM */
void ebt_accounting_free(struct ebt_accounting *a);
/* Close a generation of which all events have been taken in, and write a sentence about it. counters
 * is a file with a struct ebt_cpu_counters for each CPU, borrowed; -1: they are not known. */
void ebt_accounting_close(struct ebt_accounting *a, const struct ebt_decoder *decoder,
			  uint32_t generation, int counters, struct ebt_buf *sentence);

#endif
