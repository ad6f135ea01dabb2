/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * cgroup_watch.h - keep --cgroup in force when the cgroup is removed and made again.
 *
 * The BPF programs compare the id of a cgroup, and a service that restarts gets a new cgroup of the
 * same path. The loader watches the directory above it and compares the new id from then on. Execs
 * between the making of the cgroup and that moment, usually less than a millisecond, are not shown.
 */
#ifndef EBT_PROCESSES_LOADER_CGROUP_WATCH_H
#define EBT_PROCESSES_LOADER_CGROUP_WATCH_H

#include <stdint.h>

#include "processes/loader/tracer.h"

/* Used by the loader's only thread. Owns the descriptor. */
struct ebt_cgroup_watch {
	int inotify;		     /* -1: there is nothing to watch */
	uint64_t id;		     /* of the cgroup in force; 0: none yet */
	char path[EBT_FILTERS_TEXT]; /* of that cgroup, as the filters name it */
};

void ebt_cgroup_watch_init(struct ebt_cgroup_watch *w);
/* Compare the id that the path has now with the one in force, and put the filters in force anew if it
 * is another. Call it when the descriptor is readable, and once a second, for the directory above may
 * have been made anew as well. Return true if the id was another. */
bool ebt_cgroup_watch_step(struct ebt_cgroup_watch *w, struct ebt_tracer *tracer);
void ebt_cgroup_watch_close(struct ebt_cgroup_watch *w);

#endif
