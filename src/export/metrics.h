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

#define EBT_METRICS_USERS 16 /* bound of the label uid */

/* Counts of events. A zero-initialised struct has counted nothing. */
struct ebt_metrics {
	uint64_t execs, failed, exits, exits_failed;
	uint64_t args_truncated, args_fault, args_lost;
	uint64_t args_bytes;
	double cpu_seconds;
	/* Lost events by the user whose they were; of further users, and of unknown ones, in others. */
	struct ebt_metrics_user {
		uint32_t uid;
		uint64_t lost;
	} user[EBT_METRICS_USERS];
	unsigned users;
	uint64_t lost_others;
};

void ebt_metrics_event(struct ebt_metrics *metrics, const struct ebt_event *ev);

struct ebt_metrics_buffers {
	const struct ebt_cpu_counters *counters; /* [ncpu]; NULL if there are none yet */
	unsigned ncpu;
	uint64_t ring_used, ring_size, scratch_bytes, kernel_bytes, recursion_misses;
	uint32_t generation;
	const char *kernel; /* release of the kernel; NULL if unknown */
	uint64_t start_real_ns, now_real_ns;
	uint64_t missed_writes; /* times that the file could not be written */
	/* Tells files of one directory apart, as a label of every metric; NULL: no such label. */
	const char *instance;
};

int ebt_metrics_write(struct ebt_buf *out, const struct ebt_metrics *metrics,
		      const struct ebt_metrics_buffers *buffers);

#endif
