/* SPDX-License-Identifier: BSD-3-Clause */
/* lines.c - the view without a screen: one line an event (-e, -J, --csv), or frames of text
 * (-b). */
#include <errno.h>
#include <inttypes.h>
#include <langinfo.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "confine/sandbox.h"
#include "processes/view/view_internal.h"
#include "sink/batch.h"
#include "sink/summary.h"

static int confine(void)
{
	char why[256];
	int err = ebt_sandbox_seccomp(why, sizeof(why));

	if (err)
		ebt_error("%s", why);
	return err;
}

/* The last words: the law, CPU by CPU. Machine-readable where the events are; else only when
 * something was lost. */
int ebt_view_summary(struct ebt_view *v, uint64_t now_ns)
{
	_cleanup_buf_ struct ebt_buf out = { 0 };
	struct ebt_query query = { .list = EBT_LIST_NONE };
	struct ebt_snapshot snap;

	ebt_snapshot_take(v->model, &query, now_ns, &snap);
	if (v->options->mode == EBT_MODE_JSON && v->options->json_format == EBT_SINK_JSON) {
		ebt_summary_json(&out, &snap, v->mono_to_real_ns);
		return out.error ? out.error : ebt_write_all(v->out_fd, out.data, out.len);
	}
	if (snap.lost_total || snap.cut)
		ebt_warn("lost %" PRIu64 " events (ring full %" PRIu64 ", buffers busy %" PRIu64
			 "), cut %" PRIu64 ": a larger --ring helps",
			 snap.lost_total, snap.lost_ring, snap.lost_busy, snap.cut);
	if (!snap.law_holds)
		ebt_warn("the counters do not add up: this is a bug, please report it");
	return 0;
}

/* A reader that has gone away (EPIPE) has had enough. */
static bool say_sink_error(const struct ebt_view *v)
{
	if (!v->sink_error || v->sink_error == -EPIPE)
		return false;
	ebt_error("cannot write the output: %s", strerror(-v->sink_error));
	return true;
}

int ebt_view_lines(struct ebt_view *v)
{
	int err = confine();
	uint64_t now_ns;

	if (err)
		return EBT_EXIT_FAILURE;
	while (!v->ended && !v->sink_error && !ebt_view_enough(v)) {
		ebt_view_wait(v, -1, ebt_view_look_ms(v));
		ebt_view_intake(v);
		if (!v->sink_error)
			v->sink_error = ebt_sink_flush(v->sink);
		ebt_view_ask_status(v);
		v->ended |= v->command_ended;
	}
	if (ebt_view_enough(v)) {
		ebt_recorder_end(v->recorder, ebt_mono_ns(), false);
		return say_sink_error(v) ? EBT_EXIT_FAILURE : EBT_EXIT_OK;
	}
	ebt_view_finish(v);
	if (!v->sink_error)
		v->sink_error = ebt_sink_flush(v->sink);
	now_ns = ebt_mono_ns();
	ebt_recorder_end(v->recorder, now_ns, v->stopped);
	if (!v->sink_error)
		v->sink_error = ebt_view_summary(v, now_ns);
	if (say_sink_error(v))
		return EBT_EXIT_FAILURE;
	if (v->lost_loader) {
		ebt_error("the loader has ended; tracing is over");
		return EBT_EXIT_FAILURE;
	}
	return EBT_EXIT_OK;
}

int ebt_view_frame(struct ebt_view *v, struct ebt_buf *out, uint64_t now_ns)
{
	const struct ebt_options *o = v->options;
	struct winsize size = { 0 };
	struct ebt_batch_options bo = { .group_by = o->group_by,
					.sort = o->sort,
					.invert = o->invert,
					.ascii = o->no_unicode ||
						 strcmp(nl_langinfo(CODESET), "UTF-8") != 0 };

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		bo.width = size.ws_col;

	ebt_buf_reset(out);
	ebt_batch_frame(out, v->model, &bo, now_ns);
	ebt_homeo_view_table(v, out);
	return out->error ? out->error : ebt_write_all(v->out_fd, out->data, out->len);
}

/* Waits and takes in until the time of the next frame. */
static void until(struct ebt_view *v, uint64_t at_ns)
{
	uint64_t now_ns;

	while (!v->ended && (now_ns = ebt_mono_ns()) < at_ns) {
		uint64_t left_ms = (at_ns - now_ns) / 1000000 + 1;

		ebt_view_wait(v, -1,
			      left_ms < (uint64_t)ebt_view_poll_ms(v) ? (int)left_ms
								      : ebt_view_poll_ms(v));
		ebt_view_intake(v);
		v->ended |= v->command_ended;
	}
}

/* After a pause (Ctrl-Z, an output that nobody took) it goes on from there: frames that were missed
 * would all say the same at once. */
static uint64_t next_frame_ns(uint64_t last_ns, uint64_t now_ns, uint64_t delay_ns)
{
	return (now_ns > last_ns + delay_ns ? now_ns : last_ns) + delay_ns;
}

int ebt_view_batch(struct ebt_view *v)
{
	_cleanup_buf_ struct ebt_buf out = { 0 };
	uint64_t next_ns = v->start_ns, frames = 0, n = v->options->iterations;
	int err = confine();

	if (err)
		return EBT_EXIT_FAILURE;
	while (!err && !v->ended && (!n || frames < n)) {
		next_ns = next_frame_ns(next_ns, ebt_mono_ns(), v->options->delay_ns);
		until(v, next_ns);
		if (v->ended)
			break;
		v->last_status_ns = 0;
		ebt_view_ask_status(v);
		until(v, ebt_mono_ns() + 5000000);
		err = ebt_view_frame(v, &out, ebt_mono_ns());
		frames++;
	}
	if (!err && (!n || frames < n)) {
		/* The last, with everything in it. */
		ebt_view_finish(v);
		ebt_recorder_end(v->recorder, ebt_mono_ns(), v->stopped);
		err = ebt_view_frame(v, &out, ebt_mono_ns());
	}
	if (err && err != -EPIPE) {
		ebt_error("cannot write the output: %s", strerror(-err));
		return EBT_EXIT_FAILURE;
	}
	if (v->lost_loader) {
		ebt_error("the loader has ended; tracing is over");
		return EBT_EXIT_FAILURE;
	}
	return EBT_EXIT_OK;
}
