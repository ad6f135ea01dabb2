/* SPDX-License-Identifier: BSD-3-Clause */
/* list.h - sort groups by a column */
#ifndef EBT_MODEL_LIST_H
#define EBT_MODEL_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "groups/group.h"
#include "model/filter.h"
#include "model/names.h"
#include "groups/rate.h"
#include "model/snapshot.h"

struct ebt_group_item {
	struct ebt_grp *grp;
	uint64_t value; /* the number to sort by; unused for names */
};

struct ebt_group_list {
	struct ebt_group_item *items;
	size_t cap, n;
	size_t all; /* number of groups without the filter */
	enum ebt_group_by group_by;
	enum ebt_column sort;
	bool invert;
};

/* The names of numbers, and the filter. */
struct ebt_group_view {
	struct ebt_groups *groups;
	const struct ebt_names *users, *cgroups;
	const struct ebt_history *history;
	const struct ebt_filter *filter;
	struct ebt_rate_now now;
};

struct ebt_bytes ebt_group_name(const struct ebt_group_view *view, enum ebt_group_by by,
				const struct ebt_grp *grp);

/* Return whether the words of an expression hold for the name of a group; a long one was cut. */
bool ebt_group_name_matches(struct ebt_expr *expr, enum ebt_group_by by, struct ebt_bytes name);
/* Return whether an expression holds for a group: by its name, or by its latest exec when the
 * expression has keys. */
bool ebt_group_matches(const struct ebt_group_view *view, enum ebt_group_by by,
		       const struct ebt_grp *grp, struct ebt_expr *expr);
/* Collect the groups and put at least the items [first, first + count) in their places: numbers
 * from the largest, names from A, and the reverse with `invert`. Without memory the list is
 * empty. */
void ebt_group_list_make(struct ebt_group_list *list, const struct ebt_group_view *view,
			 const struct ebt_query *query);
void ebt_group_list_deinit(struct ebt_group_list *list);

#endif
