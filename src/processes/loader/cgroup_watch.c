/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/loader/cgroup_watch.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "processes/loader/filter_resolve.h"

void ebt_cgroup_watch_init(struct ebt_cgroup_watch *w)
{
	*w = (struct ebt_cgroup_watch){ .inotify = -1 };
}

void ebt_cgroup_watch_close(struct ebt_cgroup_watch *w)
{
	ebt_cleanup_close(&w->inotify);
	ebt_cgroup_watch_init(w);
}

/* Watch the directory above. A watch that is there already stays as it is. */
static void cgroup_watch_parent(const struct ebt_cgroup_watch *w, const struct ebt_tracer *t)
{
	const char *v2 = t->cgroups.v2, *name = t->filters.cgroup;
	char path[2 * PATH_MAX];
	size_t len;

	if (*v2 && strncmp(name, v2, strlen(v2)) == 0)
		snprintf(path, sizeof(path), "%s", name);
	else
		snprintf(path, sizeof(path), "%s/%s", v2, name);
	for (len = strlen(path); len && path[len - 1] == '/'; len--)
		;
	for (; len && path[len - 1] != '/'; len--)
		;
	path[len] = '\0';
	if (len)
		inotify_add_watch(w->inotify, path, IN_CREATE | IN_MOVED_TO | IN_ONLYDIR);
}

static void cgroup_watch_drain(const struct ebt_cgroup_watch *w)
{
	char events[4096];

	while (read(w->inotify, events, sizeof(events)) > 0)
		;
}

bool ebt_cgroup_watch_step(struct ebt_cgroup_watch *w, struct ebt_tracer *tracer)
{
	struct ebt_failure failure = { 0 };
	struct ebt_filter_set set;
	bool other;

	if (!tracer->filtering || !tracer->filters.cgroup[0]) {
		ebt_cgroup_watch_close(w);
		return false;
	}
	if (strcmp(w->path, tracer->filters.cgroup) != 0) { /* the filters were changed */
		ebt_cgroup_watch_close(w);
		snprintf(w->path, sizeof(w->path), "%s", tracer->filters.cgroup);
	}
	if (w->inotify < 0)
		w->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (w->inotify >= 0) {
		cgroup_watch_parent(w, tracer);
		cgroup_watch_drain(w);
	}
	if (ebt_filters_resolve(&tracer->filters, &tracer->cgroups, &set, failure.text,
				sizeof(failure.text)))
		return false; /* it is not there at present */
	other = w->id && set.config.cgroup_id != w->id;
	if (other && ebt_tracer_filter(tracer, &tracer->filters, &failure)) {
		ebt_warn("%s", failure.text);
		return false;
	}
	w->id = set.config.cgroup_id;
	return other;
}
