/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * perf.h - the reader of one perf buffer. It works on memory, so it can be tested without a kernel.
 */
#ifndef EBT_TRANSPORT_PERF_H
#define EBT_TRANSPORT_PERF_H

#include <stddef.h>
#include <stdint.h>

#include "transport/transport.h"

struct perf_event_mmap_page;

/* One CPU's buffer: control page and data as they are mapped. */
struct ebt_perf_buffer {
	struct perf_event_mmap_page *control;
	const unsigned char *data;
	size_t size; /* of data, a power of two */
	/* Of the round that ebt_perf_buffer_begin began: positions as in data_head. */
	uint64_t begin, tail, end;
	size_t max_bytes;
};

#define EBT_PERF_RECORD_MAX 65536 /* the size of a perf record is a u16 */

/* Begin a round of reading this buffer, as the op begin. */
void ebt_perf_buffer_begin(struct ebt_perf_buffer *buffer, size_t max_bytes);
/* Copy the next record of the round into bounce, which has room for EBT_PERF_RECORD_MAX bytes and is
 * 8-byte aligned. Return 1, 0 at the end of the round, or -EBADMSG for sizes that cannot be. */
int ebt_perf_buffer_next(struct ebt_perf_buffer *buffer, void *bounce, size_t *len);
size_t ebt_perf_buffer_used(const struct ebt_perf_buffer *buffer);

#endif
