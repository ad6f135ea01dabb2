/* SPDX-License-Identifier: BSD-3-Clause */
/* live_feed.c - what comes into the view: records, messages of the loader, signals. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/format.h"
#include "base/log.h"
#include "processes/replay/replay_feed.h"
#include "processes/view/auto_size.h"
#include "processes/view/seed_processes.h"
#include "processes/view/view_internal.h"

#define DRAIN_BYTES   (4u << 20)   /* at a time, so that keys are looked at in between */
#define INCOMPLETE_NS 500000000ull /* an event whose continuation has not come by then is cut */
/* Detaching fexit programs waits for tasks to be scheduled: seconds on a busy machine.
 * A loader that has ended is noticed at once. */
#define STOP_TIMEOUT_NS 10000000000ull
#define STATUS_EVERY_NS 250000000ull
#define PLAY_NS		100000000ull /* of a recording at a time: keys are looked at in between */

static void take_record(struct ebt_view *v, const void *data, size_t len)
{
	struct ebt_event ev;

	ebt_decoder_put(v->decoder, data, len);
	while (ebt_decoder_next(v->decoder, &ev) == 1)
		ebt_view_traced(v, &ev);
	if (v->recorder)
		ebt_recorder_record(v->recorder, data, len);
}

/* What of it shows goes into the recording: a replay is to give it up at the same place. */
static void flush_incomplete(struct ebt_view *v, uint64_t now_ns, uint64_t max_age_ns)
{
	struct ebt_event ev;
	bool any = false;

	for (; ebt_decoder_flush(v->decoder, now_ns, max_age_ns, &ev); any = true)
		ebt_view_traced(v, &ev);
	if (any)
		ebt_recorder_flush_event(v->recorder, now_ns, max_age_ns);
}

/* Does a drain come to the end of what waits now? perf's buffers share the bytes of one. */
static bool drain_takes_all(const struct ebt_view *v)
{
	if (!ebt_transport_cpu_size(&v->transport))
		return ebt_transport_used(&v->transport) < DRAIN_BYTES;
	for (unsigned i = 0; i < v->ncpu; i++) {
		if (ebt_transport_cpu_used(&v->transport, i) >= DRAIN_BYTES / v->ncpu)
			return false;
	}
	return true;
}

int ebt_view_look_ms(const struct ebt_view *v)
{
	/* A replay's start is long ago, or to come: then --poll. */
	uint64_t soon_ms = 1 + (ebt_mono_ns() - v->start_ns) / 1000000 / 2;
	int poll_ms = ebt_view_poll_ms(v);

	return soon_ms < (uint64_t)poll_ms ? (int)soon_ms : poll_ms;
}

/* Of a passing lack (memory) once: what waits stays where it is, for the next look. What cannot be
 * read ever is the end. */
static void note_drain(struct ebt_view *v, int err)
{
	if (err == -EBADMSG)
		ebt_view_give_up(v, err);
	else if (err && err != v->drain_error)
		ebt_warn("the buffer of events cannot be read at present: %s", strerror(-err));
	v->drain_error = err;
}

void ebt_view_give_up(struct ebt_view *v, int err)
{
	v->unread = err;
	v->ended = true;
}

int ebt_view_drain(struct ebt_view *v)
{
	uint64_t now_ns = ebt_mono_ns();
	bool all = drain_takes_all(v);
	const void *data;
	size_t len;
	int got, n = 0;

	ebt_view_note_peaks(v);
	ebt_transport_begin(&v->transport, DRAIN_BYTES);
	while ((got = ebt_transport_next(&v->transport, &data, &len)) == 1) {
		take_record(v, data, len);
		n++;
	}
	note_drain(v, got);
	/* By the time of before: a view that is slow or behind finds the continuation of an old
	 * event still in the ring. */
	if (v->decoder && all)
		flush_incomplete(v, now_ns, INCOMPLETE_NS);
	return got < 0 ? 0 : n;
}

void ebt_view_empty(struct ebt_view *v)
{
	/* Under overload there is always more. A round may stop short of its bytes: twice. */
	size_t rounds = 2 * ebt_transport_size(&v->transport) / DRAIN_BYTES + 2;

	while (rounds-- && ebt_view_drain(v) > 0)
		;
}

static void report_lost(struct ebt_view *v, unsigned cpu, enum ebt_lost_cause cause, uint64_t now,
			__u64 *before)
{
	struct ebt_event ev = { .type = EBT_EVENT_LOST,
				.cpu = cpu,
				.mono_ns = v->status->mono_ns,
				.lost = { .cause = cause, .count = now - *before } };

	if (now <= *before)
		return;
	*before = now;
	ebt_model_event(v->model, &ev);
	if (v->sink && !v->sink_error)
		v->sink_error = ebt_sink_event(v->sink, &ev);
}

