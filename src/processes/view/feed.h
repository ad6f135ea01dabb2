/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * feed.h - where the view's events come from: the kernel (live_feed.h) or a recording
 * (processes/replay/replay_feed.h). The screen and the line modes drive a feed through these
 * operations and never ask which one it is. One thread.
 */
#ifndef EBT_PROCESSES_VIEW_FEED_H
#define EBT_PROCESSES_VIEW_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "processes/view/view.h"

struct ebt_ui;
struct ebt_ui_options;
struct ebt_ui_request;
struct ebt_ui_status;

struct ebt_feed {
	const struct ebt_feed_ops *ops;
	struct ebt_view *view; /* gets the events; borrowed */
};

/* Each feed has all of these. */
struct ebt_feed_ops {
	/* Sleep until there is something to take in, input on extra_fd (-1: none), or timeout_ms is
	 * over (-1: no limit). Return false when the feed's other end has hung up. */
	bool (*wait)(struct ebt_feed *feed, int extra_fd, int timeout_ms);
	/* Take in what has come, and hand it to the view. */
	void (*intake)(struct ebt_feed *feed);
	/* Milliseconds until intake must be called again, whatever happens. */
	int (*timeout_ms)(const struct ebt_feed *feed);
	/* Ask for fresh figures to show, as often as is sensible; now: in any case. ui is NULL in the
	 * line modes. */
	void (*refresh)(struct ebt_feed *feed, struct ebt_ui *ui, bool now);
	/* Stop the source, take in all that is left and end the recording that is being written.
	 * Return the time of the end (CLOCK_MONOTONIC). */
	uint64_t (*finish)(struct ebt_feed *feed);
	/* Append what a frame of -b shows below the lists. */
	void (*append_frame)(struct ebt_feed *feed, struct ebt_buf *out);

	/* The rest is for the screen. */

	/* Remove from the options of the ui what cannot be had for this feed's events. */
	void (*ui_options)(struct ebt_feed *feed, struct ebt_ui_options *options);
	/* Give the ui what it borrows from the feed for its whole life. 0 or -errno. */
	int (*open_screen)(struct ebt_feed *feed, struct ebt_ui *ui);
	/* Release what the ui has borrowed; the ui is gone. */
	void (*close_screen)(struct ebt_feed *feed);
	/* Fill in the feed's members of *status, which borrows texts from the feed. */
	void (*fill_status)(struct ebt_feed *feed, struct ebt_ui_status *status);
	/* After intake: give the ui what is new, and renew what *status borrows. */
	void (*update_screen)(struct ebt_feed *feed, struct ebt_ui *ui,
			      struct ebt_ui_status *status);
	/* Do what a key asked for; requests that the feed cannot serve are ignored. */
	void (*request)(struct ebt_feed *feed, struct ebt_ui *ui,
			const struct ebt_ui_request *request);
	/* Stop the job for Ctrl-Z, as its shell expects. */
	void (*suspend)(struct ebt_feed *feed);
	/* The screen is paused, or goes on. */
	void (*set_paused)(struct ebt_feed *feed, bool paused);
};

#endif
