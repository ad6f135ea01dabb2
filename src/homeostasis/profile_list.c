/* SPDX-License-Identifier: BSD-3-Clause */
#include "homeostasis/profile_list.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "homeostasis/kernel_maps.h"
#include "homeostasis/monitor_internal.h"

const char *ebt_ph_state_name(const struct ebt_ph_profile *p)
{
	if (p->state & EBT_PH_NORMAL)
		return "normal";
	return p->state & EBT_PH_FROZEN ? "frozen" : "training";
}

static void list_count_rows(struct ebt_ph_monitor *m, struct ebt_ph_line *line)
{
	_cleanup_ph_set_ struct ebt_ph_set *set = NULL;
	struct ebt_ph_stats stats;

	if (ebt_ph_kernel_get(m->kernel, line->slot, &set, &line->bytes))
		return;
	ebt_ph_set_stats(set, &stats);
	line->pairs = stats.pairs_a;
}

struct list_tasks {
	struct ebt_ph_line *lines;
	const uint32_t *index; /* number of the line of each slot, from 1; 0 if it has none */
};

/* Add a running thread to the line of its profile, which shows the highest locality-frame
 * counts. */
static void list_add_task(uint32_t tid, const struct ebt_ph_task *task, void *arg)
{
	const struct list_tasks *list = arg;
	struct ebt_ph_line *line;

	(void)tid;
	if (task->profile >= EBT_PH_PROFILES || !list->index[task->profile])
		return;
	line = &list->lines[list->index[task->profile] - 1];
	line->tasks++;
	if (task->alf_epoch != line->profile.epoch_b)
		return; /* its counts are older than the normal state */
	line->lfc = task->lfc > line->lfc ? task->lfc : line->lfc;
	line->max_lfc = task->max_lfc > line->max_lfc ? task->max_lfc : line->max_lfc;
}

int ebt_ph_monitor_lines(struct ebt_ph_monitor *m, bool count, struct ebt_ph_line **out, size_t *n)
{
	uint32_t slots = ebt_ph_kernel_slots(m->kernel);
	_cleanup_free_ struct ebt_ph_line *lines = calloc(slots + 1, sizeof(*lines));
	_cleanup_free_ uint32_t *index = calloc(EBT_PH_PROFILES, sizeof(*index));

	if (!lines || !index)
		return -ENOMEM;
	*n = 0;
	for (uint32_t slot = 1; slot <= slots; slot++) {
		struct ebt_ph_line *line = &lines[*n];

		if (ebt_ph_kernel_profile(m->kernel, slot, &line->profile))
			continue;
		line->slot = slot;
		line->path = ebt_ph_monitor_path(m, slot);
		line->kill = m->kill[slot];
		if (count)
			list_count_rows(m, line);
		index[slot] = (uint32_t)++ * n;
	}
	ebt_ph_kernel_tasks(m->kernel, list_add_task, &(struct list_tasks){ lines, index });
	*out = TAKE_PTR(lines);
	return 0;
}

static int list_slot_of_pid(struct ebt_ph_monitor *m, uint32_t pid)
{
	struct ebt_ph_task task;

	if (ebt_ph_kernel_task(m->kernel, pid, &task))
		return -ENOENT;
	return task.profile ? (int)task.profile : -ENOENT;
}

/* Find a profile by path or base name. A file that was replaced has several profiles with the same
 * path: take the newest slot. A base name of several paths is ambiguous. */
static int list_slot_of_path(struct ebt_ph_monitor *m, const char *what)
{
	bool whole = strchr(what, '/');
	int found = -ENOENT;

	for (uint32_t slot = 1; slot <= ebt_ph_kernel_slots(m->kernel); slot++) {
		const char *path = ebt_ph_monitor_path(m, slot);
		const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;

		if (strcmp(whole ? path : base, what) != 0)
			continue;
		if (found > 0 && strcmp(path, ebt_ph_monitor_path(m, (uint32_t)found)) != 0)
			return -ENOTUNIQ;
		found = (int)slot;
	}
	return found;
}

int ebt_ph_monitor_find(struct ebt_ph_monitor *m, const char *what)
{
	bool slot = what[0] == '#';
	unsigned long n;
	char *end;

	if (!isdigit((unsigned char)what[slot]))
		return what[0] ? list_slot_of_path(m, what) : -ENOENT;
	n = strtoul(what + slot, &end, 10);
	if (*end)
		return list_slot_of_path(m, what);
	if (!slot) /* Linux has no larger pids */
		return n <= INT32_MAX ? list_slot_of_pid(m, (uint32_t)n) : -ENOENT;
	return n >= 1 && n <= ebt_ph_kernel_slots(m->kernel) ? (int)n : -ENOENT;
}