/* Events of that CPU are lost though its buffer is empty: it is not there any more. Once, until
 * something comes from it again: what never fits would be lost from a new one, too. */
static void renew_dead(struct ebt_view *v, unsigned cpu, uint64_t received)
{
	char why[64];

	if (received != v->received[cpu])
		v->renewed[cpu] = false;
	else if (v->params.perf && !v->renewed[cpu] && !v->cpu_peak[cpu] &&
		 v->status->cpu[cpu].lost_ring > v->last[cpu].lost_ring) {
		snprintf(why, sizeof(why), "CPU %u has no buffer: all get new ones", cpu);
		v->renewed[cpu] = ebt_view_renew(v, why);
	}
}

/* Fresh counters: what was lost since the last ones becomes events, the model gets them all.
 * final: nothing runs any more, and the ring is empty. */
static void take_status(struct ebt_view *v, bool final)
{
	struct ebt_model_buffers b = { .counters = v->status->cpu,
				       .ncpu = v->ncpu,
				       .ring_used = ebt_transport_used(&v->transport),
				       .ring_peak = v->ring_peak,
				       .ring_size = ebt_transport_size(&v->transport),
				       .scratch_bytes = v->params.scratch_bytes,
				       .kernel_bytes = v->status->map_bytes,
				       .received = v->received,
				       .gaps = v->gaps,
				       .recursion_misses = v->status->recursion_misses,
				       .final = final,
				       .cpu_ring_size = ebt_transport_cpu_size(&v->transport) };
	uint64_t now_ns;

	v->asked = false;
	for (unsigned i = 0; i < v->ncpu; i++) {
		const struct ebt_decode_cpu *c = ebt_decoder_cpu(v->decoder, i);

		renew_dead(v, i, c->received);
		v->received[i] = c->received;
		v->gaps[i] = c->gaps;
		report_lost(v, i, EBT_LOST_RING, v->status->cpu[i].lost_ring,
			    &v->last[i].lost_ring);
		report_lost(v, i, EBT_LOST_BUSY, v->status->cpu[i].lost_busy,
			    &v->last[i].lost_busy);
	}
	now_ns = ebt_mono_ns();
	if (b.cpu_ring_size)
		b.cpu_ring_peak = v->cpu_peak;
	ebt_model_buffers(v->model, &b, now_ns);
	memset(v->cpu_peak, 0, v->ncpu * sizeof(*v->cpu_peak));
	v->ring_peak = 0;
	ebt_view_advise(v, now_ns);
	ebt_recorder_status(v->recorder, v->status, &b, now_ns);
}

/* The kernel's counts by executable, once all that they count and that was not lost has been taken
 * in. */
static void take_exe_counts(struct ebt_view *v)
{
	uint32_t n = v->status->n_exes;

	ebt_view_empty(v);
	ebt_model_exe_counts(v->model, v->status->exes, n < EBT_EXE_MAX ? n : EBT_EXE_MAX);
}

/* Without losses what arrived is exact; with filters by name it is not what the kernel counted. */
static bool wants_exe_counts(const struct ebt_view *v)
{
	uint64_t lost = 0;

	for (unsigned i = 0; i < v->ncpu; i++)
		lost += v->last[i].lost_ring + v->last[i].lost_busy;
	return lost && !ebt_name_filters_any(&v->names, v->options);
}

void ebt_view_ask_status(struct ebt_view *v)
{
	struct ebt_msg msg = { .type = EBT_MSG_GET_STATUS };
	uint64_t now_ns = ebt_mono_ns();

	if (v->playback || v->asked || v->stopped || now_ns - v->last_status_ns < STATUS_EVERY_NS)
		return;
	v->last_status_ns = now_ns;
	msg.value = wants_exe_counts(v);
	v->asked = ebt_msg_send(v->sock, &msg, NULL, 0) == 0;
}

static void take_message(struct ebt_view *v, const struct ebt_msg *msg, int fds[EBT_MSG_FDS])
{
	switch (msg->type) {
	case EBT_MSG_STATUS:
		take_status(v, false);
		if (msg->value && wants_exe_counts(v))
			take_exe_counts(v);
		break;
	case EBT_MSG_PERF:
		ebt_handover_add(&v->handover, msg, fds);
		break;
	case EBT_MSG_SWAPPED:
		ebt_view_swapped(v, msg, fds);
		break;
	case EBT_MSG_REFUSED:
		ebt_view_refused(v, msg, fds[0]);
		break;
	case EBT_MSG_FILTERED:
		ebt_view_filtered(v, msg);
		break;
	case EBT_MSG_PROGRESS:
		ebt_view_progress(v, (enum ebt_progress)msg->value);
		break;
	case EBT_MSG_STOPPED:
		v->stopped = true;
		v->final_counters = fds[0];
		fds[0] = -1;
		break;
	case EBT_MSG_COMMAND:
		v->command_ended = true;
		break;
	case EBT_MSG_FINISH:
		v->ended = true;
		break;
	case EBT_MSG_LAB:
		if (v->lab_new)
			ebt_cleanup_close(&v->lab_fd);
		v->lab_new = true;
		v->lab_fd = fds[0];
		fds[0] = -1;
		snprintf(v->lab_why, sizeof(v->lab_why), "%s", msg->text);
		break;
	case EBT_MSG_END:
		v->ended = v->expected_end = true;
		break;
	}
}

