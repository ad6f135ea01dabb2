/* SPDX-License-Identifier: BSD-3-Clause */
/* retune.c - the view's side of a retune: the new ring, the new filters, the accounts of the
 * generation that ended. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/format.h"
#include "processes/view/auto_size.h"
#include "processes/view/view_internal.h"

void ebt_view_note_peaks(struct ebt_view *v)
{
	size_t share = ebt_transport_cpu_size(&v->transport);
	uint64_t sum = 0, most = 0;

	if (!share)
		sum = most = ebt_transport_used(&v->transport);
	for (unsigned i = 0; share && i < v->ncpu; i++) {
		size_t used = ebt_transport_cpu_used(&v->transport, i);

		sum += used;
		if (used > v->cpu_peak[i])
			v->cpu_peak[i] = used;
		/* The fullest of them says what is needed: all have the same size. */
		if (used > most)
			most = used;
	}
	if (share)
		most = most * v->params.ring_bytes / share;
	if (sum > v->ring_peak)
		v->ring_peak = sum;
	if (most > v->advised_peak)
		v->advised_peak = most;
}

void ebt_view_note(struct ebt_view *v, const char *text)
{
	struct ebt_event ev = { .type = EBT_EVENT_NOTE, .mono_ns = ebt_mono_ns() };

	ev.note.text = ebt_bytes_from(text);
	ebt_model_event(v->model, &ev);
	if (v->sink && !v->sink_error)
		v->sink_error = ebt_sink_event(v->sink, &ev);
	ebt_recorder_note(v->recorder, ev.mono_ns, ev.note.text);
	snprintf(v->notice, sizeof(v->notice), "%s", text);
	v->notice_new = true;
	v->notice_is_error = false;
}

bool ebt_view_renew(struct ebt_view *v, const char *why)
{
	struct ebt_msg msg = { .type = EBT_MSG_RETUNE, .value = EBT_RETUNE_ANYHOW };

	if (!v->params.perf || v->retuning || ebt_msg_send(v->sock, &msg, NULL, 0))
		return false;
	v->retune_since_ns = ebt_mono_ns();
	v->retuning = true;
	v->auto_asked = false;
	ebt_view_note(v, why);
	return true;
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

void ebt_view_tell_taken(struct ebt_view *v, uint32_t generation)
{
	struct ebt_msg msg = { .type = EBT_MSG_TAKEN, .generation = generation };

	ebt_msg_send(v->sock, &msg, NULL, 0);
}

void ebt_view_swapped(struct ebt_view *v, const struct ebt_msg *msg, int fds[EBT_MSG_FDS])
{
	struct ebt_transport transport = { 0 };
	char took[EBT_FMT_LEN], built[EBT_FMT_LEN], rest[EBT_FMT_LEN];
	int err = ebt_handover_open(&v->handover, msg, &fds[0], &transport);

	ebt_view_tell_taken(v, msg->generation);
	ebt_view_progress(v, EBT_PROGRESS_NONE);
	v->refused[0] = '\0';
	v->auto_asked = v->auto_refused = false;
	/* Nobody writes to the old ring any more: empty it, let it go. */
	ebt_view_empty(v);
	ebt_view_close_generation(v, fds[1]);
	ebt_transport_free(&v->transport);
	v->transport = transport;
	v->params = msg->params;
	v->generation = msg->generation;
	ebt_view_advise_anew(v, ebt_mono_ns());
	ebt_recorder_start(v->recorder, msg);
	v->notice_new = true;
	v->notice_is_error = false;
	/* The old ring is gone, and nothing would come any more. */
	if (err)
		ebt_view_give_up(v, err);
	if (msg->compile_ns)
		snprintf(v->notice, sizeof(v->notice),
			 "retuned in %s (compiled in %s, loaded in %s): generation %u runs",
			 ebt_fmt_duration(took, msg->took_ns),
			 ebt_fmt_duration(built, msg->compile_ns),
			 ebt_fmt_duration(rest, msg->took_ns - msg->compile_ns), msg->generation);
	else
		snprintf(v->notice, sizeof(v->notice),
			 "retuned in %s (from the cache): generation %u runs",
			 ebt_fmt_duration(took, msg->took_ns), msg->generation);
}

void ebt_view_progress(struct ebt_view *v, enum ebt_progress progress)
{
	/* Somebody else's begins here, our own when it was asked for. */
	if (progress != EBT_PROGRESS_NONE && !v->retuning)
		v->retune_since_ns = ebt_mono_ns();
	v->retuning = progress != EBT_PROGRESS_NONE;
	v->progress = progress;
}

void ebt_view_refused(struct ebt_view *v, const struct ebt_msg *msg, int words)
{
	char chunk[4096], text[sizeof(v->notice)];
	ssize_t n;
	off_t at = 0;

	if (!msg->value) /* another one goes on */
		ebt_view_progress(v, EBT_PROGRESS_NONE);
	ebt_buf_reset(&v->refusal);
	while (words >= 0 && (n = pread(words, chunk, sizeof(chunk), at)) > 0) {
		ebt_buf_append(&v->refusal, chunk, (size_t)n);
		at += n;
	}
	snprintf(v->refused, sizeof(v->refused), "%s", msg->text);
	if (v->auto_asked) {
		snprintf(text, sizeof(text), "auto: refused, %s", v->refused);
		ebt_view_note(v, text);
		v->auto_refused = true;
	}
	v->auto_asked = false;
	snprintf(v->notice, sizeof(v->notice), "%s%s", v->refusal.len ? "(e: all of it) " : "",
		 v->refused);
	v->notice_new = v->notice_is_error = true;
}

/* What is in the ring began before the change or, when we are late, after it: each event is judged
 * by the names of its time. */
static int change_names(struct ebt_view *v, const struct ebt_msg *msg)
{
	int err = ebt_name_filters_set(&v->names_next, v->filters.comm, v->filters.match);

	if (err)
		return err;
	v->names_since_ns = msg->since_ns;
	ebt_view_empty(v);
	ebt_name_filters_free(&v->names);
	v->names = v->names_next;
	v->names_next = (struct ebt_name_filters){ 0 };
	v->names_since_ns = 0;
	return 0;
}

void ebt_view_filtered(struct ebt_view *v, const struct ebt_msg *msg)
{
	char words[EBT_FILTERS_TEXT], text[sizeof(v->notice)];

	v->poll_ms = msg->poll_ms;
	if (!msg->filters.given) {
		snprintf(v->notice, sizeof(v->notice), "the ring is read every %u ms", v->poll_ms);
		v->notice_new = true;
		v->notice_is_error = false;
		return;
	}
	v->filters = msg->filters;
	if ((msg->filters.given & (EBT_FILTERS_COMM | EBT_FILTERS_MATCH)) && change_names(v, msg)) {
		snprintf(v->notice, sizeof(v->notice), "-c or -m is not a regular expression");
		v->notice_new = v->notice_is_error = true;
		return;
	}
	ebt_filters_words(&v->filters, false, words, sizeof(words));
	snprintf(text, sizeof(text), "from here on %s%.300s", *words ? "only " : "everything",
		 words);
	ebt_view_note(v, text);
}
