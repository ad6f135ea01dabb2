/* SPDX-License-Identifier: BSD-3-Clause */
/* names.c - a hash from numbers to names */
#include <stdlib.h>

#include "model/names.h"

static struct ebt_name *find(const struct ebt_names *names, uint64_t number)
{
	struct ebt_name *entry;

	HASH_FIND(hh, names->table, &number, sizeof(number), entry);
	return entry;
}

static void names_drop(struct ebt_names *names, struct ebt_name *entry)
{
	HASH_DELETE(hh, names->table, entry);
	names->n--;
	names->bytes -= sizeof(*entry) + strlen(entry->name) + 1;
	free(entry);
}

void ebt_names_deinit(struct ebt_names *names)
{
	struct ebt_name *entry = names->table, *next;

	HASH_CLEAR(hh, names->table);
	for (; entry; entry = next) {
		next = entry->hh.next;
		free(entry);
	}
	*names = (struct ebt_names){ 0 };
}

void ebt_names_set(struct ebt_names *names, uint64_t number, const char *name)
{
	struct ebt_name *old = find(names, number), *entry;
	size_t len = strnlen(name, EBT_NAME_MAX_BYTES);

	if (old && strcmp(old->name, name) == 0)
		return;
	entry = calloc(1, sizeof(*entry) + len + 1);
	if (!entry)
		return;
	entry->number = number;
	memcpy(entry->name, name, len);
	if (!old && names->n >= EBT_NAMES_MAX)
		old = names->table; /* the first element is the oldest */
	if (old)
		names_drop(names, old);
	HASH_ADD(hh, names->table, number, sizeof(number), entry);
	if (!entry->hh.tbl) {
		free(entry);
		return;
	}
	names->n++;
	names->bytes += sizeof(*entry) + len + 1;
}

void ebt_names_forget(struct ebt_names *names, uint64_t number)
{
	struct ebt_name *entry = find(names, number);

	if (entry)
		names_drop(names, entry);
}

const char *ebt_names_get(const struct ebt_names *names, uint64_t number)
{
	const struct ebt_name *entry = find(names, number);

	return entry ? entry->name : NULL;
}
