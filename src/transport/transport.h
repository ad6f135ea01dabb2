/* SPDX-License-Identifier: BSD-3-Clause */
/* transport.h - receive records from the kernel through one BPF ring for all CPUs or through a perf
 * buffer per CPU; readers only use this interface
 *
 * A transport has one reader in one thread. */
#ifndef EBT_TRANSPORT_TRANSPORT_H
#define EBT_TRANSPORT_TRANSPORT_H

#include <stddef.h>
#include <stdint.h>

struct ebt_transport_ops {
	const char *name; /* the name in --transport */
	/* Begin a round that ends after max_bytes, or when all is read if that is 0. */
	void (*begin)(void *impl, size_t max_bytes);
	/* Get the next record of the round, aligned to 8 bytes and borrowed until the next call.
	 * The records of one CPU are in order. Return 1, 0 at the end of the round, or -errno. */
	int (*next)(void *impl, const void **data, size_t *len);
	size_t (*used)(const void *impl); /* Return the bytes that wait to be read on all CPUs. */
	size_t (*size)(const void *impl); /* Return the size of all buffers in bytes. */
	/* Return the bytes that wait in the buffer of one CPU, or 0 if the CPUs share one. */
	size_t (*cpu_used)(const void *impl, unsigned cpu);
	size_t (*cpu_size)(const void *impl);
	int (*fd)(const void *impl); /* Return the borrowed fd for poll(2). */
	void (*free)(void *impl);
};

struct ebt_transport {
	const struct ebt_transport_ops *ops; /* NULL if the transport is empty */
	void *impl;
};

/* Create a transport over a ring of `size` bytes. It takes over fd on success. Return 0 or
 * -errno. */
int ebt_transport_ring(struct ebt_transport *out, int fd, size_t size);

/* Create a transport over perf buffers of `size` bytes each (a power of two, without the control
 * page). poll_fd is an epoll fd of all, and fds[i] is the event of CPU cpus[i]. It takes over all
 * fds on success. A record begins with its size as a u32 (struct ebt_rec_hdr), because perf pads
 * it. Return 0 or -errno. */
int ebt_transport_perf(struct ebt_transport *out, int poll_fd, const int *cpus, const int *fds,
		       unsigned n, size_t size);

/* Free the transport, which is empty afterwards. */
void ebt_transport_free(struct ebt_transport *transport);

/* Call the ops of a transport that may be empty: then there is nothing to read, and sizes are 0. A
 * round must be read until ebt_transport_next() does not return 1, because only then is the space
 * returned to the kernel. */
void ebt_transport_begin(struct ebt_transport *transport, size_t max_bytes);
int ebt_transport_next(struct ebt_transport *transport, const void **data, size_t *len);
size_t ebt_transport_used(const struct ebt_transport *transport);
size_t ebt_transport_size(const struct ebt_transport *transport);
size_t ebt_transport_cpu_used(const struct ebt_transport *transport, unsigned cpu);
size_t ebt_transport_cpu_size(const struct ebt_transport *transport);
int ebt_transport_fd(const struct ebt_transport *transport); /* -1 if it is empty */

#endif
