/* SPDX-License-Identifier: BSD-3-Clause */
/* list.h - groups in the order of a column. */
#ifndef EBT_MODEL_LIST_H
#define EBT_MODEL_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/group.h"
#include "model/match.h"
#include "model/names.h"
#include "model/rate.h"
#include "model/snapshot.h"

struct ebt_group_item {
	struct ebt_grp *grp;
	uint64_t value; /* what it is sorted by; unused for names */
};

struct ebt_group_list {
	struct ebt_group_item *items;
	size_t cap, n;
	size_t all; /* without the filter */
	enum ebt_group_by group_by;
	enum ebt_column sort;
	bool invert;
};

/* Where names of numbers are, and the filter. */
struct ebt_group_view {
	struct ebt_groups *groups;
	const struct ebt_names *users, *cgroups;
	struct ebt_matcher *matcher;
	uint32_t generation; /* of the matcher and the names */
	struct ebt_rate_now now;
};

struct ebt_bytes ebt_group_name(const struct ebt_group_view *view, enum ebt_group_by by,
				const struct ebt_grp *grp);

/* Collects and puts at least the items [first, first + count) where they belong; numbers largest
 * first, names from A on, `invert` the other way round. Without memory the list is empty. */
void ebt_group_list_make(struct ebt_group_list *list, const struct ebt_group_view *view,
			 const struct ebt_query *query);
void ebt_group_list_deinit(struct ebt_group_list *list);

#endif
