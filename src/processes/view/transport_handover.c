/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/view/transport_handover.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "bpf/perf_events.h"
#include "bpf/programs.h"

#define CPUS_MAX 8192 /* NR_CPUS of the largest configurations */

int ebt_carry_send(struct ebt_outbox *out, const struct ebt_loader *loader, struct ebt_msg *msg)
{
	const struct ebt_perf_events *e = ebt_loader_perf(loader);

	if (!e)
		return ebt_loader_ring_fd(loader);
	for (unsigned i = 0; i < e->n; i += EBT_MSG_FDS) {
		struct ebt_msg part = { .type = EBT_MSG_PERF };
		int fds[EBT_MSG_FDS], n = 0;

		while (n < EBT_MSG_FDS && i + (unsigned)n < e->n) {
			part.cpus[n] = e->cpus[i + (unsigned)n];
			fds[n] = e->fds[i + (unsigned)n];
			n++;
		}
		part.value = n;
		ebt_outbox_send(out, &part, fds, n);
	}
	msg->perf_bytes = e->bytes;
	return e->poll_fd;
}

static bool must_hold(const struct ebt_held *h, const struct ebt_loader *loader)
{
	return ebt_loader_perf(loader) && h->taken < ebt_loader_generation(loader);
}

bool ebt_held_has_room(const struct ebt_held *h, const struct ebt_loader *loader)
{
	return !must_hold(h, loader) || h->n < EBT_HELD_MAX;
}

static void let_go(struct ebt_held_buffers *b)
{
	for (unsigned i = 0; i < b->n; i++)
		munmap(b->maps[i], b->bytes);
	free(b->maps);
	*b = (struct ebt_held_buffers){ 0 };
}

int ebt_held_add(struct ebt_held *h, const struct ebt_loader *loader)
{
	const struct ebt_perf_events *e = ebt_loader_perf(loader);
	struct ebt_held_buffers b = { .generation = ebt_loader_generation(loader) };

	if (!must_hold(h, loader))
		return 0;
	if (h->n == EBT_HELD_MAX)
		return -EBUSY;
	b.bytes = e->bytes + (size_t)sysconf(_SC_PAGESIZE);
	b.maps = calloc(e->n ? e->n : 1, sizeof(*b.maps));
	while (b.maps && b.n < e->n) {
		void *p = mmap(NULL, b.bytes, PROT_READ | PROT_WRITE, MAP_SHARED, e->fds[b.n], 0);

		if (p == MAP_FAILED) {
			int err = -errno;

			let_go(&b);
			return err;
		}
		b.maps[b.n++] = p;
	}
	if (!b.maps)
		return -ENOMEM;
	h->of[h->n++] = b;
	return 0;
}

void ebt_held_taken(struct ebt_held *h, uint32_t generation)
{
	unsigned kept = 0;

	if (generation > h->taken)
		h->taken = generation;
	for (unsigned i = 0; i < h->n; i++) {
		if (h->of[i].generation <= h->taken)
			let_go(&h->of[i]);
		else
			h->of[kept++] = h->of[i];
	}
	h->n = kept;
}

void ebt_held_free(struct ebt_held *h)
{
	while (h->n)
		let_go(&h->of[--h->n]);
}

static int add(struct ebt_carried *c, const struct ebt_msg *msg, int fds[EBT_MSG_FDS])
{
	size_t n = c->n + EBT_MSG_FDS;
	int *cpus, *all;

	if (msg->value < 0 || msg->value > EBT_MSG_FDS || n > CPUS_MAX)
		return -EBADMSG;
	cpus = realloc(c->cpus, n * sizeof(*cpus));
	c->cpus = cpus ? cpus : c->cpus;
	all = realloc(c->fds, n * sizeof(*all));
	c->fds = all ? all : c->fds;
	if (!cpus || !all)
		return -ENOMEM;
	for (int i = 0; i < msg->value; i++) {
		cpus[c->n] = msg->cpus[i];
		all[c->n++] = TAKE_FD(fds[i]);
	}
	return 0;
}

int ebt_carried_add(struct ebt_carried *c, const struct ebt_msg *msg, int fds[EBT_MSG_FDS])
{
	int err = add(c, msg, fds);

	if (err)
		c->error = err;
	return err;
}

void ebt_carried_free(struct ebt_carried *c)
{
	for (unsigned i = 0; i < c->n; i++)
		ebt_cleanup_close(&c->fds[i]);
	free(c->cpus);
	free(c->fds);
	*c = (struct ebt_carried){ 0 };
}

int ebt_carried_open(struct ebt_carried *c, const struct ebt_msg *msg, int *fd,
		     struct ebt_transport *out)
{
	int err = c->error;

	if (err) {
		/* Without those the CPUs that they belong to would be silent. */
	} else if (msg->params.perf) {
		err = ebt_transport_perf(out, *fd, c->cpus, c->fds, c->n, msg->perf_bytes);
		if (!err)
			c->n = 0; /* they are the transport's now */
	} else {
		err = ebt_transport_ring(out, *fd, msg->params.ring_bytes);
	}
	ebt_carried_free(c);
	if (!err)
		*fd = -1;
	return err;
}
