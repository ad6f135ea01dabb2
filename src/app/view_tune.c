/* SPDX-License-Identifier: BSD-3-Clause */
/* view_tune.c - the view's side of a retune: the new ring, the new filters, the accounts of the
 * generation that ended. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/advise.h"
#include "app/view_internal.h"
#include "base/clock.h"
#include "base/format.h"

#define ROUNDS_MAX 64 /* of emptying, while what comes in is as fast */

void ebt_view_note(struct ebt_view *v, const char *text)
{
	struct ebt_event ev = { .type = EBT_EVENT_NOTE, .mono_ns = ebt_mono_ns() };

	ev.note.text = ebt_bytes_from(text);
	ebt_model_event(v->model, &ev);
	if (v->sink && !v->sink_error)
		v->sink_error = ebt_sink_event(v->sink, &ev);
	snprintf(v->notice, sizeof(v->notice), "%s", text);
	v->notice_new = true;
	v->notice_is_error = false;
}

struct account {
	uint64_t seen, filtered, delivered, lost_ring, lost_busy, received;
};

static bool law_holds(const struct account *a)
{
	return a->seen == a->filtered + a->delivered + a->lost_ring + a->lost_busy &&
	       a->received == a->delivered;
}

/* One CPU's, added to *all. False: the law does not hold on it. */
static bool close_cpu(const struct ebt_cpu_counters *c, uint64_t received, struct account *all)
{
	struct account a = { c->seen,	   c->filtered,	 c->delivered,
			     c->lost_ring, c->lost_busy, received };

	all->seen += a.seen;
	all->filtered += a.filtered;
	all->delivered += a.delivered;
	all->lost_ring += a.lost_ring;
	all->lost_busy += a.lost_busy;
	all->received += a.received;
	return law_holds(&a);
}

/* What came of the generation that ends on this CPU. */
static uint64_t take_received(struct ebt_view *v, unsigned cpu)
{
	unsigned parity = v->generation & 1;
	uint64_t now = ebt_decoder_cpu(v->decoder, cpu)->received_by[parity];
	uint64_t received = now - v->closed[parity][cpu];

	v->closed[parity][cpu] = now;
	return received;
}

void ebt_view_close_generation(struct ebt_view *v, int counters)
{
	struct ebt_cpu_counters c;
	struct account all = { 0 };
	char text[sizeof(v->notice)], where[64] = "";
	bool holds = true;

	v->ended_generations++;
	for (unsigned i = 0; i < v->ncpu; i++) {
		uint64_t received = take_received(v, i);

		if (counters < 0)
			continue;
		if (pread(counters, &c, sizeof(c), (off_t)(i * sizeof(c))) != sizeof(c)) {
			counters = -1;
		} else if (!close_cpu(&c, received, &all) && holds) {
			holds = false;
			snprintf(where, sizeof(where), "IS BROKEN on CPU %u", i);
		}
	}
	if (counters < 0) {
		snprintf(text, sizeof(text),
			 "generation %u ended, its accounts are not known: it did not come to rest",
			 v->generation);
	} else {
		v->broken_generations += !holds;
		snprintf(text, sizeof(text),
			 "generation %u ended: seen %" PRIu64 " = filtered %" PRIu64
			 " + delivered %" PRIu64 " + lost:ring %" PRIu64 " + lost:busy %" PRIu64
			 "; received %" PRIu64 ": the law %s",
			 v->generation, all.seen, all.filtered, all.delivered, all.lost_ring,
			 all.lost_busy, all.received, holds ? "holds on every CPU" : where);
	}
	ebt_view_note(v, text);
}

static void empty(struct ebt_view *v)
{
	for (int i = 0; i < ROUNDS_MAX && ebt_view_drain(v) > 0; i++)
		;
}

void ebt_view_swapped(struct ebt_view *v, const struct ebt_msg *msg, int fds[EBT_MSG_FDS])
{
	struct ebt_transport transport = { 0 };
	char took[EBT_FMT_LEN];
	int err = ebt_carried_open(&v->carried, msg, &fds[0], &transport);

	v->retuning = false;
	/* Nobody writes to the old ring any more: empty it, let it go. */
	while (ebt_view_drain(v) > 0)
		;
	ebt_view_close_generation(v, fds[1]);
	ebt_transport_free(&v->transport);
	v->transport = transport;
	v->params = msg->params;
	v->generation = msg->generation;
	ebt_view_advise_anew(v, ebt_mono_ns());
	ebt_recorder_start(v->recorder, msg);
	v->notice_new = true;
	v->notice_is_error = err != 0;
	if (err)
		snprintf(v->notice, sizeof(v->notice), "cannot read the new ring: %s",
			 strerror(-err));
	else
		snprintf(v->notice, sizeof(v->notice), "retuned in %s: generation %u runs",
			 ebt_fmt_duration(took, msg->took_ns), msg->generation);
}

void ebt_view_filtered(struct ebt_view *v, const struct ebt_msg *msg)
{
	char words[EBT_FILTERS_TEXT], text[sizeof(v->notice)];

	v->retuning = false;
	v->poll_ms = msg->poll_ms;
	if (!msg->filters.given) {
		snprintf(v->notice, sizeof(v->notice), "the ring is read every %u ms", v->poll_ms);
		v->notice_new = true;
		v->notice_is_error = false;
		return;
	}
	/* What came before is judged by the names it came under. */
	empty(v);
	v->filters = msg->filters;
	if ((msg->filters.given & (EBT_FILTERS_COMM | EBT_FILTERS_MATCH)) &&
	    ebt_name_filters_set(&v->names, v->filters.comm, v->filters.match)) {
		snprintf(v->notice, sizeof(v->notice), "-c or -m is not a regular expression");
		v->notice_new = v->notice_is_error = true;
		return;
	}
	ebt_filters_words(&v->filters, false, words, sizeof(words));
	snprintf(text, sizeof(text), "from here on %s%.300s", *words ? "only " : "everything",
		 words);
	ebt_view_note(v, text);
}
