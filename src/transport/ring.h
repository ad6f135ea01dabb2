/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ring.h - the reader of the BPF ring buffer.
 *
 * libbpf's reader maps the whole ring twice, and the kernel counts every page of that as ours: an 8
 * MiB ring would make the view's memory four times what it is. This one maps a window that slides
 * along with the consumer; a move costs some 40 microseconds for hundreds of kilobytes. It also
 * tells how full the ring is, which libbpf 1.1 cannot.
 *
 * One reader a ring, one thread.
 */
#ifndef EBT_TRANSPORT_RING_H
#define EBT_TRANSPORT_RING_H

#include <stddef.h>
#include <stdint.h>

struct ebt_ring;

/* fd: of a BPF_MAP_TYPE_RINGBUF of `size` bytes; taken over on success (closed by ebt_ring_free).
 */
int ebt_ring_new(struct ebt_ring **out, int fd, size_t size);
void ebt_ring_free(struct ebt_ring **ring);

/* data: one record, 8-byte aligned, borrowed for the call. Returns 0; anything else stops the
 * drain. */
typedef int (*ebt_ring_fn)(const void *data, size_t len, void *arg);

/*
 * Gives every record that is complete to fn, up to max_bytes of them (0: until the ring is empty).
 * The space of a record is handed back to the kernel after fn returned, in steps. Returns the
 * number of records, -errno (mmap failed), or what fn returned when it was not 0 (that record
 * counts as consumed).
 */
int ebt_ring_drain(struct ebt_ring *ring, ebt_ring_fn fn, void *arg, size_t max_bytes);

size_t ebt_ring_used(const struct ebt_ring *ring); /* bytes that wait to be read */
size_t ebt_ring_size(const struct ebt_ring *ring);
/* Readable when data waits and the kernel woke us: for poll(2). Borrowed. */
int ebt_ring_fd(const struct ebt_ring *ring);

#endif
