/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/exe_counts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXES_MAX (2u * EBT_EXE_MAX)

static struct ebt_exe_key key_of(uint64_t ino, uint32_t dev)
{
	struct ebt_exe_key key;

	memset(&key, 0, sizeof(key)); /* the padding is hashed too */
	key.ino = ino;
	key.dev = dev;
	return key;
}

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
	exes->rebase = true;
}

void ebt_exes_arrived(struct ebt_exes *exes, uint64_t ino, uint32_t dev, struct ebt_bytes name)
{
	struct ebt_exe *exe = exe_counts_get(exes, key_of(ino, dev));

	if (!exe)
		return;
	exe->arrived++;
	if (exe->name || !name.len)
		return;
	exe->name = malloc(name.len);
	if (!exe->name)
		return;
	memcpy(exe->name, name.data, name.len);
	exe->name_len = name.len;
}

/* The group of an executable: by its path; one that no event has named yet by the name it ran
 * under. */
static struct ebt_grp *group_of(struct ebt_groups *groups, const struct ebt_exe *exe,
				const struct ebt_exe_entry *e)
{
	struct ebt_bytes name = { exe->name, exe->name_len };
	char stand_in[EBT_COMM_LEN + 16];

	if (!exe->name && !e->key.ino && !e->key.dev)
		snprintf(stand_in, sizeof(stand_in), "(other)");
	else if (!exe->name)
		snprintf(stand_in, sizeof(stand_in), "[%.*s]",
			 (int)strnlen(e->count.comm, EBT_COMM_LEN), e->count.comm);
	if (!exe->name)
		name = ebt_bytes_from(stand_in);
	return ebt_groups_get(groups, EBT_GROUP_EXE, ebt_groups_key(groups, EBT_GROUP_EXE, name),
			      name);
}

static void forget_missing(struct ebt_groups *groups)
{
	struct ebt_grouping *g = &groups->by[EBT_GROUP_EXE];

	for (struct ebt_grp *grp = g->newest; grp; grp = grp->older)
		grp->missing = 0;
	g->other.missing = 0;
}

void ebt_exes_sync(struct ebt_exes *exes, struct ebt_groups *groups,
		   const struct ebt_exe_entry *entries, size_t n)
{
	if (exes->missing)
		forget_missing(groups);
	exes->missing = 0;
	for (size_t i = 0; i < n; i++) {
		const struct ebt_exe_entry *e = &entries[i];
		struct ebt_exe *exe = exe_counts_get(exes, key_of(e->key.ino, e->key.dev));
		uint64_t counted, missing;

		if (!exe)
			continue;
		if (exes->rebase)
			exe->base = e->count.execs - exe->arrived;
		counted = e->count.execs - exe->base;
		missing = counted > exe->arrived ? counted - exe->arrived : 0;
		if (!missing)
			continue;
		group_of(groups, exe, e)->missing += missing;
		exes->missing += missing;
	}
	exes->rebase = false;
}
