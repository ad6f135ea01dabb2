/* SPDX-License-Identifier: BSD-3-Clause */
#include "homeostasis/kernel_maps.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "homeostasis/kernel_internal.h"

#define TASKS_AT_ONCE 1024

/* Store the rows of a set in unused elements, and their indices in the profile. */
static int kernel_put_rows(struct ebt_ph_kernel *k, struct ebt_ph_set *set,
			   struct ebt_ph_global *global)
{
	for (uint32_t col = 1; col < EBT_PH_COLS; col++) {
		uint32_t id = (uint32_t)global->rows + 1;
		int err;

		set->profile.row_of[col] = 0;
		if (!set->rows[col])
			continue;
		if (id >= EBT_PH_ROWS)
			return -ENOSPC;
		err = bpf_map_update_elem(k->maps[EBT_PH_MAP_ROWS], &id, ebt_ph_set_row(set, col),
					  BPF_ANY);
		if (err)
			return err;
		set->profile.row_of[col] = id;
		global->rows++;
	}
	return 0;
}

int ebt_ph_kernel_put(struct ebt_ph_kernel *k, struct ebt_ph_set *set)
{
	struct ebt_ph_global global = { 0 };
	uint32_t zero = 0, slot;
	int err = bpf_map_lookup_elem(k->maps[EBT_PH_MAP_GLOBAL], &zero, &global);

	slot = (uint32_t)global.profiles + 1;
	if (!err && slot >= EBT_PH_PROFILES)
		err = -ENOSPC;
	if (!err)
		err = kernel_put_rows(k, set, &global);
	if (!err)
		err = bpf_map_update_elem(k->maps[EBT_PH_MAP_IDS], &set->profile.key, &slot,
					  BPF_NOEXIST);
	if (err)
		return err;
	global.profiles = slot;
	err = bpf_map_update_elem(k->maps[EBT_PH_MAP_PROFILES], &slot, &set->profile, BPF_ANY);
	if (!err)
		err = bpf_map_update_elem(k->maps[EBT_PH_MAP_GLOBAL], &zero, &global, BPF_ANY);
	return err ? err : (int)slot;
}

int ebt_ph_kernel_profile(const struct ebt_ph_kernel *k, uint32_t slot, struct ebt_ph_profile *out)
{
	int err = bpf_map_lookup_elem(k->maps[EBT_PH_MAP_PROFILES], &slot, out);

	if (!err && !out->epoch_a)
		err = -ENOENT;
	return err;
}

int ebt_ph_kernel_get(const struct ebt_ph_kernel *k, uint32_t slot, struct ebt_ph_set **out,
		      uint64_t *bytes)
{
	_cleanup_ph_set_ struct ebt_ph_set *set = NULL;
	int err = ebt_ph_set_new(&set);

	if (!err)
		err = ebt_ph_kernel_profile(k, slot, &set->profile);
	if (err)
		return err;
	/* The hash element of the profile's key consists of the key, the slot and 48 bytes of the
	 * kernel's own. */
	*bytes = sizeof(set->profile) + sizeof(struct ebt_ph_key) + sizeof(slot) + 48;
	for (uint32_t col = 1; col < EBT_PH_COLS; col++) {
		uint32_t id = set->profile.row_of[col];
		struct ebt_ph_row row;

		if (!id || bpf_map_lookup_elem(k->maps[EBT_PH_MAP_ROWS], &id, &row))
			continue;
		set->rows[col] = malloc(sizeof(row));
		if (!set->rows[col])
			return -ENOMEM;
		row.busy = 0;
		memcpy(set->rows[col], &row, sizeof(row));
		ebt_ph_set_row(set, col);
		*bytes += sizeof(row);
	}
	*out = TAKE_PTR(set);
	return 0;
}

/* Call fn for every thread in the array, with one system call for a thousand elements. */
static int kernel_array_tasks(const struct ebt_ph_kernel *k, ebt_ph_task_fn fn, void *arg)
{
	_cleanup_free_ struct ebt_ph_task *tasks = calloc(TASKS_AT_ONCE, sizeof(*tasks));
	_cleanup_free_ uint32_t *keys = calloc(TASKS_AT_ONCE, sizeof(*keys));
	uint32_t at = 0, count;

	if (!tasks || !keys)
		return -ENOMEM;
	for (uint32_t done = 0; done < EBT_PH_TASKS; done += count) {
		int err;

		count = TASKS_AT_ONCE;
		err = bpf_map_lookup_batch(k->maps[EBT_PH_MAP_TASKS], done ? &at : NULL, &at, keys,
					   tasks, &count, NULL);
		if (err && err != -ENOENT)
			return err;
		for (uint32_t i = 0; i < count; i++) {
			if (tasks[i].tid)
				fn((uint32_t)tasks[i].tid, &tasks[i], arg);
		}
		if (err || !count)
			break;
	}
	return 0;
}

int ebt_ph_kernel_tasks(const struct ebt_ph_kernel *k, ebt_ph_task_fn fn, void *arg)
{
	struct ebt_ph_task task;
	uint32_t tid = 0, next;
	int err = kernel_array_tasks(k, fn, arg);

	/* The hash changes while it is walked, so the walk is bounded and not exact. */
	for (uint32_t i = 0; !err && i < EBT_PH_MORE_TASKS; i++) {
		if (bpf_map_get_next_key(k->maps[EBT_PH_MAP_MORE_TASKS], i ? &tid : NULL, &next))
			break;
		tid = next;
		if (bpf_map_lookup_elem(k->maps[EBT_PH_MAP_MORE_TASKS], &tid, &task) == 0)
			fn(tid, &task, arg);
	}
	return err;
}

int ebt_ph_kernel_task(const struct ebt_ph_kernel *k, uint32_t tid, struct ebt_ph_task *out)
{
	uint32_t place = tid & (EBT_PH_TASKS - 1);

	if (bpf_map_lookup_elem(k->maps[EBT_PH_MAP_TASKS], &place, out) == 0 && out->tid == tid)
		return 0;
	return bpf_map_lookup_elem(k->maps[EBT_PH_MAP_MORE_TASKS], &tid, out);
}

int ebt_ph_kernel_counters(const struct ebt_ph_kernel *k, struct ebt_ph_counters *out)
{
	_cleanup_free_ struct ebt_ph_counters *cpus = calloc(k->ncpu, sizeof(*cpus));
	uint32_t zero = 0;
	int err;

	*out = (struct ebt_ph_counters){ 0 };
	if (!cpus)
		return -ENOMEM;
	err = bpf_map_lookup_elem(k->maps[EBT_PH_MAP_COUNTERS], &zero, cpus);
	for (unsigned cpu = 0; !err && cpu < k->ncpu; cpu++) {
		const __u64 *from = (const __u64 *)&cpus[cpu];
		__u64 *to = (__u64 *)out;

		for (size_t i = 0; i < sizeof(*out) / sizeof(*to); i++)
			to[i] += from[i];
	}
	return err;
}
