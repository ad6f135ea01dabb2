/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * monitor_child.h - with --homeostasis: the monitor as a process of its own beside loader and view.
 *
 * It has the rights (it reads the profiles' tables, normalizes, saves, responds), the view has two
 * socketpairs to it, the loader a third that only says whether the other lives: whoever of the two
 * goes, the monitor saves and ends when the loader's end closes.
 */
#ifndef EBT_PROCESSES_MONITOR_MONITOR_CHILD_H
#define EBT_PROCESSES_MONITOR_MONITOR_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "config/options.h"

struct ebt_homeo_child {
	pid_t pid;   /* 0: none */
	bool keeps;  /* what it learns is to be saved */
	int control; /* the loader's end; -1 */
	int view[2]; /* the view's ends, for requests and events; -1 */
};

void ebt_homeo_child_init(struct ebt_homeo_child *child);
/* Starts the process; it loads its programs meanwhile. Before the view is forked. */
int ebt_homeo_child_start(struct ebt_homeo_child *child, const struct ebt_options *options);
/* Waits until it watches. 0, or the exit status of what it has said on stderr. */
int ebt_homeo_child_await(struct ebt_homeo_child *child);
/* The view has its ends: ours of them are closed. */
void ebt_homeo_child_give_view(struct ebt_homeo_child *child);
/* Lets it save and end; waits for it, 10 s at most. False: what it learned since the last save is
 * not all kept, which has been said. */
bool ebt_homeo_child_end(struct ebt_homeo_child *child);

#endif
