/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/replay/replay_run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "confine/sandbox.h"
#include "processes/keeper/file_reader.h"
#include "processes/replay/export_run.h"
#include "processes/replay/replay_feed.h"
#include "processes/replay/replay_head.h"
#include "processes/replay/replay_input.h"
#include "processes/replay/replay_range.h"
#include "processes/view/lines.h"
#include "processes/view/live_screen.h"

/* State of a run: the playback, and the whole-file export that gets the events instead of the
 * view. */
struct replay_run {
	/* Socket of the file reader (ipc/file_ask.h) for compile-commands, or -1. */
	int file_reader;
	struct ebt_replay replay;
	struct ebt_exporter *export; /* NULL if there is none */
};

/* What was replaced has been told as left out, by the exec that did it. */
static void run_export_pass(const struct ebt_event *ev, void *arg)
{
	struct replay_run *run = arg;

	if (ev->type != EBT_EVENT_REPLACED)
		ebt_export_event(run->export, ev);
}

static void run_export_leave_out(const struct ebt_event *ev, void *arg)
{
	struct replay_run *run = arg;

	ebt_export_left_out(run->export, ev);
}

static const struct ebt_event_filter_ops run_event_filter_ops = { run_export_pass,
								  run_export_leave_out };

/* Give an event to the export, and to the model, in which the filters look for what was shown. */
static void run_export_event(struct replay_run *run, const struct ebt_event *ev)
{
	struct ebt_view *v = run->replay.feed.view;
	struct ebt_event judged = *ev;
	bool shown = ebt_name_filters_apply(&v->names, v->model, &judged);

	if (shown)
		ebt_model_event(v->model, &judged);
	else if (ev->type == EBT_EVENT_EXIT)
		ebt_model_end_unshown(v->model, ev);
	if (!shown || judged.type == EBT_EVENT_REPLACED)
		ebt_export_left_out(run->export, ev);
	if (shown && v->event_filter)
		ebt_event_filter_event(v->event_filter, &judged);
	else if (shown)
		run_export_pass(&judged, run);
}

static void run_on_event(const struct ebt_event *ev, void *arg)
{
	struct replay_run *run = arg;
	struct ebt_replay *pb = &run->replay;
	struct ebt_view *v = pb->feed.view;
	bool process = ev->type == EBT_EVENT_EXEC || ev->type == EBT_EVENT_EXIT;
	struct ebt_event judged = *ev;

	if (ev->mono_ns < pb->from_ns || ev->mono_ns > pb->to_ns)
		return;
	if (process)
		judged.unwanted |= !ebt_replay_filter_wants(&pb->filter, v->model, ev);
	if (run->export && process)
		run_export_event(run, &judged);
	else if (run->export)
		ebt_export_event(run->export, ev);
	else if (process)
		ebt_view_event(v, &judged);
	else if (ebt_view_enough(v))
		ebt_model_event(v->model, ev);
	else
		ebt_view_unfiltered(v, ev);
}

static void run_on_status(const struct ebt_player *p, void *arg)
{
	struct replay_run *run = arg;

	ebt_player_give_buffers(p, run->replay.feed.view->model);
}

static const struct ebt_player_ops player_ops = { .event = run_on_event, .status = run_on_status };

static void run_take_params(struct ebt_replay *pb, const struct ebt_frame_start *start)
{
	pb->generation = start->generation;
	pb->params = (struct ebt_params){ .scratch_bytes = start->scratch_bytes,
					  .ring_bytes = start->ring_bytes,
					  .args_limit = start->args_limit,
					  .env_limit = start->env_limit,
					  .paths = start->paths,
					  .failed = start->failed,
					  .perf = start->perf };
}

/* The recording must not be overwritten before it is read. SQLite refuses that by itself. */
static int run_keep_recording(const struct ebt_replay *pb, char *why, size_t why_len)
{
	const struct ebt_options *o = pb->feed.view->options;
	unsigned parts = o->rotate.count ? o->rotate.count : EBT_PARTS_MAX;
	const struct {
		const char *path, *option;
		unsigned count;
	} files[] = { { o->write_file, "-w", o->rotate.given ? parts : 1 },
		      { o->metrics_file, "--metrics", 1 },
		      { o->out_file, "-o", 1 } };

	/* What is appended to the recording would be read again. */
	if (ebt_parts_reader_reads(pb->reader, "/dev/stdout", 1)) {
		snprintf(
			why, why_len,
			"cannot write standard output: it is the recording that -r reads, or a part "
			"of it; redirect it to another file");
		return -EEXIST;
	}

	for (size_t i = 0; i < EBT_ARRAY_SIZE(files); i++) {
		if (!files[i].path ||
		    !ebt_parts_reader_reads(pb->reader, files[i].path, files[i].count))
			continue;
		snprintf(
			why, why_len,
			"cannot write %s: it is the recording that -r reads, or a part of it; give "
			"%s another name",
			files[i].path, files[i].option);
		return -EEXIST;
	}
	return 0;
}

