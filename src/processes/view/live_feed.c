/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/view/live_feed.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/format.h"
#include "processes/view/seed_processes.h"
#include "processes/view/tuning_form.h"
#include "ui/core/ui.h"

/* Detaching fexit programs waits for tasks to be scheduled, which takes seconds on a busy machine. A
 * loader that has ended is noticed at once. */
#define STOP_TIMEOUT_NS 10000000000ull

static struct ebt_live_feed *live_of(const struct ebt_feed *feed)
{
	return (struct ebt_live_feed *)feed; /* its first member */
}

static bool live_wait(struct ebt_feed *feed, int extra_fd, int timeout_ms)
{
	struct ebt_live_feed *f = live_of(feed);
	struct pollfd fds[7] = {
		{ .fd = f->link.sock, .events = POLLIN },
		{ .fd = feed->view->signals, .events = POLLIN },
		{ .fd = ebt_transport_fd(&f->link.reader.transport), .events = POLLIN },
		{ .fd = extra_fd, .events = POLLIN },
		{ .fd = ebt_homeo_view_fd(f->homeo), .events = POLLIN },
		{ .fd = ebt_recorder_wait_fd(feed->view->recorder), .events = POLLOUT },
		{ .fd = ebt_view_reader_fd(feed->view) }
	};

	if (poll(fds, 7, timeout_ms) <= 0)
		return true;
	ebt_view_reader_polled(feed->view, fds[6].revents);
	return !(fds[0].revents & POLLHUP);
}

/* The ring is looked at every poll_ms; at the start, when somebody waits for the first exec, after
 * half of the time that has passed. */
static int live_timeout_ms(const struct ebt_feed *feed)
{
	const struct ebt_live_feed *f = live_of(feed);
	uint64_t soon_ms = 1 + (ebt_mono_ns() - feed->view->start_ns) / 1000000 / 2;

	return (int)(soon_ms < f->link.retune.poll_ms ? soon_ms : f->link.retune.poll_ms);
}

/* Correct the times of day after the machine was suspended. */
static void live_follow_suspend(struct ebt_live_feed *f)
{
	struct ebt_view *v = f->feed.view;
	uint64_t slept_ns = ebt_suspend_clock_check(&f->suspend);
	char text[64], length[EBT_FMT_LEN];

	if (!slept_ns)
		return;
	/* Nearly all that waits is from before, and gets the times of before. */
	ebt_ring_reader_empty(&f->link.reader);
	ebt_view_set_clock(v, v->mono_to_real_ns + (int64_t)slept_ns);
	ebt_recorder_clock(v->recorder, ebt_mono_ns(), v->mono_to_real_ns);
	snprintf(text, sizeof(text), "the machine was suspended for %s",
		 ebt_fmt_duration(length, ebt_suspend_clock_round(slept_ns)));
	ebt_view_note(v, text);
	/* Suspend takes all CPUs but one offline, and frees their perf buffers. */
	ebt_retune_renew(&f->link.retune, "the CPUs' buffers are gone: all get new ones");
}

static void live_intake(struct ebt_feed *feed)
{
	struct ebt_live_feed *f = live_of(feed);
	struct ebt_view *v = feed->view;

	ebt_view_take_signals(v);
	live_follow_suspend(f);
	ebt_seed_take(&f->processes, 0, v->model, v->recorder);
	ebt_loader_link_take(&f->link);
	if (!ebt_recorder_behind(v->recorder))
		ebt_ring_reader_drain(&f->link.reader);
	ebt_cgroup_lookup_ask(&f->link.reader.cgroups, v->model);
	ebt_ring_reader_take_users(&f->link.reader, 0);
	ebt_homeo_view_intake(f->homeo);
	if (f->names_pids) {
		ebt_reap_processes(v->model, ebt_mono_ns(), &f->reaped_ns);
		ebt_sample_cpu(v->model, ebt_mono_ns(), &f->sampled_ns);
	}
	ebt_model_tick(v->model, ebt_mono_ns());
	ebt_recorder_pump(v->recorder);
	ebt_view_report_recorder(v);
}