static void take_messages(struct ebt_view *v)
{
	struct ebt_msg msg;
	int fds[EBT_MSG_FDS], got;

	while ((got = ebt_msg_receive(v->sock, &msg, fds)) != 0) {
		if (got > 0)
			take_message(v, &msg, fds);
		for (int i = 0; i < EBT_MSG_FDS; i++)
			ebt_cleanup_close(&fds[i]);
		/* Whatever it is, it will not become better: EBADMSG alone is one message. */
		if (got < 0 && got != -EBADMSG) {
			v->loader_gone = v->ended = true;
			v->lost_loader = !v->expected_end;
			return;
		}
	}
}

static void take_signals(struct ebt_view *v)
{
	struct signalfd_siginfo info;

	while (read(v->signals, &info, sizeof(info)) == sizeof(info)) {
		bool command_runs = v->options->command && !v->command_ended;

		if (info.ssi_signo == SIGCONT) {
			v->continued = true;
			continue;
		}
		if (info.ssi_signo == SIGINT && command_runs)
			continue; /* the terminal gave it to the command too; we end after it */
		v->ended = true;
	}
}

/* What the writer of files has to say; the view on a terminal shows it, the others warn. */
static void take_trouble(struct ebt_view *v)
{
	const char *text = ebt_recorder_trouble(v->recorder);

	if (!text)
		return;
	if (v->options->mode != EBT_MODE_LIVE) {
		ebt_warn("%s", text);
		return;
	}
	snprintf(v->notice, sizeof(v->notice), "%s", text);
	v->notice_new = v->notice_is_error = true;
}

static void intake_playback(struct ebt_view *v)
{
	ebt_playback_step(v->playback, PLAY_NS);
	ebt_model_tick(v->model, ebt_playback_now_ns(v->playback));
	ebt_recorder_pump(v->recorder);
	take_trouble(v);
}

void ebt_view_intake(struct ebt_view *v)
{
	take_signals(v);
	if (v->playback) {
		intake_playback(v);
		return;
	}
	ebt_view_follow_sleep(v);
	take_messages(v);
	ebt_view_drain(v);
	ebt_homeo_view_intake(v);
	if (v->names_pids)
		ebt_reap_processes(v->model, ebt_mono_ns(), &v->reaped_ns);
	ebt_model_tick(v->model, ebt_mono_ns());
	ebt_recorder_pump(v->recorder);
	take_trouble(v);
}

bool ebt_view_wait(struct ebt_view *v, int extra_fd, int timeout_ms)
{
	struct pollfd fds[5] = { { .fd = v->sock, .events = POLLIN },
				 { .fd = v->signals, .events = POLLIN },
				 { .fd = ebt_transport_fd(&v->transport), .events = POLLIN },
				 { .fd = extra_fd, .events = POLLIN },
				 { .fd = ebt_homeo_view_fd(v->homeo), .events = POLLIN } };

	return poll(fds, 5, timeout_ms) <= 0 || !(fds[0].revents & POLLHUP);
}

void ebt_view_finish(struct ebt_view *v)
{
	struct ebt_msg msg = { .type = EBT_MSG_STOP };
	uint64_t end_ns = ebt_mono_ns() + STOP_TIMEOUT_NS;

	if (v->playback)
		return;

	if (!v->loader_gone)
		ebt_msg_send(v->sock, &msg, NULL, 0);
	while (!v->stopped && !v->loader_gone && ebt_mono_ns() < end_ns) {
		ebt_view_wait(v, -1, 20);
		take_messages(v);
		ebt_view_drain(v);
	}
	ebt_view_empty(v);
	ebt_homeo_view_finish(v);
	flush_incomplete(v, ebt_mono_ns(), 0);
	if (v->stopped) {
		/* A single generation's accounts are those of the whole run. */
		if (v->ended_generations)
			ebt_view_close_generation(v, v->final_counters);
		/* Without these the loader could not tell that all is at rest. */
		take_status(v, v->final_counters >= 0);
	}
	if (v->stopped && wants_exe_counts(v))
		take_exe_counts(v);
	ebt_model_tick(v->model, ebt_mono_ns());
}
