/* SPDX-License-Identifier: BSD-3-Clause */
/* parents.c - the few parents that start most of a group */
#include "groups/parents.h"

#include <string.h>

void ebt_parents_add(struct ebt_parents *parents, struct ebt_bytes comm, uint32_t pid)
{
	size_t len = comm.len < EBT_PARENT_COMM_MAX ? comm.len : EBT_PARENT_COMM_MAX;
	struct ebt_parent *least = &parents->of[0];

	for (unsigned i = 0; i < EBT_PARENTS_MAX; i++) {
		struct ebt_parent *p = &parents->of[i];

		if (p->count && ebt_bytes_equal((struct ebt_bytes){ p->comm, p->len },
						(struct ebt_bytes){ comm.data, len })) {
			p->count += p->count < UINT32_MAX;
			p->several |= p->pid != pid;
			p->pid = pid;
			return;
		}
		if (p->count < least->count)
			least = p;
	}
	parents->more |= least->count > 0;
	least->count += least->count < UINT32_MAX;
	least->len = (uint8_t)len;
	least->pid = pid;
	least->several = false;
	if (len)
		memcpy(least->comm, comm.data, len);
}

const struct ebt_parent *ebt_parents_first(const struct ebt_parents *parents, unsigned *others)
{
	const struct ebt_parent *most = &parents->of[0];

	*others = 0;
	for (unsigned i = 1; i < EBT_PARENTS_MAX; i++) {
		*others += parents->of[i].count > 0;
		if (parents->of[i].count > most->count)
			most = &parents->of[i];
	}
	return most->count ? most : NULL;
}
