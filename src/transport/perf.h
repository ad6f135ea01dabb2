/* SPDX-License-Identifier: BSD-3-Clause */
/* perf.h - read one perf buffer; it works on memory, so it can be tested without a kernel */
#ifndef EBT_TRANSPORT_PERF_H
#define EBT_TRANSPORT_PERF_H

#include <stddef.h>
#include <stdint.h>

#include "transport/transport.h"

struct perf_event_mmap_page;

/* The control page and the data of one CPU's buffer as they are mapped. */
struct ebt_perf_buffer {
	struct perf_event_mmap_page *control;
	const unsigned char *data;
	size_t size; /* bytes of data, a power of two */
	/* Positions of the current round, like data_head. */
	uint64_t begin, tail, end;
	size_t max_bytes;
};

#define EBT_PERF_RECORD_MAX 65536 /* the size field of a perf record is a u16 */

/* Begin a round that ends after max_bytes, or at the data present now if that is 0. */
void ebt_perf_buffer_begin(struct ebt_perf_buffer *buffer, size_t max_bytes);
/* Copy the next record of the round into bounce, which has room for EBT_PERF_RECORD_MAX bytes and
 * is aligned to 8 bytes. Return 1, 0 at the end of the round, or -EBADMSG for impossible sizes. */
int ebt_perf_buffer_next(struct ebt_perf_buffer *buffer, void *bounce, size_t *len);
size_t ebt_perf_buffer_used(const struct ebt_perf_buffer *buffer);

#endif
