/* SPDX-License-Identifier: BSD-3-Clause */
/* index.h - map a 64-bit hash to the item that has it, by open addressing with four slots per cache
 * line
 *
 * Groups and processes are looked up several times per event, mostly without success or far apart:
 * an unsuccessful look-up touches one cache line here, and the item itself is only touched if the
 * whole hash is equal. The index does not own items. */
#ifndef EBT_GROUPS_INDEX_H
#define EBT_GROUPS_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ebt_index_slot {
	uint64_t hash;
	void *item; /* NULL if free */
};

/* A zero-initialised index is empty. */
struct ebt_index {
	struct ebt_index_slot *slots; /* mask + 1 slots, at least half of them free */
	size_t mask, n;
};

/* Return the items of a hash one after the other, and NULL at the end. *at starts as the hash,
 * whose low bits must be well mixed. */
static inline void *ebt_index_next(const struct ebt_index *ix, uint64_t hash, size_t *at)
{
	if (!ix->slots)
		return NULL;
	for (;; ++*at) {
		const struct ebt_index_slot *slot = &ix->slots[*at & ix->mask];

		if (!slot->item)
			return NULL;
		if (slot->hash == hash) {
			++*at;
			return slot->item;
		}
	}
}

/* Start loading the place of this hash into the cache, before a look-up. */
static inline void ebt_index_prefetch(const struct ebt_index *ix, uint64_t hash)
{
	if (ix->slots)
		__builtin_prefetch(&ix->slots[hash & ix->mask]);
}

/* Add an item. Return 0, or -ENOMEM, in which case nothing has changed. */
int ebt_index_add(struct ebt_index *ix, uint64_t hash, void *item);
/* Remove an item, which must be in the index with this hash. */
void ebt_index_remove(struct ebt_index *ix, uint64_t hash, const void *item);
/* Remove all items and free the memory. */
void ebt_index_deinit(struct ebt_index *ix);

static inline size_t ebt_index_bytes(const struct ebt_index *ix)
{
	return ix->slots ? (ix->mask + 1) * sizeof(*ix->slots) : 0;
}

#endif
