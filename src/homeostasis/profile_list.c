/* SPDX-License-Identifier: BSD-3-Clause */
/* profile_list.c - the profiles as a table, and one of them by name. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "homeostasis/monitor_internal.h"

const char *ebt_ph_state_name(const struct ebt_ph_profile *p)
{
	if (p->state & EBT_PH_NORMAL)
		return "normal";
	return p->state & EBT_PH_FROZEN ? "frozen" : "training";
}

static void count_rows(struct ebt_ph_monitor *m, struct ebt_ph_line *line)
{
	_cleanup_ph_set_ struct ebt_ph_set *set = NULL;
	struct ebt_ph_stats stats;

	if (ebt_ph_kernel_get(m->kernel, line->slot, &set, &line->bytes))
		return;
	ebt_ph_set_stats(set, &stats);
	line->pairs = stats.pairs_a;
}

struct add {
	struct ebt_ph_line *lines;
	const uint32_t *index; /* line of a slot, plus 1 */
};

/* Highest locality-frame counts of the threads that run. */
static void add_task(uint32_t tid, const struct ebt_ph_task *task, void *arg)
{
	const struct add *add = arg;
	struct ebt_ph_line *line;

	(void)tid;
	if (task->profile >= EBT_PH_PROFILES || !add->index[task->profile])
		return;
	line = &add->lines[add->index[task->profile] - 1];
	line->tasks++;
	if (task->alf_epoch != line->profile.epoch_b)
		return; /* of a time before it became normal */
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
			count_rows(m, line);
		index[slot] = (uint32_t)++ * n;
	}
	ebt_ph_kernel_tasks(m->kernel, add_task, &(struct add){ lines, index });
	*out = TAKE_PTR(lines);
	return 0;
}

static int slot_of_pid(struct ebt_ph_monitor *m, uint32_t pid)
{
	struct ebt_ph_task task;

	if (ebt_ph_kernel_task(m->kernel, pid, &task))
		return -ENOENT;
	return task.profile ? (int)task.profile : -ENOENT;
}

/* A file that was replaced has several profiles of the same path: the newest slot is meant. A base
 * name of different paths is nobody's. */
static int slot_of_path(struct ebt_ph_monitor *m, const char *what)
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
		return what[0] ? slot_of_path(m, what) : -ENOENT;
	n = strtoul(what + slot, &end, 10);
	if (*end)
		return slot_of_path(m, what);
	if (!slot) /* no pid of Linux has more bits; the kernel's table is asked by 32 */
		return n <= INT32_MAX ? slot_of_pid(m, (uint32_t)n) : -ENOENT;
	return n >= 1 && n <= ebt_ph_kernel_slots(m->kernel) ? (int)n : -ENOENT;
}
