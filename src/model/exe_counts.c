/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/exe_counts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXES_MAX (2u * EBT_EXE_MAX)

static struct ebt_exe *exe_counts_get(struct ebt_exes *exes, struct ebt_exe_key key)
{
	struct ebt_exe *exe;

	HASH_FIND(hh, exes->table, &key, sizeof(key), exe);
	if (exe || HASH_COUNT(exes->table) >= EXES_MAX)
		return exe;
	exe = calloc(1, sizeof(*exe));
	if (!exe)
		return NULL;
	exe->key = key;
	HASH_ADD(hh, exes->table, key, sizeof(exe->key), exe);
	if (!exe->hh.tbl) { /* no memory for the table */
		free(exe);
		return NULL;
	}
	return exe;
}

void ebt_exes_deinit(struct ebt_exes *exes)
{
	struct ebt_exe *exe, *next;

	HASH_ITER (hh, exes->table, exe, next) {
		HASH_DEL(exes->table, exe);
		free(exe->name);
		free(exe);
	}
	*exes = (struct ebt_exes){ 0 };
}

void ebt_exes_clear(struct ebt_exes *exes)
{
	struct ebt_exe *exe, *next;

	HASH_ITER (hh, exes->table, exe, next)
		exe->arrived = 0;
	exes->missing = 0;
	exes->arrived_untold = 0;
	exes->rebase = true;
}

void ebt_exes_arrived(struct ebt_exes *exes, const struct ebt_exe_key *key, struct ebt_bytes name)
{
	struct ebt_exe *exe = exe_counts_get(exes, *key);

	if (!exe) {
		exes->arrived_untold++;
		return;
	}
	exe->arrived++;
	if (exe->name || !name.len)
		return;
	exe->name = malloc(name.len);
	if (!exe->name)
		return;
	memcpy(exe->name, name.data, name.len);
	exe->name_len = name.len;
}

/* The kernel's entry for all executables that found no room in its table. */
static bool exe_counts_is_other(const struct ebt_exe_key *key)
{
	return !key->ino && !key->dev;
}

/* Return the group of an executable: by its path, or by the name that it ran under if no event has
 * named it yet. */
static struct ebt_grp *exe_counts_group_of(struct ebt_groups *groups, const struct ebt_exe *exe,
					   const struct ebt_exe_entry *e)
{
	struct ebt_bytes name = { exe->name, exe->name_len };
	char stand_in[EBT_COMM_LEN + 16];

	if (!exe->name && exe_counts_is_other(&e->key))
		snprintf(stand_in, sizeof(stand_in), "(other)");
	else if (!exe->name)
		snprintf(stand_in, sizeof(stand_in), "[%.*s]",
			 (int)strnlen(e->count.comm, EBT_COMM_LEN), e->count.comm);
	if (!exe->name)
		name = ebt_bytes_from(stand_in);
	return ebt_groups_get(groups, EBT_GROUP_EXE, ebt_groups_key(groups, EBT_GROUP_EXE, name),
			      name);
}

static void exe_counts_forget_missing(struct ebt_groups *groups)
{
	struct ebt_grouping *g = &groups->by[EBT_GROUP_EXE];

	for (struct ebt_grp *grp = g->newest; grp; grp = grp->older)
		grp->missing = 0;
	g->other.missing = 0;
}

/* Return how many of the execs that the kernel counted under its common entry have arrived: those of
 * executables that have no entry of their own. */
static uint64_t exe_counts_arrived_others(struct ebt_exes *exes,
					  const struct ebt_exe_entry *entries, size_t n)
{
	uint64_t sum = exes->arrived_untold;
	struct ebt_exe *exe, *next;

	exes->sync++;
	for (size_t i = 0; i < n; i++) {
		exe = exe_counts_get(exes, entries[i].key);
		if (exe && !exe_counts_is_other(&exe->key))
			exe->sync = exes->sync;
	}
	HASH_ITER (hh, exes->table, exe, next)
		if (exe->sync != exes->sync)
			sum += exe->arrived;
	return sum;
}

void ebt_exes_sync(struct ebt_exes *exes, struct ebt_groups *groups,
		   const struct ebt_exe_entry *entries, size_t n)
{
	uint64_t others = exe_counts_arrived_others(exes, entries, n);

	if (exes->missing)
		exe_counts_forget_missing(groups);
	exes->missing = 0;
	for (size_t i = 0; i < n; i++) {
		const struct ebt_exe_entry *e = &entries[i];
		struct ebt_exe *exe = exe_counts_get(exes, e->key);
		uint64_t counted, missing, arrived;

		if (!exe)
			continue;
		arrived = exe_counts_is_other(&e->key) ? others : exe->arrived;
		if (exes->rebase)
			exe->base = e->count.execs - arrived;
		counted = e->count.execs - exe->base;
		missing = counted > arrived ? counted - arrived : 0;
		if (!missing)
			continue;
		exe_counts_group_of(groups, exe, e)->missing += missing;
		exes->missing += missing;
	}
	exes->rebase = false;
}
