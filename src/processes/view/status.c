/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/view/status.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/clock.h"

#define STATUS_EVERY_NS 250000000ull

int ebt_status_reader_open(struct ebt_status_reader *s, int fd, unsigned ncpu)
{
	void *p;

	s->told = calloc(ncpu, sizeof(*s->told));
	s->received = calloc(ncpu, sizeof(*s->received));
	s->gaps = calloc(ncpu, sizeof(*s->gaps));
	s->renewed = calloc(ncpu, sizeof(*s->renewed));
	if (!s->told || !s->received || !s->gaps || !s->renewed)
		return -ENOMEM;
	s->bytes = ebt_status_bytes(ncpu);
	p = mmap(NULL, s->bytes, PROT_READ, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		return -errno;
	s->shared = p;
	return 0;
}

void ebt_status_reader_close(struct ebt_status_reader *s)
{
	if (s->shared)
		munmap((void *)s->shared, s->bytes);
	s->shared = NULL;
	free(s->told);
	free(s->received);
	free(s->gaps);
	free(s->renewed);
}

/* Return true when counts by executable are needed: without losses what arrived is exact, and with
 * filters by name it is not what the kernel counted. */
static bool status_wants_exes(const struct ebt_status_reader *s)
{
	const struct ebt_view *v = s->reader->view;
	uint64_t lost = 0;

	for (unsigned i = 0; i < s->reader->ncpu; i++)
		lost += s->told[i].total[EBT_LOST_RING] + s->told[i].total[EBT_LOST_BUSY];
	return lost && !ebt_name_filters_any(&v->names);
}

void ebt_status_reader_ask(struct ebt_status_reader *s, bool now)
{
	struct ebt_msg msg = { .type = EBT_MSG_GET_STATUS };
	uint64_t now_ns = ebt_mono_ns();

	if (s->asked || s->stopped || (!now && now_ns - s->last_ns < STATUS_EVERY_NS))
		return;
	s->last_ns = now_ns;
	msg.value = status_wants_exes(s);
	s->asked = ebt_msg_send(s->retune->sock, &msg, NULL, 0) == 0;
}

static void status_event(const struct ebt_event *ev, void *view)
{
	ebt_view_unfiltered(view, ev);
}

/* Ask for new buffers when a CPU loses events though its buffer is empty: the buffer went with the
 * CPU. Once until something comes from it again, since an event that never fits would be lost from a
 * new buffer too. */
static void status_renew_dead(struct ebt_status_reader *s, unsigned cpu, uint64_t received)
{
	char why[64];

	if (received != s->received[cpu]) {
		s->renewed[cpu] = false;
	} else if (s->retune->params.perf && !s->renewed[cpu] && !s->reader->cpu_peak[cpu] &&
		   s->shared->cpu[cpu].lost_ring > s->told[cpu].total[EBT_LOST_RING]) {
		snprintf(why, sizeof(why), "CPU %u has no buffer: all get new ones", cpu);
		s->renewed[cpu] = ebt_retune_renew(s->retune, why);
	}
}

static void status_take_cpu(struct ebt_status_reader *s, unsigned cpu)
{
	const struct ebt_decode_cpu *c = ebt_decoder_cpu(s->reader->decoder, cpu);
	const struct ebt_cpu_counters *now = &s->shared->cpu[cpu];

	status_renew_dead(s, cpu, c->received);
	s->received[cpu] = c->received;
	s->gaps[cpu] = c->gaps;
	ebt_lost_tell(&s->told[cpu], now, cpu, s->shared->mono_ns, status_event, s->reader->view);
}

void ebt_status_reader_take(struct ebt_status_reader *s, bool final)
{
	struct ebt_ring_reader *r = s->reader;
	struct ebt_model_buffers b = { .counters = s->shared->cpu,
				       .ncpu = r->ncpu,
				       .ring_used = ebt_transport_used(&r->transport),
				       .ring_peak = r->ring_peak,
				       .ring_size = ebt_transport_size(&r->transport),
				       .scratch_bytes = s->retune->params.scratch_bytes,
				       .kernel_bytes = s->shared->map_bytes,
				       .received = s->received,
				       .gaps = s->gaps,
				       .recursion_misses = s->shared->recursion_misses,
				       .final = final,
				       .processes = s->shared->costs,
				       .process_count = s->shared->n_costs,
				       .cpu_ring_size = ebt_transport_cpu_size(&r->transport) };
	uint64_t now_ns;

	s->asked = false;
	memcpy(s->hooks, s->shared->hooks, sizeof(s->hooks) - 1);
	s->offsets_cached = s->shared->offsets_cached;
	for (unsigned i = 0; i < r->ncpu; i++)
		status_take_cpu(s, i);
	now_ns = ebt_mono_ns();
	if (b.cpu_ring_size)
		b.cpu_ring_peak = r->cpu_peak;
	ebt_model_buffers(r->view->model, &b, now_ns);
	memset(r->cpu_peak, 0, r->ncpu * sizeof(*r->cpu_peak));
	r->ring_peak = 0;
	ebt_auto_size_update(s->auto_size, s->shared, &r->demand, s->retune,
			     !s->stopped && !r->view->ended);
	ebt_recorder_status(r->view->recorder, s->shared, &b, now_ns);
}

void ebt_status_reader_take_exes(struct ebt_status_reader *s)
{
	uint32_t n = s->shared->n_exes;

	if (!status_wants_exes(s))
		return;
	/* The counts include events that still wait in the ring. */
	ebt_ring_reader_empty(s->reader);
	ebt_model_exe_counts(s->reader->view->model, s->shared->exes,
			     n < EBT_EXE_MAX ? n : EBT_EXE_MAX);
}