static int run_open_recording(struct ebt_replay *pb, char *why, size_t why_len)
{
	const char *path = pb->feed.view->options->read_file;
	int fd, err = ebt_replay_input_open(pb->feed.view, &fd, why, why_len);

	if (err)
		return err;
	if (fd < 0)
		return ebt_parts_reader_new(&pb->reader, path, EBT_ABI_VERSION, why, why_len);
	err = ebt_parts_reader_new_fd(&pb->reader, fd, EBT_ABI_VERSION);
	if (err)
		snprintf(why, why_len, "cannot read %s: %s", path, ebt_parts_reader_words(err));
	return err;
}

static int run_prepare(struct ebt_replay *pb, char *why, size_t why_len)
{
	struct ebt_view *v = pb->feed.view;
	const struct ebt_options *o = v->options;
	struct ebt_model_options mo = { .history_bytes = ebt_view_history_bytes(o) };
	int err = run_open_recording(pb, why, why_len);

	if (!err)
		err = run_keep_recording(pb, why, why_len);
	if (!err)
		err = ebt_recorder_new(&v->recorder, o, why, why_len);
	if (!err)
		err = ebt_replay_read_head(pb);
	if (!err)
		err = ebt_replay_filter_init(&pb->filter, o, pb->reader, why, why_len);
	if (err)
		return err;
	mo.ncpu = pb->player.start.ncpu ? pb->player.start.ncpu : 1;
	v->mono_to_real_ns = mo.mono_to_real_ns = pb->player.clock.mono_to_real_ns;
	pb->first_clock_ns = v->mono_to_real_ns;
	run_take_params(pb, &pb->player.start);
	err = ebt_model_new(&v->model, &mo);
	if (!err)
		err = ebt_facts_parse(&v->facts, (struct ebt_bytes){ pb->player.facts.text.data,
								     pb->player.facts.text.len });
	pb->player.names = v->model;
	ebt_replay_range(pb);
	pb->speed = o->speed ? o->speed : EBT_SPEED_MAX;
	pb->base_ns = pb->from_ns ? pb->from_ns : pb->first_ns;
	pb->skip_until_ns = pb->from_ns;
	pb->base_wall_ns = ebt_mono_ns();
	v->start_ns = pb->first_ns;
	return err;
}

/* Print lines as in a live run, and at the end the accounting, unless the recording has no end. */
static int run_lines(struct ebt_replay *pb)
{
	struct ebt_view *v = pb->feed.view;

	while (!v->ended && !ebt_view_enough(v) && !pb->at_end) {
		int timeout_ms = ebt_replay_timeout_ms(pb);

		if (timeout_ms != 0) {
			/* With a given speed each event is shown when it is due. */
			if (!v->sink_error)
				ebt_view_output_failed(v, ebt_sink_flush(v->sink));
			ebt_replay_ops.wait(&pb->feed, -1, timeout_ms);
		}
		ebt_replay_ops.intake(&pb->feed);
	}
	if (pb->at_end)
		ebt_view_finish_filter(v);
	if (!v->sink_error)
		v->sink_error = ebt_sink_flush(v->sink);
	if (!v->sink_error && pb->at_end && !ebt_view_enough(v) &&
	    pb->player.end.flags & EBT_END_SUMMARY)
		v->sink_error = ebt_lines_summary(v, pb->player.end.mono_ns);
	if (ebt_view_output_status(v) != EBT_EXIT_OK)
		return EBT_EXIT_FAILURE;
	/* An interrupted export must not replace a complete file. */
	return v->ended && v->options->out_file ? EBT_EXIT_FAILURE : EBT_EXIT_OK;
}

/* Print a frame per delay of recorded time, however long playing it takes. */
static int run_batch(struct ebt_replay *pb)
{
	_cleanup_buf_ struct ebt_buf out = { 0 };
	struct ebt_view *v = pb->feed.view;
	uint64_t n = v->options->iterations, frames = 0;
	uint64_t at_ns = pb->base_ns;

	while (!v->ended && !pb->at_end && (!n || frames < n)) {
		at_ns += v->options->delay_ns;
		pb->limit_ns = at_ns;
		do {
			ebt_replay_ops.wait(&pb->feed, -1, ebt_replay_timeout_ms(pb));
			ebt_replay_ops.intake(&pb->feed);
		} while (!v->ended && !pb->at_end && !ebt_replay_limited(pb));
		ebt_model_tick(v->model, at_ns);
		if (!v->sink_error)
			ebt_view_output_failed(
				v, ebt_batch_write_frame(&pb->feed, &out,
							 pb->at_end ? pb->player.now_ns : at_ns));
		frames++;
	}
	return ebt_view_output_status(v);
}

