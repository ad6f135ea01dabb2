/* SPDX-License-Identifier: BSD-3-Clause */
#include "recording/names_sent.h"

#include <stdlib.h>
#include <string.h>

/* Without memory a name is not remembered and sent again. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>

/* The same number of users and of cgroups as the model remembers (model/names.h). Beyond that a
 * name is sent whenever it is needed. */
#define SENT_MAX (2u << 16)

struct ebt_name_sent {
	struct {
		uint64_t number;
		uint64_t kind;
	} key;
	struct ebt_hash_key hash; /* of the name */
	UT_hash_handle hh;
};

bool ebt_names_sent_new(struct ebt_names_sent *sent, uint32_t kind, uint64_t number,
			const char *name)
{
	struct ebt_name_sent *entry, find = { .key = { number, kind } };
	struct ebt_hash_key hash;

	if (!sent->seeded)
		ebt_hash_seed_init(&sent->seed);
	sent->seeded = true;
	hash = ebt_hash_bytes(&sent->seed, name, strlen(name));
	HASH_FIND(hh, sent->table, &find.key, sizeof(find.key), entry);
	if (entry) {
		bool changed = memcmp(&entry->hash, &hash, sizeof(hash)) != 0;

		entry->hash = hash;
		return changed;
	}
	if (HASH_COUNT(sent->table) >= SENT_MAX)
		return true;
	entry = calloc(1, sizeof(*entry));
	if (!entry)
		return true;
	entry->key = find.key;
	entry->hash = hash;
	HASH_ADD(hh, sent->table, key, sizeof(entry->key), entry);
	if (!entry->hh.tbl)
		free(entry);
	return true;
}

bool ebt_names_sent_any(const struct ebt_names_sent *sent, uint32_t kind, uint64_t number)
{
	struct ebt_name_sent *entry, find = { .key = { number, kind } };

	HASH_FIND(hh, sent->table, &find.key, sizeof(find.key), entry);
	return entry;
}

void ebt_names_sent_deinit(struct ebt_names_sent *sent)
{
	struct ebt_name_sent *entry = sent->table, *next;

	HASH_CLEAR(hh, sent->table);
	for (; entry; entry = next) {
		next = entry->hh.next;
		free(entry);
	}
}
