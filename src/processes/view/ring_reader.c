/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/view/ring_reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"

#define DRAIN_BYTES   (4u << 20)
#define USER_WAIT_MS  50	   /* a line waits for the name of its user */
#define USER_DOUBT_MS 300	   /* the same after a change of /etc/passwd, which is rare */
#define INCOMPLETE_NS 500000000ull /* an event waits for its continuation at most this long */

int ebt_ring_reader_init(struct ebt_ring_reader *r, struct ebt_view *view, unsigned ncpu)
{
	r->view = view;
	r->ncpu = ncpu;
	r->cpu_peak = calloc(ncpu, sizeof(*r->cpu_peak));
	return r->cpu_peak ? ebt_decoder_new(&r->decoder, ncpu) : -ENOMEM;
}

void ebt_ring_reader_free(struct ebt_ring_reader *r)
{
	ebt_decoder_free(&r->decoder);
	ebt_transport_free(&r->transport);
	ebt_cleanup_close(&r->cgroups.sock);
	ebt_user_names_free(&r->users);
	free(r->cpu_peak);
	r->cpu_peak = NULL;
}

void ebt_ring_reader_set_transport(struct ebt_ring_reader *r, struct ebt_transport *transport,
				   uint32_t ring_bytes)
{
	ebt_transport_free(&r->transport);
	r->transport = *transport;
	r->ring_bytes = ring_bytes;
	*transport = (struct ebt_transport){ 0 };
}

/* A line or a recording has the cgroup's path with the exec; the screen may learn it later. */
static void reader_name_cgroup(struct ebt_ring_reader *r, uint64_t id)
{
	ebt_cgroup_lookup_note(&r->cgroups, r->view->model, id);
	if (r->view->sink || r->view->recorder)
		ebt_cgroup_lookup_ask(&r->cgroups, r->view->model);
}

void ebt_ring_reader_take_users(struct ebt_ring_reader *r, int wait_ms)
{
	char name[EBT_USER_NAME_MAX];
	uint32_t uid;

	while (ebt_user_names_take(r->users, wait_ms, &uid, name))
		ebt_model_set_user(r->view->model, uid, name);
}

/* The same for a user. A line waits where the name that is known, if one is, may be that of somebody who
 * had the number before. */
static void reader_name_user(struct ebt_ring_reader *r, uint32_t uid)
{
	bool prints = r->view->sink || r->view->recorder;
	int wait_ms = 0;

	if (!r->users || uid == EBT_EV_UNSET)
		return;
	if (prints && r->users_changed)
		wait_ms = USER_DOUBT_MS;
	else if (prints && !ebt_model_user(r->view->model, uid))
		wait_ms = USER_WAIT_MS;
	if (ebt_user_names_ask(r->users, uid) || r->users_changed)
		ebt_ring_reader_take_users(r, wait_ms);
}

static void reader_take_event(struct ebt_ring_reader *r, const struct ebt_event *ev)
{
	if (ev->type == EBT_EVENT_EXEC) {
		ebt_sizes_add(&r->demand.sizes, ebt_exec_record_bytes(&ev->exec));
		ebt_sizes_add(&r->demand.slots, ebt_exec_slot_bytes(&ev->exec));
		reader_name_cgroup(r, ev->exec.cgroup_id);
		reader_name_user(r, ev->exec.uid);
	}
	ebt_view_event(r->view, ev);
	ebt_recorder_names(r->view->recorder, r->view->model, ev);
}

static void reader_take_record(struct ebt_ring_reader *r, const void *data, size_t len)
{
	struct ebt_event ev;

	ebt_decoder_put(r->decoder, data, len);
	while (ebt_decoder_next(r->decoder, &ev) == 1)
		reader_take_event(r, &ev);
	/* After the events, so that the names they show stand before the record. */
	if (r->view->recorder)
		ebt_recorder_record(r->view->recorder, data, len);
}

void ebt_ring_reader_flush(struct ebt_ring_reader *r, uint64_t now_ns, uint64_t max_age_ns)
{
	struct ebt_event ev;
	bool any = false;

	for (; ebt_decoder_flush(r->decoder, now_ns, max_age_ns, &ev); any = true)
		reader_take_event(r, &ev);
	/* A replay must give these events up at the same place. */
	if (any)
		ebt_recorder_flush_event(r->view->recorder, now_ns, max_age_ns);
}

/* Return true when the next drain will reach the end of what waits now. Perf's buffers share the
 * bytes of a drain. */
static bool reader_takes_all(const struct ebt_ring_reader *r)
{
	if (!ebt_transport_cpu_size(&r->transport))
		return ebt_transport_used(&r->transport) < DRAIN_BYTES;
	for (unsigned i = 0; i < r->ncpu; i++) {
		if (ebt_transport_cpu_used(&r->transport, i) >= DRAIN_BYTES / r->ncpu)
			return false;
	}
	return true;
}

/* Note how full the buffers have become, before they are emptied. */
static void reader_note_peaks(struct ebt_ring_reader *r)
{
	size_t share = ebt_transport_cpu_size(&r->transport);
	uint64_t sum = 0, most = 0;

	if (!share)
		sum = most = ebt_transport_used(&r->transport);
	for (unsigned i = 0; share && i < r->ncpu; i++) {
		size_t used = ebt_transport_cpu_used(&r->transport, i);

		sum += used;
		if (used > r->cpu_peak[i])
			r->cpu_peak[i] = used;
		/* All buffers have the same size, so the fullest one says what is needed. */
		if (used > most)
			most = used;
	}
	if (share)
		most = most * r->ring_bytes / share;
	if (sum > r->ring_peak)
		r->ring_peak = sum;
	if (most > r->demand.peak_bytes)
		r->demand.peak_bytes = most;
}

void ebt_ring_reader_give_up(struct ebt_ring_reader *r, int err)
{
	r->fatal = err;
	r->view->ended = true;
}

/* Report a transient error (ENOMEM) once and retry at the next drain. A ring that is not what it
 * should be (EBADMSG) ends the view. */
static void reader_report_drain(struct ebt_ring_reader *r, int err)
{
	if (err == -EBADMSG)
		ebt_ring_reader_give_up(r, err);
	else if (err && err != r->drain_error)
		ebt_warn("the buffer of events cannot be read at present: %s", strerror(-err));
	r->drain_error = err;
}

int ebt_ring_reader_drain(struct ebt_ring_reader *r)
{
	uint64_t now_ns = ebt_mono_ns();
	bool all = reader_takes_all(r);
	const void *data;
	size_t len;
	int got, n = 0;

	reader_note_peaks(r);
	r->users_changed = ebt_user_names_changed(r->users);
	ebt_transport_begin(&r->transport, DRAIN_BYTES);
	while ((got = ebt_transport_next(&r->transport, &data, &len)) == 1) {
		reader_take_record(r, data, len);
		n++;
	}
	reader_report_drain(r, got);
	/* Use the time before the drain: a late view may still find continuations of old events in
	 * the ring. */
	if (r->decoder && all)
		ebt_ring_reader_flush(r, now_ns, INCOMPLETE_NS);
	return got < 0 ? 0 : n;
}

void ebt_ring_reader_empty(struct ebt_ring_reader *r)
{
	/* Under overload there is always more. A round may stop short of its bytes: allow twice. */
	size_t rounds = 2 * ebt_transport_size(&r->transport) / DRAIN_BYTES + 2;

	while (rounds-- && ebt_ring_reader_drain(r) > 0)
		;
}
