/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/loader/transport_handover.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bpf/perf_events.h"
#include "bpf/programs.h"

int ebt_handover_send(struct ebt_outbox *out, const struct ebt_programs *programs,
		      struct ebt_msg *msg)
{
	const struct ebt_perf_events *e = ebt_programs_perf(programs);

	if (!e)
		return ebt_programs_ring_fd(programs);
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

static bool held_must_hold(const struct ebt_held *h, const struct ebt_programs *programs)
{
	return ebt_programs_perf(programs) && h->taken < ebt_programs_generation(programs);
}

bool ebt_held_has_room(const struct ebt_held *h, const struct ebt_programs *programs)
{
	return !held_must_hold(h, programs) || h->n < EBT_HELD_MAX;
}

static void held_let_go(struct ebt_held_buffers *b)
{
	for (unsigned i = 0; i < b->n; i++)
		munmap(b->maps[i], b->bytes);
	free(b->maps);
	*b = (struct ebt_held_buffers){ 0 };
}

int ebt_held_add(struct ebt_held *h, const struct ebt_programs *programs)
{
	const struct ebt_perf_events *e = ebt_programs_perf(programs);
	struct ebt_held_buffers b = { .generation = ebt_programs_generation(programs) };

	if (!held_must_hold(h, programs))
		return 0;
	if (h->n == EBT_HELD_MAX)
		return -EBUSY;
	b.bytes = e->bytes + (size_t)sysconf(_SC_PAGESIZE);
	b.maps = calloc(e->n ? e->n : 1, sizeof(*b.maps));
	while (b.maps && b.n < e->n) {
		void *p = mmap(NULL, b.bytes, PROT_READ | PROT_WRITE, MAP_SHARED, e->fds[b.n], 0);

		if (p == MAP_FAILED) {
			int err = -errno;

			held_let_go(&b);
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
			held_let_go(&h->of[i]);
		else
			h->of[kept++] = h->of[i];
	}
	h->n = kept;
}

void ebt_held_free(struct ebt_held *h)
{
	while (h->n)
		held_let_go(&h->of[--h->n]);
}
