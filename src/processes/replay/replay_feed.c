/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/replay/replay_feed.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/format.h"
#include "processes/view/tuning_form.h"
#include "processes/view/view.h"
#include "ui/core/ui.h"

#define PLAY_NS 100000000u    /* wall time to play at once, so that keys are handled in between */
#define SEEK_NS 10000000000ll /* jump of a key */

static struct ebt_replay *replay_of(const struct ebt_feed *feed)
{
	return (struct ebt_replay *)feed; /* it is the first member */
}

static bool replay_wait(struct ebt_feed *feed, int extra_fd, int timeout_ms)
{
	struct pollfd fds[4] = { { .fd = feed->view->signals, .events = POLLIN },
				 { .fd = extra_fd, .events = POLLIN },
				 { .fd = ebt_recorder_wait_fd(feed->view->recorder),
				   .events = POLLOUT },
				 { .fd = ebt_view_reader_fd(feed->view) } };

	if (poll(fds, 4, timeout_ms) > 0)
		ebt_view_reader_polled(feed->view, fds[3].revents);
	return true;
}

static void replay_intake(struct ebt_feed *feed)
{
	struct ebt_replay *pb = replay_of(feed);
	bool jumping = pb->skip_until_ns != 0;

	ebt_view_take_signals(feed->view);
	if (!ebt_recorder_behind(feed->view->recorder))
		ebt_replay_step(pb, PLAY_NS);
	pb->jumped |= jumping && !pb->skip_until_ns;
	ebt_model_tick(feed->view->model, ebt_replay_now_ns(pb));
	ebt_recorder_pump(feed->view->recorder);
	ebt_view_report_recorder(feed->view);
}

static int replay_timeout_ms(const struct ebt_feed *feed)
{
	int look_ms = (int)feed->view->options->poll_ms,
	    due_ms = ebt_replay_timeout_ms(replay_of(feed));

	return due_ms >= 0 && due_ms < look_ms ? due_ms : look_ms;
}

/* Nothing to do: counters come with the frames. */
static void replay_refresh(struct ebt_feed *feed, struct ebt_ui *ui, bool now)
{
	(void)feed;
	(void)ui;
	(void)now;
}

/* A copied recording gets the end of the original. */
static uint64_t replay_finish_copy(struct ebt_feed *feed)
{
	return ebt_replay_now_ns(replay_of(feed));
}

static void replay_append_frame(struct ebt_feed *feed, struct ebt_buf *out)
{
	(void)feed;
	(void)out;
}

/* The recorded processes are not those of this machine, so no executable is described. */
static void replay_ui_options(struct ebt_feed *feed, struct ebt_ui_options *options)
{
	(void)feed;
	options->describe_exe = NULL;
}

static int replay_open_screen(struct ebt_feed *feed, struct ebt_ui *ui)
{
	(void)feed;
	(void)ui;
	return 0;
}

static void replay_close_screen(struct ebt_feed *feed)
{
	(void)feed;
}

static void replay_fill_status(struct ebt_feed *feed, struct ebt_ui_status *status)
{
	struct ebt_replay *pb = replay_of(feed);
	const struct ebt_view *v = feed->view;
	const char *kernel = ebt_facts_get(&v->facts, "kernel");
	const char *words =
		ebt_filters_words(&pb->filters, false, pb->filters_text, sizeof(pb->filters_text));
	char clock[EBT_FMT_LEN];

	status->generation = pb->generation;
	status->transport = "file";
	status->replay = v->options->read_file;
	status->filters = *words ? words : NULL;
	status->data_now_ns = ebt_replay_now_ns(pb);
	ebt_fmt_clock(clock, status->data_now_ns + (uint64_t)v->mono_to_real_ns, 0);
	if (pb->speed == EBT_SPEED_MAX)
		snprintf(pb->place, sizeof(pb->place), "%s", clock);
	else
		snprintf(pb->place, sizeof(pb->place), "%s x%u", clock, pb->speed);
	status->replay_state = pb->place;
	status->ended = pb->at_end;
	status->kernel = kernel ? kernel : "unknown";
	status->command = ebt_facts_get(&v->facts, "command");
	if (pb->player.decoder)
		status->bad_records = ebt_decoder_stats(pb->player.decoder).bad_records;
	ebt_tuning_form_fill(&status->tuning, &pb->params, &pb->filters, v->options->poll_ms);
	status->advised = status->tuning;
}

static void replay_update_screen(struct ebt_feed *feed, struct ebt_ui *ui,
				 struct ebt_ui_status *status)
{
	struct ebt_replay *pb = replay_of(feed);

	(void)status;
	if (pb->jumped)
		ebt_ui_pause_again(ui);
	pb->jumped = false;
}

static void replay_request(struct ebt_feed *feed, struct ebt_ui *ui,
			   const struct ebt_ui_request *request)
{
	struct ebt_replay *pb = replay_of(feed);

	switch (request->type) {
	case EBT_REQ_SLOWER:
	case EBT_REQ_FASTER:
		ebt_replay_speed(pb, request->type == EBT_REQ_FASTER);
		break;
	case EBT_REQ_SEEK_BACK:
	case EBT_REQ_SEEK_ON:
		ebt_replay_seek(pb, request->type == EBT_REQ_SEEK_ON ? SEEK_NS : -SEEK_NS);
		break;
	default:
		return;
	}
	ebt_ui_touch(ui);
}

/* There is no loader, so the shell waits for this process. */
static void replay_suspend(struct ebt_feed *feed)
{
	(void)feed;
	kill(getpid(), SIGTSTP);
}

static void replay_set_paused(struct ebt_feed *feed, bool paused)
{
	replay_of(feed)->paused = paused;
}

const struct ebt_feed_ops ebt_replay_ops = {
	.wait = replay_wait,
	.intake = replay_intake,
	.timeout_ms = replay_timeout_ms,
	.refresh = replay_refresh,
	.finish = replay_finish_copy,
	.append_frame = replay_append_frame,
	.ui_options = replay_ui_options,
	.open_screen = replay_open_screen,
	.close_screen = replay_close_screen,
	.fill_status = replay_fill_status,
	.update_screen = replay_update_screen,
	.request = replay_request,
	.suspend = replay_suspend,
	.set_paused = replay_set_paused,
};
