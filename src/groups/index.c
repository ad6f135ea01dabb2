/* SPDX-License-Identifier: BSD-3-Clause */
#include "groups/index.h"

#include <errno.h>
#include <stdlib.h>

#define SLOTS_MIN 64u

static void index_put(struct ebt_index *ix, uint64_t hash, void *item)
{
	size_t at = hash & ix->mask;

	while (ix->slots[at].item)
		at = (at + 1) & ix->mask;
	ix->slots[at] = (struct ebt_index_slot){ hash, item };
}

static int index_grow(struct ebt_index *ix)
{
	size_t slots = ix->slots ? (ix->mask + 1) * 2 : SLOTS_MIN;
	struct ebt_index bigger = { .mask = slots - 1, .n = ix->n };

	bigger.slots = calloc(slots, sizeof(*bigger.slots));
	if (!bigger.slots)
		return -ENOMEM;
	for (size_t i = 0; ix->slots && i <= ix->mask; i++)
		if (ix->slots[i].item)
			index_put(&bigger, ix->slots[i].hash, ix->slots[i].item);
	free(ix->slots);
	*ix = bigger;
	return 0;
}

int ebt_index_add(struct ebt_index *ix, uint64_t hash, void *item)
{
	if (!ix->slots || ix->n + 1 > (ix->mask + 1) / 2) {
		int err = index_grow(ix);

		if (err)
			return err;
	}
	index_put(ix, hash, item);
	ix->n++;
	return 0;
}

void ebt_index_remove(struct ebt_index *ix, uint64_t hash, const void *item)
{
	size_t hole = hash & ix->mask, at;

	while (ix->slots[hole].item != item)
		hole = (hole + 1) & ix->mask;
	/* Move each following item that may stand in the hole into it, so that no tombstones are
	 * needed. */
	for (at = (hole + 1) & ix->mask; ix->slots[at].item; at = (at + 1) & ix->mask) {
		size_t home = ix->slots[at].hash & ix->mask;

		if (((at - home) & ix->mask) < ((at - hole) & ix->mask))
			continue;
		ix->slots[hole] = ix->slots[at];
		hole = at;
	}
	ix->slots[hole] = (struct ebt_index_slot){ 0 };
	ix->n--;
}

void ebt_index_deinit(struct ebt_index *ix)
{
	free(ix->slots);
	*ix = (struct ebt_index){ 0 };
}
