/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * perf.h - the reader of one perf buffer: of bytes, so that it can be tested without a kernel.
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
};

/* As the op drain, of this buffer; a record that wraps round is put together in bounce, which holds
 * 64 KiB (a perf record's size is a u16). -EBADMSG: what is there cannot be. */
#define EBT_PERF_RECORD_MAX 65536
int ebt_perf_buffer_drain(struct ebt_perf_buffer *buffer, ebt_transport_fn fn, void *arg,
			  size_t max_bytes, void *bounce);
size_t ebt_perf_buffer_used(const struct ebt_perf_buffer *buffer);

#endif