static int run_export(struct replay_run *run, int out)
{
	struct ebt_view *v = run->replay.feed.view;
	int err = ebt_export_new(&run->export, &run->replay, out, run->file_reader), status;

	if (!err && v->options->filter)
		err = ebt_event_filter_new(&v->event_filter, v->options->filter, v->model,
					   &run_event_filter_ops, run);
	if (err) {
		ebt_error("cannot export: %s", strerror(-err));
		return EBT_EXIT_FAILURE;
	}
	status = ebt_export_run(run->export);
	ebt_export_free(&run->export);
	return status;
}

static int run_mode(struct replay_run *run, struct ebt_user_settings *settings, int out)
{
	struct ebt_replay *pb = &run->replay;
	struct ebt_view *v = pb->feed.view;
	char why[256];

	if (v->options->mode == EBT_MODE_LIVE)
		return ebt_live_screen_run(&pb->feed, settings);
	if (ebt_sandbox_seccomp(why, sizeof(why))) {
		ebt_error("%s", why);
		return EBT_EXIT_FAILURE;
	}
	pb->progress = isatty(STDERR_FILENO) && !isatty(out) && pb->speed == EBT_SPEED_MAX;
	pb->progress_ns = ebt_mono_ns();
	switch (v->options->mode) {
	case EBT_MODE_EXPORT:
		return run_export(run, out);
	case EBT_MODE_BATCH:
		return run_batch(pb);
	default:
		return run_lines(pb);
	}
}

/* Open files with the rights of the invoking user: drop privileges first if sudo names another
 * user, else when the files are open. */
static int run_open_all(struct ebt_replay *pb, char *why, size_t why_len)
{
	bool other = ebt_sandbox_invoker_differs();
	int err = other ? ebt_sandbox_drop(why, why_len) : 0;

	if (!err)
		err = run_prepare(pb, why, why_len);
	if (!err && !other)
		err = ebt_sandbox_drop(why, why_len);
	return err;
}

static int run_play(const struct ebt_options *o, int out)
{
	struct ebt_view v = { .options = o,
			      .names = { .comm = &o->comm, .match = &o->match },
			      .signals = -1 };
	struct replay_run run = { .file_reader = -1, .replay.feed = { &ebt_replay_ops, &v } };
	struct ebt_replay *pb = &run.replay;
	struct ebt_user_settings settings = { .read_file = o->read_file };
	int err, status = EBT_EXIT_FAILURE;
	char why[512] = "";

	ebt_filters_from(&pb->filters, o, why, sizeof(why));
	ebt_player_init(&pb->player, &player_ops, &run);
	err = ebt_view_open_signals(&v);
	if (!err && o->mode == EBT_MODE_LIVE)
		ebt_user_settings_open(&settings);
	/* Started before the rights are dropped, so that it can read the files of the user who
	 * started us. */
	if (!err && o->mode == EBT_MODE_EXPORT && o->export_format == EBT_EXPORT_COMPILE_COMMANDS) {
		run.file_reader = ebt_file_reader_start();
		err = run.file_reader < 0 ? run.file_reader : 0;
	}
	if (!err)
		err = run_open_all(pb, why, sizeof(why));
	if (!err && o->mode != EBT_MODE_EXPORT)
		err = ebt_view_set_filter(&v);
	if (!err)
		err = ebt_view_open_sink(&v, out);
	if (!err)
		ebt_replay_range_check(pb);
	if (err)
		ebt_error("%s", *why ? why : strerror(-err));
	else
		status = run_mode(&run, &settings, out);
	if (!status && pb->error) {
		ebt_error("cannot read %s: %s", o->read_file, strerror(-pb->error));
		status = EBT_EXIT_FAILURE;
	}
	ebt_recorder_finish(v.recorder);
	ebt_view_report_end(&v);
	if (status == EBT_EXIT_OK && ebt_recorder_failed(v.recorder))
		status = EBT_EXIT_FAILURE;
	ebt_player_deinit(&pb->player);
	ebt_replay_filter_deinit(&pb->filter);
	ebt_parts_reader_free(&pb->reader);
	ebt_user_settings_close(&settings);
	ebt_cleanup_close(&run.file_reader);
	ebt_view_free(&v);
	return status;
}

int ebt_replay_run(const struct ebt_options *options)
{
	struct ebt_options o = *options;
	int status;

	ebt_sandbox_locale();
	/* Write -J or --csv lines into a file that is complete or does not exist. */
	if (o.mode == EBT_MODE_EXPORT && o.export_format == EBT_EXPORT_JSON)
		o.mode = EBT_MODE_JSON;
	if (o.mode == EBT_MODE_EXPORT && o.export_format == EBT_EXPORT_CSV)
		o.mode = EBT_MODE_CSV;
	if (o.out_file && strcmp(o.out_file, "-") == 0)
		o.out_file = NULL;
	if (o.out_file)
		return ebt_export_to_file(&o, run_play);
	status = run_play(&o, STDOUT_FILENO);
	return status == EBT_EXPORT_IS_EMPTY ? EBT_EXIT_OK : status;
}