static void live_refresh(struct ebt_feed *feed, struct ebt_ui *ui, bool now)
{
	struct ebt_live_feed *f = live_of(feed);

	ebt_status_reader_ask(&f->link.status, now);
	if (ui)
		ebt_homeo_view_refresh(f->homeo, ui);
}

/* Wait until the programs are detached, and take in what they have sent. */
static void live_stop_programs(struct ebt_live_feed *f)
{
	struct ebt_loader_link *l = &f->link;
	uint64_t end_ns = ebt_mono_ns() + STOP_TIMEOUT_NS;

	if (!l->gone)
		ebt_loader_link_send(l, EBT_MSG_STOP);
	while (!l->status.stopped && !l->gone && ebt_mono_ns() < end_ns) {
		live_wait(&f->feed, -1, 20);
		ebt_loader_link_take(l);
		ebt_ring_reader_drain(&l->reader);
	}
	ebt_ring_reader_empty(&l->reader);
}

static uint64_t live_finish(struct ebt_feed *feed)
{
	struct ebt_live_feed *f = live_of(feed);
	struct ebt_loader_link *l = &f->link;
	struct ebt_view *v = feed->view;
	uint64_t now_ns;

	live_stop_programs(f);
	ebt_homeo_view_finish(f->homeo);
	ebt_ring_reader_flush(&l->reader, ebt_mono_ns(), 0);
	ebt_cgroup_lookup_ask(&l->reader.cgroups, v->model);
	if (l->status.stopped) {
		/* The accounts of a single generation are those of the whole run, shown anyway. */
		if (l->accounting.ended)
			ebt_loader_link_close_generation(l, l->final_counters);
		/* The counters are final only if the loader could tell that all is at rest. */
		ebt_status_reader_take(&l->status, l->final_counters >= 0);
		ebt_status_reader_take_exes(&l->status);
	}
	now_ns = ebt_mono_ns();
	ebt_model_tick(v->model, now_ns);
	ebt_recorder_end(v->recorder, now_ns, l->status.stopped);
	return now_ns;
}

static void live_append_frame(struct ebt_feed *feed, struct ebt_buf *out)
{
	ebt_homeo_view_table(live_of(feed)->homeo, out);
}

/* Everything can be had for processes of this machine. */
static void live_ui_options(struct ebt_feed *feed, struct ebt_ui_options *options)
{
	(void)feed;
	(void)options;
}

static int live_open_screen(struct ebt_feed *feed, struct ebt_ui *ui)
{
	return ebt_homeo_view_screen(live_of(feed)->homeo, ui);
}

static void live_close_screen(struct ebt_feed *feed)
{
	ebt_lab_view_free(&live_of(feed)->lab);
}

static void live_lend_refusal(const struct ebt_retune *r, struct ebt_ui_status *status)
{
	status->refused = *r->refused ? r->refused : NULL;
	status->refusal = (struct ebt_bytes){ r->refusal.data, r->refusal.len };
}

static void live_fill_advice(const struct ebt_advice *advice, struct ebt_ui_status *status)
{
	status->advised = status->tuning;
	status->advised.scratch_bytes = advice->scratch_bytes;
	status->advised.ring_bytes = advice->ring_bytes;
	status->advice_count = advice->n;
	for (unsigned i = 0; i < advice->n; i++)
		status->advice[i] = advice->text[i];
}

static void live_fill_status(struct ebt_feed *feed, struct ebt_ui_status *status)
{
	struct ebt_live_feed *f = live_of(feed);
	const struct ebt_loader_link *l = &f->link;
	const struct ebt_retune *r = &l->retune;

	status->generation = r->generation;
	status->ended_generations = l->accounting.ended;
	status->broken_generations = l->accounting.broken;
	status->compiling = r->running;
	status->compiling_since_ns = r->since_ns;
	status->loading = r->progress == EBT_PROGRESS_LOADING;
	status->transport = r->params.perf ? "perf" : "ring";
	if (*l->status.hooks) {
		status->hooks = l->status.hooks;
		status->offsets = l->status.offsets_cached ? "BTF, cached" : "BTF";
	}
	status->filters = ebt_filters_words(&r->filters, false, f->filters, sizeof(f->filters));
	if (!*status->filters)
		status->filters = NULL;
	status->ended = feed->view->command_ended;
	status->bad_records = ebt_decoder_stats(l->reader.decoder).bad_records;
	ebt_tuning_form_fill(&status->tuning, &r->params, &r->filters, r->poll_ms);
	live_fill_advice(&l->auto_size.advice, status);
	live_lend_refusal(r, status);
	ebt_command_view_fill(&f->link.command, status);
}

