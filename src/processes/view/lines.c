/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/view/lines.h"

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
#include "sink/batch.h"
#include "sink/summary.h"

#define ANSWER_NS 5000000 /* fresh counters for a frame arrive within that time */

static int lines_confine(void)
{
	char why[256];
	int err = ebt_sandbox_seccomp(why, sizeof(why));

	if (err)
		ebt_error("%s", why);
	return err;
}

int ebt_lines_summary(struct ebt_view *v, uint64_t now_ns)
{
	_cleanup_buf_ struct ebt_buf out = { 0 };
	struct ebt_query query = { .list = EBT_LIST_NONE };
	struct ebt_snapshot snap;
	uint64_t unjudged;

	ebt_snapshot_take(v->model, &query, now_ns, &snap);
	if (v->options->mode == EBT_MODE_JSON && v->options->json_format == EBT_SINK_JSON) {
		ebt_summary_json(&out, &snap, v->mono_to_real_ns);
		return out.error ? out.error : ebt_write_all(v->out_fd, out.data, out.len);
	}
	if (snap.lost_total || snap.cut)
		ebt_warn("lost %" PRIu64 " events (ring full %" PRIu64 ", buffers busy %" PRIu64
			 "), cut %" PRIu64 ": a larger --ring helps",
			 snap.lost_total, snap.lost_ring, snap.lost_busy, snap.cut);
	if (snap.total.c.untracked)
		ebt_warn("%" PRIu64 " processes that -p or the command means, and what they start, "
			 "are not shown: the table of tracked processes was full (%u)",
			 (uint64_t)snap.total.c.untracked, EBT_TRACKED_MAX);
	if (snap.total.c.ends_lost)
		ebt_warn("the ends of %" PRIu64 " processes may be missing: the table of shown "
			 "processes was full (%u)",
			 (uint64_t)snap.total.c.ends_lost, EBT_TRACKED_MAX);
	unjudged = v->names.unjudged + ebt_event_filter_unsure(v->event_filter);
	if (unjudged)
		ebt_warn(
			"%" PRIu64
			" execs are shown although -m, -c or --filter could not tell whether they match (match_unknown)",
			unjudged);
	if (ebt_event_filter_given_up(v->event_filter))
		ebt_warn(
			"%" PRIu64
			" execs are not shown although --filter may want them: too many waited for their end",
			ebt_event_filter_given_up(v->event_filter));
	if (!snap.accounting_holds)
		ebt_warn("the counters do not add up: this is a bug, please report it");
	return 0;
}

int ebt_lines_run(struct ebt_feed *feed)
{
	struct ebt_view *v = feed->view;
	uint64_t now_ns;

	if (lines_confine())
		return EBT_EXIT_FAILURE;
	while (!v->ended && !ebt_view_enough(v)) {
		feed->ops->wait(feed, -1, feed->ops->timeout_ms(feed));
		feed->ops->intake(feed);
		if (!v->sink_error)
			ebt_view_output_failed(v, ebt_sink_flush(v->sink));
		feed->ops->refresh(feed, NULL, false);
		v->ended |= v->command_ended;
	}
	if (ebt_view_enough(v)) {
		ebt_recorder_end(v->recorder, ebt_mono_ns(), false);
		return ebt_view_output_status(v);
	}
	now_ns = feed->ops->finish(feed);
	ebt_view_finish_filter(v);
	if (!v->sink_error)
		v->sink_error = ebt_sink_flush(v->sink);
	if (!v->sink_error)
		v->sink_error = ebt_lines_summary(v, now_ns);
	return ebt_view_output_status(v);
}

int ebt_batch_write_frame(struct ebt_feed *feed, struct ebt_buf *out, uint64_t now_ns)
{
	struct ebt_view *v = feed->view;
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
	feed->ops->append_frame(feed, out);
	return out->error ? out->error : ebt_write_all(v->out_fd, out->data, out->len);
}

/* Take in what comes until the time of the next frame. */
static void batch_intake_until(struct ebt_feed *feed, uint64_t at_ns)
{
	struct ebt_view *v = feed->view;
	uint64_t now_ns;

	while (!v->ended && (now_ns = ebt_mono_ns()) < at_ns) {
		uint64_t left_ms = (at_ns - now_ns) / 1000000 + 1;
		int look_ms = feed->ops->timeout_ms(feed);

		feed->ops->wait(feed, -1, left_ms < (uint64_t)look_ms ? (int)left_ms : look_ms);
		feed->ops->intake(feed);
		v->ended |= v->command_ended;
	}
}

uint64_t ebt_batch_next_ns(uint64_t last_ns, uint64_t now_ns, uint64_t delay_ns)
{
	return (now_ns > last_ns + delay_ns ? now_ns : last_ns) + delay_ns;
}

int ebt_batch_run(struct ebt_feed *feed)
{
	_cleanup_buf_ struct ebt_buf out = { 0 };
	struct ebt_view *v = feed->view;
	uint64_t next_ns = v->start_ns, frames = 0, n = v->options->iterations;

	if (lines_confine())
		return EBT_EXIT_FAILURE;
	while (!v->ended && (!n || frames < n)) {
		next_ns = ebt_batch_next_ns(next_ns, ebt_mono_ns(), v->options->delay_ns);
		batch_intake_until(feed, next_ns);
		if (v->ended)
			break;
		feed->ops->refresh(feed, NULL, true);
		batch_intake_until(feed, ebt_mono_ns() + ANSWER_NS);
		if (!v->sink_error)
			ebt_view_output_failed(v, ebt_batch_write_frame(feed, &out, ebt_mono_ns()));
		frames++;
	}
	/* The last frame has everything in it. With enough frames, only a recording has an end to get. */
	if (!v->sink_error && (!n || frames < n))
		v->sink_error = ebt_batch_write_frame(feed, &out, feed->ops->finish(feed));
	else if (v->recorder)
		feed->ops->finish(feed);
	return ebt_view_output_status(v);
}
