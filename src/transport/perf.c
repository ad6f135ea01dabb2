/* SPDX-License-Identifier: BSD-3-Clause */
#include "transport/perf.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"

struct ebt_perf {
	unsigned n;
	int *cpus, *fds;
	struct ebt_perf_buffer *buffers;
	size_t size, page;
	int poll_fd;
	unsigned
		/* the buffer that the round begins with, which changes so that no CPU is always
		 * read last */
		first;
	unsigned at;  /* number of buffers of the round that have been read */
	size_t share; /* maximum bytes per buffer and round; 0 means no limit */
	_Alignas(8) unsigned char bounce[EBT_PERF_RECORD_MAX];
};

/* Copy out of the circular buffer, because perf aligns raw data at 4 modulo 8 and records need an
 * alignment of 8. */
static void perf_copy(const struct ebt_perf_buffer *b, uint64_t pos, void *to, size_t len)
{
	size_t off = pos & (b->size - 1), first = b->size - off < len ? b->size - off : len;

	memcpy(to, b->data + off, first);
	memcpy((unsigned char *)to + first, b->data, len - first);
}

/* Copy the bytes of a PERF_SAMPLE_RAW sample, which has a header and a u32 size in front of
 * them. */
static int perf_take_sample(const struct ebt_perf_buffer *b, const struct perf_event_header *head,
			    unsigned char *bounce, size_t *size)
{
	uint32_t raw, len;

	if (head->size < sizeof(*head) + 2 * sizeof(uint32_t))
		return -EBADMSG;
	perf_copy(b, b->tail + sizeof(*head), &raw, sizeof(raw));
	if (raw < sizeof(len) || raw > head->size - sizeof(*head) - sizeof(raw))
		return -EBADMSG;
	perf_copy(b, b->tail + sizeof(*head) + sizeof(raw), bounce, raw);
	memcpy(&len, bounce, sizeof(len));
	*size = len < raw ? len : raw;
	return 1;
}

void ebt_perf_buffer_begin(struct ebt_perf_buffer *b, size_t max_bytes)
{
	b->begin = b->tail = b->control->data_tail;
	b->end = __atomic_load_n(&b->control->data_head, __ATOMIC_ACQUIRE);
	b->max_bytes = max_bytes;
}

int ebt_perf_buffer_next(struct ebt_perf_buffer *b, void *bounce, size_t *len)
{
	int got = 0;

	while (!got && b->tail != b->end && (!b->max_bytes || b->tail - b->begin < b->max_bytes)) {
		struct perf_event_header head;

		perf_copy(b, b->tail, &head, sizeof(head));
		if (head.size < sizeof(head) || head.size > b->end - b->tail) {
			b->tail = b->end; /* the position of the next record is unknown */
			got = -EBADMSG;
			break;
		}
		/* Ignore PERF_RECORD_LOST, which repeats the kernel's own counters. */
		if (head.type == PERF_RECORD_SAMPLE)
			got = perf_take_sample(b, &head, bounce, len);
		b->tail += head.size;
	}
	if (got != 1)
		__atomic_store_n(&b->control->data_tail, b->tail, __ATOMIC_RELEASE);
	return got;
}

size_t ebt_perf_buffer_used(const struct ebt_perf_buffer *b)
{
	return __atomic_load_n(&b->control->data_head, __ATOMIC_ACQUIRE) - b->control->data_tail;
}

static void perf_begin(void *impl, size_t max_bytes)
{
	struct ebt_perf *p = impl;

	p->share = max_bytes ? max_bytes / p->n + 1 : 0;
	p->at = 0;
	ebt_perf_buffer_begin(&p->buffers[p->first], p->share);
}

