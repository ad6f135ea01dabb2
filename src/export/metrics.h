/* SPDX-License-Identifier: BSD-3-Clause */
/* metrics.h - write counters in the text format of Prometheus, for node_exporter's textfile
 * collector (--metrics)
 *
 * Processes, programs and arguments are never labels, because their number has no bound. */
#ifndef EBT_EXPORT_METRICS_H
#define EBT_EXPORT_METRICS_H

#include <linux/types.h>
#include <stdint.h>

#include "base/bytes.h"
#include "decode/event.h"
#include "ebt_abi.h"

/* Counts of events. A zero-initialised struct has counted nothing. */
struct ebt_metrics {
	uint64_t execs, failed, exits, exits_failed;
	uint64_t args_truncated, args_fault, args_lost;
	uint64_t args_bytes;
	double cpu_seconds;
};

void ebt_metrics_event(struct ebt_metrics *metrics, const struct ebt_event *ev);

struct ebt_metrics_buffers {
	const struct ebt_cpu_counters *counters; /* [ncpu]; NULL if there are none yet */
	unsigned ncpu;
	uint64_t ring_used, ring_size, scratch_bytes, kernel_bytes, recursion_misses;
	uint32_t generation;
	const char *kernel; /* release of the kernel; NULL if unknown */
	uint64_t start_real_ns, now_real_ns;
};

int ebt_metrics_write(struct ebt_buf *out, const struct ebt_metrics *metrics,
		      const struct ebt_metrics_buffers *buffers);

#endif
