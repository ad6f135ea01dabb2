/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * index.h - from a 64-bit hash to the item that has it: open addressing, four slots to a cache
 * line.
 *
 * The groups and the processes are looked up several times an event, mostly in vain or far apart: a
 * look-up that finds nothing touches one cache line here, and the item itself only when the whole
 * hash is the same. The index owns no item.
 */
#ifndef EBT_MODEL_INDEX_H
#define EBT_MODEL_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ebt_index_slot {
	uint64_t hash;
	void *item; /* NULL: free */
};

/* Zero-initialised is empty. */
struct ebt_index {
	struct ebt_index_slot *slots; /* mask + 1 of them, half of them free */
	size_t mask, n;
};

/* The items of a hash, one after the other: *at begins as the hash; NULL: no more. A hash must be
 * well mixed in its low bits. */
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

/* Has the place of this hash fetched into the cache, for a look-up soon. */
static inline void ebt_index_prefetch(const struct ebt_index *ix, uint64_t hash)
{
	if (ix->slots)
		__builtin_prefetch(&ix->slots[hash & ix->mask]);
}

/* 0, -ENOMEM: nothing has changed. */
int ebt_index_add(struct ebt_index *ix, uint64_t hash, void *item);
/* The item must be in it, with this hash. */
void ebt_index_remove(struct ebt_index *ix, uint64_t hash, const void *item);
/* Forgets all and frees the memory. */
void ebt_index_deinit(struct ebt_index *ix);

static inline size_t ebt_index_bytes(const struct ebt_index *ix)
{
	return ix->slots ? (ix->mask + 1) * sizeof(*ix->slots) : 0;
}

#endif
