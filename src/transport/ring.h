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

/* Begin a round of reading that ends after max_bytes, or when the ring is empty if that is 0. */
void ebt_ring_begin(struct ebt_ring *ring, size_t max_bytes);
/*
 * Take the next complete record of the round; *data is 8-byte aligned and borrowed until the next
 * call. Return 1, 0 at the end of the round, or -errno: -EBADMSG for a length that cannot be, else
 * what mmap said. Call it until it returns something else than 1: only then all of the space is the
 * kernel's again. What was given out before an error is not given out again.
 */
int ebt_ring_next(struct ebt_ring *ring, const void **data, size_t *len);

size_t ebt_ring_used(const struct ebt_ring *ring); /* bytes that wait to be read */
size_t ebt_ring_size(const struct ebt_ring *ring);
/* Readable when data waits and the kernel woke us: for poll(2). Borrowed. */
int ebt_ring_fd(const struct ebt_ring *ring);

#endif