static void live_update_screen(struct ebt_feed *feed, struct ebt_ui *ui,
			       struct ebt_ui_status *status)
{
	struct ebt_live_feed *f = live_of(feed);
	const struct ebt_retune *r = &f->link.retune;

	live_lend_refusal(r, status);
	if (r->running != status->compiling ||
	    (r->progress == EBT_PROGRESS_LOADING) != status->loading)
		ebt_ui_touch(ui);
	if (ebt_lab_view_take(&f->lab, &f->link.lab, r->generation, ui))
		ebt_loader_link_send(&f->link, EBT_MSG_GET_LAB);
}

static void live_request(struct ebt_feed *feed, struct ebt_ui *ui,
			 const struct ebt_ui_request *request)
{
	struct ebt_live_feed *f = live_of(feed);

	switch (request->type) {
	case EBT_REQ_RETUNE:
		ebt_retune_from_form(&f->link.retune, &request->shown, &request->tuning);
		break;
	case EBT_REQ_LAB:
		ebt_lab_view_open(&f->lab, f->link.retune.generation);
		ebt_loader_link_send(&f->link, EBT_MSG_GET_LAB);
		break;
	case EBT_REQ_QUIT_AND_KILL:
		ebt_loader_link_send(&f->link, EBT_MSG_END_COMMAND);
		break;
	case EBT_REQ_PROFILE:
		ebt_homeo_view_act(f->homeo, ui, request->profile);
		break;
	default:
		break;
	}
}

/* The loader stops the whole job: the view may not send it signals. */
static void live_suspend(struct ebt_feed *feed)
{
	ebt_loader_link_send(&live_of(feed)->link, EBT_MSG_SUSPEND);
}

/* Events go on; the ui itself shows what there was before the pause. */
static void live_set_paused(struct ebt_feed *feed, bool paused)
{
	(void)feed;
	(void)paused;
}

static const struct ebt_feed_ops live_ops = {
	.wait = live_wait,
	.intake = live_intake,
	.timeout_ms = live_timeout_ms,
	.refresh = live_refresh,
	.finish = live_finish,
	.append_frame = live_append_frame,
	.ui_options = live_ui_options,
	.open_screen = live_open_screen,
	.close_screen = live_close_screen,
	.fill_status = live_fill_status,
	.update_screen = live_update_screen,
	.request = live_request,
	.suspend = live_suspend,
	.set_paused = live_set_paused,
};

int ebt_live_feed_init(struct ebt_live_feed *f, struct ebt_view *view, int sock, int query_sock,
		       const int homeo[2])
{
	*f = (struct ebt_live_feed){ .feed = { &live_ops, view } };
	ebt_loader_link_init(&f->link, view, sock, query_sock);
	ebt_suspend_clock_init(&f->suspend);
	return ebt_homeo_view_new(&f->homeo, view, homeo);
}

void ebt_live_feed_free(struct ebt_live_feed *f)
{
	ebt_process_list_free(&f->processes);
	ebt_homeo_view_free(&f->homeo);
	ebt_loader_link_free(&f->link);
}

int ebt_live_feed_await_start(struct ebt_live_feed *f)
{
	int got;

	do {
		live_wait(&f->feed, -1, -1);
		/* One that asks to end is obeyed when tracing runs; it must not stay readable. */
		ebt_view_take_signals(f->feed.view);
		got = ebt_loader_link_start(&f->link);
	} while (got == 0);
	if (got < 0)
		return got == -EPIPE ? 0 : got;
	ebt_homeo_view_begin(f->homeo);
	return 1;
}