static int perf_next(void *impl, const void **data, size_t *len)
{
	struct ebt_perf *p = impl;

	while (p->at < p->n) {
		int got = ebt_perf_buffer_next(&p->buffers[(p->first + p->at) % p->n], p->bounce,
					       len);

		*data = p->bounce;
		if (got)
			return got;
		if (++p->at < p->n)
			ebt_perf_buffer_begin(&p->buffers[(p->first + p->at) % p->n], p->share);
	}
	p->first = (p->first + 1) % p->n;
	return 0;
}

static size_t perf_used(const void *impl)
{
	const struct ebt_perf *p = impl;
	size_t sum = 0;

	for (unsigned i = 0; i < p->n; i++)
		sum += ebt_perf_buffer_used(&p->buffers[i]);
	return sum;
}

static size_t perf_size(const void *impl)
{
	const struct ebt_perf *p = impl;

	return p->n * p->size;
}

static size_t perf_cpu_used(const void *impl, unsigned cpu)
{
	const struct ebt_perf *p = impl;

	/* In the usual case all CPUs are online and the index is the CPU. */
	if (cpu < p->n && (unsigned)p->cpus[cpu] == cpu)
		return ebt_perf_buffer_used(&p->buffers[cpu]);
	for (unsigned i = 0; i < p->n; i++) {
		if ((unsigned)p->cpus[i] == cpu)
			return ebt_perf_buffer_used(&p->buffers[i]);
	}
	return 0;
}

static size_t perf_cpu_size(const void *impl)
{
	return ((const struct ebt_perf *)impl)->size;
}

static int perf_fd(const void *impl)
{
	return ((const struct ebt_perf *)impl)->poll_fd;
}

static void perf_unmap(struct ebt_perf *p)
{
	for (unsigned i = 0; p->buffers && i < p->n; i++) {
		if (p->buffers[i].control)
			munmap(p->buffers[i].control, p->page + p->size);
	}
	free(p->cpus);
	free(p->fds);
	free(p->buffers);
	free(p);
}

static void perf_free(void *impl)
{
	struct ebt_perf *p = impl;

	for (unsigned i = 0; i < p->n; i++)
		ebt_cleanup_close(&p->fds[i]);
	ebt_cleanup_close(&p->poll_fd);
	perf_unmap(p);
}

static const struct ebt_transport_ops perf_ops = {
	.name = "perf",
	.begin = perf_begin,
	.next = perf_next,
	.used = perf_used,
	.size = perf_size,
	.cpu_used = perf_cpu_used,
	.cpu_size = perf_cpu_size,
	.fd = perf_fd,
	.free = perf_free,
};

static int map_buffer(struct ebt_perf *p, unsigned i)
{
	void *m = mmap(NULL, p->page + p->size, PROT_READ | PROT_WRITE, MAP_SHARED, p->fds[i], 0);

	if (m == MAP_FAILED)
		return -errno;
	p->buffers[i] = (struct ebt_perf_buffer){ .control = m,
						  .data = (const unsigned char *)m + p->page,
						  .size = p->size };
	return 0;
}

int ebt_transport_perf(struct ebt_transport *out, int epoll_fd, const int *cpus, const int *fds,
		       unsigned n, size_t bytes)
{
	struct ebt_perf *p = n ? calloc(1, sizeof(*p)) : NULL;
	int err = 0;

	if (!p)
		return n ? -ENOMEM : -EINVAL;
	p->n = n;
	p->size = bytes;
	p->page = (size_t)sysconf(_SC_PAGESIZE);
	p->poll_fd = epoll_fd;
	p->cpus = calloc(n, sizeof(*p->cpus));
	p->fds = calloc(n, sizeof(*p->fds));
	p->buffers = calloc(n, sizeof(*p->buffers));
	if (!p->cpus || !p->fds || !p->buffers)
		err = -ENOMEM;
	for (unsigned i = 0; !err && i < n; i++) {
		p->cpus[i] = cpus[i];
		p->fds[i] = fds[i];
		err = map_buffer(p, i);
	}
	if (err) {
		perf_unmap(p);
		return err;
	}
	*out = (struct ebt_transport){ &perf_ops, p };
	return 0;
}
