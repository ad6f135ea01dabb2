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
	unsigned next; /* where the next drain begins, so that no CPU waits for another for ever */
	_Alignas(8) unsigned char bounce[EBT_PERF_RECORD_MAX];
};

/* Copies out of the circle. Always: perf puts raw data at 4 modulo 8, records want 8. */
static void take(const struct ebt_perf_buffer *b, uint64_t pos, void *to, size_t len)
{
	size_t off = pos & (b->size - 1), first = b->size - off < len ? b->size - off : len;

	memcpy(to, b->data + off, first);
	memcpy((unsigned char *)to + first, b->data, len - first);
}

/* A sample of PERF_SAMPLE_RAW: header, u32 size, bytes. */
static int take_sample(const struct ebt_perf_buffer *b, uint64_t pos,
		       const struct perf_event_header *head, ebt_transport_fn fn, void *arg,
		       unsigned char *bounce)
{
	uint32_t raw, len;

	if (head->size < sizeof(*head) + 2 * sizeof(uint32_t))
		return -EBADMSG;
	take(b, pos + sizeof(*head), &raw, sizeof(raw));
	if (raw < sizeof(len) || raw > head->size - sizeof(*head) - sizeof(raw))
		return -EBADMSG;
	take(b, pos + sizeof(*head) + sizeof(raw), bounce, raw);
	memcpy(&len, bounce, sizeof(len));
	return fn(bounce, len < raw ? len : raw, arg);
}

int ebt_perf_buffer_drain(struct ebt_perf_buffer *b, ebt_transport_fn fn, void *arg,
			  size_t max_bytes, void *bounce)
{
	uint64_t tail = b->control->data_tail, begin = tail;
	uint64_t end = __atomic_load_n(&b->control->data_head, __ATOMIC_ACQUIRE);
	int count = 0, err = 0;

	while (!err && tail != end && (!max_bytes || tail - begin < max_bytes)) {
		struct perf_event_header head;

		take(b, tail, &head, sizeof(head));
		if (head.size < sizeof(head) || head.size > end - tail) {
			err = -EBADMSG;
			tail = end; /* nothing behind it can be found */
			break;
		}
		/* PERF_RECORD_LOST tells what the kernel's own counters have told already. */
		if (head.type == PERF_RECORD_SAMPLE) {
			err = take_sample(b, tail, &head, fn, arg, bounce);
			count++;
		}
		tail += head.size;
	}
	__atomic_store_n(&b->control->data_tail, tail, __ATOMIC_RELEASE);
	return err ? err : count;
}

size_t ebt_perf_buffer_used(const struct ebt_perf_buffer *b)
{
	return __atomic_load_n(&b->control->data_head, __ATOMIC_ACQUIRE) - b->control->data_tail;
}

static int drain(void *impl, ebt_transport_fn fn, void *arg, size_t max_bytes)
{
	struct ebt_perf *p = impl;
	size_t share = max_bytes ? max_bytes / p->n + 1 : 0;
	int count = 0;

	for (unsigned i = 0; i < p->n; i++) {
		struct ebt_perf_buffer *b = &p->buffers[(p->next + i) % p->n];
		int n = ebt_perf_buffer_drain(b, fn, arg, share, p->bounce);

		if (n < 0)
			return n;
		count += n;
	}
	/* NOLINTNEXTLINE(clang-analyzer-core.DivideZero): made with at least one */
	p->next = (p->next + 1) % p->n;
	return count;
}

static size_t used(const void *impl)
{
	const struct ebt_perf *p = impl;
	size_t sum = 0;

	for (unsigned i = 0; i < p->n; i++)
		sum += ebt_perf_buffer_used(&p->buffers[i]);
	return sum;
}

static size_t size(const void *impl)
{
	const struct ebt_perf *p = impl;

	return p->n * p->size;
}

static size_t cpu_used(const void *impl, unsigned cpu)
{
	const struct ebt_perf *p = impl;

	/* All CPUs online, none missing: the usual case. */
	if (cpu < p->n && (unsigned)p->cpus[cpu] == cpu)
		return ebt_perf_buffer_used(&p->buffers[cpu]);
	for (unsigned i = 0; i < p->n; i++) {
		if ((unsigned)p->cpus[i] == cpu)
			return ebt_perf_buffer_used(&p->buffers[i]);
	}
	return 0;
}

static size_t cpu_size(const void *impl)
{
	return ((const struct ebt_perf *)impl)->size;
}

static int poll_fd(const void *impl)
{
	return ((const struct ebt_perf *)impl)->poll_fd;
}

static void unmap(struct ebt_perf *p)
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
	unmap(p);
}

static const struct ebt_transport_ops perf_ops = {
	.name = "perf",
	.drain = drain,
	.used = used,
	.size = size,
	.cpu_used = cpu_used,
	.cpu_size = cpu_size,
	.fd = poll_fd,
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
		unmap(p);
		return err;
	}
	*out = (struct ebt_transport){ &perf_ops, p };
	return 0;
}
