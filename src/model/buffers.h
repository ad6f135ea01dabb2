/* SPDX-License-Identifier: BSD-3-Clause */
/* buffers.h - how the per-CPU buffers fare: rates, the accounting, fill over time. */
#ifndef EBT_MODEL_BUFFERS_H
#define EBT_MODEL_BUFFERS_H

#include <stdbool.h>
#include <stdint.h>

#include "model/model.h"
#include "model/snapshot.h"

/* Readings kept to make a rate of, at least this far apart: two seconds and a bit. */
#define EBT_BUFFERS_SAMPLES   9u
#define EBT_BUFFERS_SAMPLE_NS 250000000u
/* Counters that did not move for this long belong to a CPU on which nothing runs. */
#define EBT_BUFFERS_QUIET_NS 1000000000u

struct ebt_buffers_sample {
	uint64_t at_ns, events, bytes;
};

struct ebt_buffers_cpu {
	struct ebt_buffers_sample samples[EBT_BUFFERS_SAMPLES]; /* ring, newest at pos - 1 */
	unsigned pos, n;
	uint64_t changed_ns; /* when the counters last moved */
};

struct ebt_buffers {
	unsigned ncpu;
	bool known;		  /* counters were given */
	struct ebt_cpu_row *rows; /* owned, ncpu */
	struct ebt_buffers_cpu *cpus;
	struct ebt_cpu_row total;
	struct ebt_buffers_cpu total_cpu;
	uint64_t ring_used, ring_size, scratch_bytes, kernel_bytes, recursion_misses;
	uint64_t cpu_ring_size;
	bool accounting_holds;
	uint8_t fill[EBT_SPARK_LEN]; /* percent, highest of each second: slot second % 60 */
	uint64_t fill_s;	     /* newest second in it */
};

int ebt_buffers_init(struct ebt_buffers *b, unsigned ncpu);
void ebt_buffers_deinit(struct ebt_buffers *b);
void ebt_buffers_update(struct ebt_buffers *b, const struct ebt_model_buffers *in, uint64_t now_ns);
/* Newest second last; moves the ring. */
void ebt_buffers_fill(struct ebt_buffers *b, uint64_t now_ns, uint8_t out[EBT_SPARK_LEN]);

#endif
