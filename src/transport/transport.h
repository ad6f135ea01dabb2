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

/* data: one record, 8-byte aligned, borrowed for the call. Returns 0; anything else stops the
 * drain. */
typedef int (*ebt_transport_fn)(const void *data, size_t len, void *arg);

struct ebt_transport_ops {
	const char *name; /* as --transport takes it */
	/* Gives complete records to fn, up to max_bytes of them (0: until empty), those of a CPU in
	 * order. Number of records, -errno, or what fn returned when it was not 0. */
	int (*drain)(void *impl, ebt_transport_fn fn, void *arg, size_t max_bytes);
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

/* 0 when there is none. */
int ebt_transport_drain(struct ebt_transport *transport, ebt_transport_fn fn, void *arg,
			size_t max_bytes);
size_t ebt_transport_used(const struct ebt_transport *transport);
size_t ebt_transport_size(const struct ebt_transport *transport);
size_t ebt_transport_cpu_used(const struct ebt_transport *transport, unsigned cpu);
size_t ebt_transport_cpu_size(const struct ebt_transport *transport);
int ebt_transport_fd(const struct ebt_transport *transport); /* -1 when there is none */

#endif
