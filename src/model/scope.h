/* SPDX-License-Identifier: BSD-3-Clause */
/* scope.h - limit the list of events to the execs of a group, or to the children of a process
 *
 * Of the rows that pass the filter the list then has those that belong to the scope. */
#ifndef EBT_MODEL_SCOPE_H
#define EBT_MODEL_SCOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "groups/group.h"
#include "model/filter.h"
#include "model/history.h"
#include "model/row_ids.h"
#include "model/snapshot.h"

struct ebt_scope_list {
	struct ebt_scope scope; /* kind EBT_SCOPE_ALL: the list is that of the filter */
	/* Of a group: what its execs are called, owned, or their number. */
	char *name;
	size_t name_len;
	uint64_t number;
	struct ebt_row_ids rows; /* mapped while there is a scope */
};

void ebt_scope_deinit(struct ebt_scope_list *list);
/* Set the scope and collect its rows again; also after a change of the filter. Return 0, -ENOENT if there is
 * no such group (any more), or -ENOMEM; then the list has no scope. */
int ebt_scope_set(struct ebt_scope_list *list, const struct ebt_groups *groups,
		  const struct ebt_filter *filter, const struct ebt_history *h,
		  const struct ebt_scope *scope);
/* Add a row, or remove it, according to what the filter has decided about it. */
void ebt_scope_look(struct ebt_scope_list *list, const struct ebt_filter *filter,
		    const struct ebt_history *h, const struct ebt_hist_row *row);
void ebt_scope_drop(struct ebt_scope_list *list, const struct ebt_hist_row *row);
void ebt_scope_clear(struct ebt_scope_list *list);

/* The list of events: the number of its rows, the id of one, and the index of the first whose id is not below
 * id, or the number of rows. */
size_t ebt_scope_rows(const struct ebt_scope_list *list, const struct ebt_filter *filter,
		      const struct ebt_history *h);
uint64_t ebt_scope_at(const struct ebt_scope_list *list, const struct ebt_filter *filter,
		      const struct ebt_history *h, size_t place);
size_t ebt_scope_place(const struct ebt_scope_list *list, const struct ebt_filter *filter,
		       const struct ebt_history *h, uint64_t id);

/* Return what an exec is called in a grouping, as its group is; *number is set for those by number. */
struct ebt_bytes ebt_scope_row_name(const struct ebt_row *row, enum ebt_group_by by,
				    uint64_t *number);

#endif
