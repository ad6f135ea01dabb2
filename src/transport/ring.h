/* SPDX-License-Identifier: BSD-3-Clause */
/* ring.h - read the BPF ring buffer
 *
 * libbpf's reader maps the whole ring twice, and the kernel counts every page of it as memory of
 * this process: an 8 MiB ring would make the view four times as large. This reader maps a window
 * that moves along with the consumer; a move takes about 40 microseconds for hundreds of kilobytes.
 * It also reports how full the ring is, which libbpf 1.1 cannot.
 *
 * A ring has one reader in one thread. */
#ifndef EBT_TRANSPORT_RING_H
#define EBT_TRANSPORT_RING_H

#include <stddef.h>
#include <stdint.h>

struct ebt_ring;

/* Create a reader for fd, a BPF_MAP_TYPE_RINGBUF of `size` bytes. On success it takes over fd and
 * ebt_ring_free() closes it. Return 0 or -errno. */
int ebt_ring_new(struct ebt_ring **out, int fd, size_t size);
void ebt_ring_free(struct ebt_ring **ring);

/* Begin a round that ends after max_bytes, or when the ring is empty if that is 0. */
void ebt_ring_begin(struct ebt_ring *ring, size_t max_bytes);
/* Get the next complete record of the round; *data is aligned to 8 bytes and borrowed until the
 * next call. Return 1, 0 at the end of the round, or -errno: -EBADMSG for an impossible length,
 * else the error of mmap. Call it until the result is not 1, because only then is all of the space
 * returned to the kernel. Records given out before an error are not given out again. */
int ebt_ring_next(struct ebt_ring *ring, const void **data, size_t *len);

/* Return the number of bytes that wait to be read. */
size_t ebt_ring_used(const struct ebt_ring *ring);
size_t ebt_ring_size(const struct ebt_ring *ring);
/* Return the borrowed fd for poll(2); it is readable when the kernel has woken the reader. */
int ebt_ring_fd(const struct ebt_ring *ring);

#endif
