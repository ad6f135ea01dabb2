/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * transport.h - how records come from the kernel: one BPF ring for all CPUs, or a perf buffer on
 * each. What reads them knows only this.
 *
 * One reader, one thread.
 */
#ifndef EBT_TRANSPORT_TRANSPORT_H
#define EBT_TRANSPORT_TRANSPORT_H

#include <stddef.h>
#include <stdint.h>

struct ebt_transport_ops {
	const char *name; /* as --transport takes it */
	/* Begin a round of reading that ends after max_bytes, or when all is read if that is 0. */
	void (*begin)(void *impl, size_t max_bytes);
	/* Take the next record of the round: 8-byte aligned, those of a CPU in order, borrowed until
	 * the next call. Return 1, 0 at the end of the round, or -errno. */
	int (*next)(void *impl, const void **data, size_t *len);
	size_t (*used)(const void *impl); /* bytes that wait to be read, all CPUs */
	size_t (*size)(const void *impl); /* bytes in all */
	/* Of one CPU's own buffer; 0 when the CPUs share one. */
	size_t (*cpu_used)(const void *impl, unsigned cpu);
	size_t (*cpu_size)(const void *impl);
	int (*fd)(const void *impl); /* for poll(2); borrowed */
	void (*free)(void *impl);
};

struct ebt_transport {
	const struct ebt_transport_ops *ops; /* NULL: none */
	void *impl;
};

/* Over a ring of `size` bytes; fd is taken over on success. -errno. */
int ebt_transport_ring(struct ebt_transport *out, int fd, size_t size);

/*
 * Over perf buffers of `size` bytes each (a power of two, without the control page). poll_fd: epoll
 * of all. fds[i] is the event of CPU cpus[i]. All fds are taken over on success. A record begins
 * with its size as a u32 (struct ebt_rec_hdr): perf pads it.
 */
int ebt_transport_perf(struct ebt_transport *out, int poll_fd, const int *cpus, const int *fds,
		       unsigned n, size_t size);

/* Frees what there is; empty afterwards. */
void ebt_transport_free(struct ebt_transport *transport);

/* The ops, for a transport that may be empty: then there is nothing to read, and sizes are 0. A round
 * must be read until _next returns something else than 1: only then the space is the kernel's. */
void ebt_transport_begin(struct ebt_transport *transport, size_t max_bytes);
int ebt_transport_next(struct ebt_transport *transport, const void **data, size_t *len);
size_t ebt_transport_used(const struct ebt_transport *transport);
size_t ebt_transport_size(const struct ebt_transport *transport);
size_t ebt_transport_cpu_used(const struct ebt_transport *transport, unsigned cpu);
size_t ebt_transport_cpu_size(const struct ebt_transport *transport);
int ebt_transport_fd(const struct ebt_transport *transport); /* -1 when there is none */

#endif
