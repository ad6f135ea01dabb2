/* SPDX-License-Identifier: BSD-3-Clause */
/* buffers.h - state of the per-CPU buffers: rates, accounting, fill level over time */
#ifndef EBT_MODEL_BUFFERS_H
#define EBT_MODEL_BUFFERS_H

#include <stdbool.h>
#include <stdint.h>

#include "model/model.h"
#include "model/own_cost.h"
#include "model/snapshot.h"

/* Number and minimum distance of the readings kept for a rate; together they cover a little more
 * than two seconds. */
#define EBT_BUFFERS_SAMPLES   9u
#define EBT_BUFFERS_SAMPLE_NS 250000000u
/* A CPU is quiet if its counters did not change for this long. */
#define EBT_BUFFERS_QUIET_NS 1000000000u

struct ebt_buffers_sample {
	uint64_t at_ns, events, bytes;
};

struct ebt_buffers_cpu {
	/* circular, the newest at pos - 1 */
	struct ebt_buffers_sample samples[EBT_BUFFERS_SAMPLES];
	unsigned pos, n;
	uint64_t changed_ns; /* when the counters last changed */
};

struct ebt_buffers {
	unsigned ncpu;
	bool known;		  /* counters were given */
	struct ebt_cpu_row *rows; /* owned, [ncpu] */
	struct ebt_buffers_cpu *cpus;
	struct ebt_cpu_row total;
	struct ebt_buffers_cpu total_cpu;
	uint64_t ring_used, ring_size, scratch_bytes, kernel_bytes, recursion_misses;
	uint64_t cpu_ring_size;
	bool accounting_holds;
	/* percent, the highest of each second, in element second % 60 */
	uint8_t fill[EBT_SPARK_LEN];
	uint64_t fill_s;		/* newest second in fill */
	struct ebt_own_costs own_costs; /* without processes: not known */
};

int ebt_buffers_init(struct ebt_buffers *b, unsigned ncpu);
void ebt_buffers_deinit(struct ebt_buffers *b);
void ebt_buffers_update(struct ebt_buffers *b, const struct ebt_model_buffers *in, uint64_t now_ns);
/* Copy the fill levels with the newest second last, after moving the ring to now_ns. */
void ebt_buffers_fill(struct ebt_buffers *b, uint64_t now_ns, uint8_t out[EBT_SPARK_LEN]);

#endif
