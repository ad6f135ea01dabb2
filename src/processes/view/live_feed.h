/* SPDX-License-Identifier: BSD-3-Clause */
/* live_feed.h - the feed of events from the running kernel, through the loader. */
#ifndef EBT_PROCESSES_VIEW_LIVE_FEED_H
#define EBT_PROCESSES_VIEW_LIVE_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/suspend_clock.h"
#include "processes/view/feed.h"
#include "processes/view/homeo_view.h"
#include "processes/view/lab_view.h"
#include "processes/view/loader_messages.h"

/* Owns link, homeo and lab; borrows the rest. */
struct ebt_live_feed {
	struct ebt_feed feed;
	struct ebt_loader_link link;
	struct ebt_suspend_clock suspend;
	struct ebt_homeo_view *homeo; /* NULL: without --homeostasis */
	struct ebt_lab_view lab;
	struct ebt_process_list *processes; /* that ran before; NULL: all have come */
	bool names_pids;     /* the events' process ids are those of this process too */
	uint64_t reaped_ns;  /* of ebt_reap_processes */
	uint64_t sampled_ns; /* of ebt_sample_cpu */
	char filters[256];   /* lent to the status of the ui */
};

/* Take over the sockets to the loader, and to the monitor of homeostasis (-1: none). 0 or -errno;
 * free the feed in either case. */
int ebt_live_feed_init(struct ebt_live_feed *f, struct ebt_view *view, int sock, int query_sock,
		       const int homeo[2]);
void ebt_live_feed_free(struct ebt_live_feed *f);
/* Wait for the loader to start tracing. 1: it has; 0: it gave up and has said why; -errno. */
int ebt_live_feed_await_start(struct ebt_live_feed *f);

#endif
