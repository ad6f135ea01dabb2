/* SPDX-License-Identifier: BSD-3-Clause */
/* monitor_child.h - the monitor process of a run with --homeostasis, beside loader and view
 *
 * The monitor has the privileges: it reads the tables, carries out requests, saves and responds.
 * The view talks to it over two socket pairs. A third pair connects it to the loader and carries
 * only the byte that says it is ready; when the loader closes its end, the monitor saves and
 * ends. */
#ifndef EBT_PROCESSES_MONITOR_MONITOR_CHILD_H
#define EBT_PROCESSES_MONITOR_MONITOR_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "config/options.h"

struct ebt_homeo_child {
	pid_t pid;   /* 0 if there is none */
	bool keeps;  /* the monitor saves its profiles */
	int control; /* the loader's end, or -1 */
	int view[2]; /* the view's ends, for requests and events, or -1 */
};

void ebt_homeo_child_init(struct ebt_homeo_child *child);
/* Start the process, which loads its programs in the background. Return 0 or -errno. */
int ebt_homeo_child_start(struct ebt_homeo_child *child, const struct ebt_options *options);
/* Wait until the monitor watches. Return 0, or its exit status if it failed and has printed the
 * reason. */
int ebt_homeo_child_await(struct ebt_homeo_child *child);
/* Close the loader's copies of the ends that the view has inherited. */
void ebt_homeo_child_give_view(struct ebt_homeo_child *child);
/* Let the monitor save and end, and wait at most 10 s for it. Return false if not everything was
 * saved, which has been reported. */
bool ebt_homeo_child_end(struct ebt_homeo_child *child);

#endif
