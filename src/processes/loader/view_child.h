/* SPDX-License-Identifier: BSD-3-Clause */
/* view_child.h - start the view's process, and wait for its end. */
#ifndef EBT_PROCESSES_LOADER_VIEW_CHILD_H
#define EBT_PROCESSES_LOADER_VIEW_CHILD_H

#include "base/terminal_rescue.h"
#include "config/options.h"
#include "ipc/outbox.h"

struct ebt_view_child {
	pid_t pid;		  /* 0: there is none, or it has been reaped */
	int status;		  /* wait(2) status once it has been reaped */
	bool has_screen;	  /* standard error is the terminal that the view draws on */
	bool stopped;		  /* somebody has stopped it */
	bool killed;		  /* we killed it because it did not end */
	struct ebt_outbox out;	  /* messages to the view; its socket is ours */
	int query_sock;		  /* the view's questions for cgroup paths; -1: closed */
	struct ebt_rescue rescue; /* the terminal as it was before the view */
};

/* Set up an empty one, and remember the state of the terminal. */
void ebt_view_child_init(struct ebt_view_child *v);
/* Fork the view. It has its two sockets and homeo, the monitor's sockets (-1: none), and no other
 * descriptor of ours. Return 0 or -errno. */
int ebt_view_child_start(struct ebt_view_child *v, const struct ebt_options *options,
			 const int homeo[2]);
/* Return true once the view has ended; restores the terminal if a signal ended it. Warn when the
 * view was stopped, and when it goes on, unless that would be written over its screen. */
bool ebt_view_child_reap(struct ebt_view_child *v);
/* Ask the view to end and wait until it has; after two seconds, kill it. */
void ebt_view_child_end(struct ebt_view_child *v, enum ebt_end end);

#endif
