/* SPDX-License-Identifier: BSD-3-Clause */
#include "transport/ring.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"

#define WINDOW_BYTES \
	(512u << 10) /* size of the mapped window; a larger record gets a larger window */
#define RELEASE_BYTES (64u << 10) /* space is returned to the kernel in steps of this size */

struct ebt_ring {
	int fd;
	size_t size, page;
	unsigned long *consumer;       /* the reader's position, shared with the kernel */
	const unsigned long *producer; /* the position of the kernel */
	const char *window;
	/* the window within the data area, which the kernel maps twice in a row */
	size_t win_off, win_len;
	/* Positions in the round that ebt_ring_begin() began. */
	unsigned long begin, pos; /* of the first record; after the last record returned */
	unsigned long released;	  /* the space up to here is returned to the kernel */
	unsigned long end;	  /* end of the data that the kernel had written at the last look */
	size_t max_bytes;
};

int ebt_ring_new(struct ebt_ring **out, int fd, size_t size)
{
	struct ebt_ring *r = calloc(1, sizeof(*r));
	void *p;

	if (!r)
		return -ENOMEM;
	r->fd = -1;
	r->size = size;
	r->page = (size_t)sysconf(_SC_PAGESIZE);
	p = mmap(NULL, r->page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		goto fail;
	r->consumer = p;
	p = mmap(NULL, r->page, PROT_READ, MAP_SHARED, fd, (off_t)r->page);
	if (p == MAP_FAILED)
		goto fail;
	r->producer = p;
	r->fd = fd;
	*out = r;
	return 0;
fail:
	p = (void *)(intptr_t)errno;
	ebt_ring_free(&r);
	return -(int)(intptr_t)p;
}

void ebt_ring_free(struct ebt_ring **ring)
{
	struct ebt_ring *r = *ring;

	if (!r)
		return;
	if (r->consumer)
		munmap(r->consumer, r->page);
	if (r->producer)
		munmap((void *)r->producer, r->page);
	if (r->window)
		munmap((void *)r->window, r->win_len);
	ebt_cleanup_close(&r->fd);
	free(r);
	*ring = NULL;
}

/* Map [off, off + len) of the data area, with off < size. Return NULL with errno set on failure. */
static const char *ring_map(struct ebt_ring *r, size_t off, size_t len)
{
	size_t begin, want;
	void *p;

	if (r->window && off >= r->win_off && off + len <= r->win_off + r->win_len)
		return r->window + (off - r->win_off);
	begin = off & ~(r->page - 1);
	want = off - begin + len;
	if (want < WINDOW_BYTES)
		want = WINDOW_BYTES;
	want = (want + r->page - 1) & ~(r->page - 1);
	if (want > 2 * r->size - begin)
		want = 2 * r->size - begin;
	if (want < off - begin + len) {
		/* an impossible length: the memory is not a ring that the kernel wrote */
		errno = EBADMSG;
		return NULL;
	}
	if (r->window)
		munmap((void *)r->window, r->win_len);
	r->window = NULL;
	p = mmap(NULL, want, PROT_READ, MAP_SHARED, r->fd, (off_t)(2 * r->page + begin));
	if (p == MAP_FAILED)
		return NULL;
	r->window = p;
	r->win_off = begin;
	r->win_len = want;
	return r->window + (off - begin);
}

static void ring_release(struct ebt_ring *r, unsigned long pos)
{
	__atomic_store_n(r->consumer, pos, __ATOMIC_RELEASE);
	r->released = pos;
}

void ebt_ring_begin(struct ebt_ring *r, size_t max_bytes)
{
	r->begin = r->pos = r->released = *r->consumer;
	r->end = __atomic_load_n(r->producer, __ATOMIC_ACQUIRE);
	r->max_bytes = max_bytes;
}

/* Return the space of all records given out to the kernel, and return err. */
static int ring_stop(struct ebt_ring *r, int err)
{
	if (r->pos != r->released)
		ring_release(r, r->pos);
	return err;
}

/* Return true if the kernel has written more than the reader has seen. */
static bool ring_has_more(struct ebt_ring *r)
{
	if (r->pos == r->end)
		r->end = __atomic_load_n(r->producer, __ATOMIC_ACQUIRE);
	return r->pos != r->end;
}

int ebt_ring_next(struct ebt_ring *r, const void **data, size_t *len)
{
	/* The record of the last call is no longer used. */
	if (r->pos - r->released >= RELEASE_BYTES)
		ring_release(r, r->pos);
	while (!r->max_bytes || r->pos - r->begin < r->max_bytes) {
		size_t off = r->pos & (r->size - 1);
		const char *at;
		uint32_t head, size;

		if (!ring_has_more(r))
			break;
		at = ring_map(r, off, BPF_RINGBUF_HDR_SZ);
		if (!at)
			return ring_stop(r, -errno);
		head = __atomic_load_n((const uint32_t *)at, __ATOMIC_ACQUIRE);
		if (head & BPF_RINGBUF_BUSY_BIT)
			break;
		size = head & ~BPF_RINGBUF_DISCARD_BIT;
		at = head == size ? ring_map(r, off, BPF_RINGBUF_HDR_SZ + (size_t)size) : at;
		if (!at)
			return ring_stop(r, -errno);
		r->pos += ((size_t)size + BPF_RINGBUF_HDR_SZ + 7) & ~7ul;
		if (head != size)
			continue; /* the BPF program discarded it */
		*data = at + BPF_RINGBUF_HDR_SZ;
		*len = size;
		return 1;
	}
	return ring_stop(r, 0);
}

size_t ebt_ring_used(const struct ebt_ring *r)
{
	return __atomic_load_n(r->producer, __ATOMIC_ACQUIRE) - *r->consumer;
}

size_t ebt_ring_size(const struct ebt_ring *r)
{
	return r->size;
}

int ebt_ring_fd(const struct ebt_ring *r)
{
	return r->fd;
}
