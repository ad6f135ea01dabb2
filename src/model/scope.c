/* SPDX-License-Identifier: BSD-3-Clause */
/* scope.c - the rows of a group, or of what a process started */
#include "model/scope.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void ebt_scope_deinit(struct ebt_scope_list *list)
{
	ebt_row_ids_unmap(&list->rows);
	free(list->name);
	*list = (struct ebt_scope_list){ 0 };
}

struct ebt_bytes ebt_scope_row_name(const struct ebt_row *row, enum ebt_group_by by,
				    uint64_t *number)
{
	const struct ebt_group_parts parts = { .failed = row->ret < 0,
					       .comm = row->comm,
					       .exe = row->exe,
					       .filename = row->filename,
					       .args = row->args,
					       .parent_comm = row->parent_comm };

	*number = by == EBT_GROUP_USER ? row->uid : row->cgroup_id;
	return ebt_groups_name_of(by, &parts);
}

static bool scope_has(const struct ebt_scope_list *list, const struct ebt_hist_row *hist)
{
	const struct ebt_scope *scope = &list->scope;
	struct ebt_bytes name;
	struct ebt_row row;
	uint64_t number;

	if (hist->kind != EBT_ROW_EXEC)
		return false;
	if (scope->kind == EBT_SCOPE_CHILDREN)
		return hist->ppid == scope->pid && hist->mono_ns >= scope->from_ns &&
		       hist->mono_ns <= scope->until_ns;
	ebt_hist_row_fill(hist, 0, &row);
	name = ebt_scope_row_name(&row, scope->by, &number);
	if (ebt_group_by_number(scope->by))
		return number == list->number;
	name.len = name.len < EBT_GROUP_NAME_MAX ? name.len : EBT_GROUP_NAME_MAX;
	return ebt_bytes_equal(name, (struct ebt_bytes){ list->name, list->name_len });
}

/* Keep a group's name: the group itself may be dropped. */
static int scope_name(struct ebt_scope_list *list, const struct ebt_groups *groups,
		      const struct ebt_scope *scope)
{
	const struct ebt_grp *grp = ebt_groups_by_id(groups, scope->by, scope->key);

	if (!grp)
		return -ENOENT;
	list->name = malloc(grp->name_len ? grp->name_len : 1);
	if (!list->name)
		return -ENOMEM;
	memcpy(list->name, grp->name, grp->name_len);
	list->name_len = grp->name_len;
	list->number = grp->number;
	return 0;
}

int ebt_scope_set(struct ebt_scope_list *list, const struct ebt_groups *groups,
		  const struct ebt_filter *filter, const struct ebt_history *h,
		  const struct ebt_scope *scope)
{
	struct ebt_scope_list fresh = { .scope = *scope };
	int r = 0;

	if (scope->kind == EBT_SCOPE_GROUP)
		r = scope_name(&fresh, groups, scope);
	if (r == 0 && scope->kind != EBT_SCOPE_ALL)
		r = ebt_row_ids_map(&fresh.rows, h->slots);
	ebt_scope_deinit(list);
	if (r < 0) {
		ebt_scope_deinit(&fresh);
		return r;
	}
	*list = fresh;
	if (scope->kind == EBT_SCOPE_ALL)
		return 0;
	for (size_t i = 0, n = ebt_filter_rows(filter, h); i < n; i++) {
		const struct ebt_hist_row *row = ebt_history_get(h, ebt_filter_at(filter, h, i));

		if (scope_has(list, row))
			ebt_row_ids_append(&list->rows, row->id);
	}
	return 0;
}

void ebt_scope_drop(struct ebt_scope_list *list, const struct ebt_hist_row *row)
{
	ebt_row_ids_drop(&list->rows, row->id);
}

void ebt_scope_clear(struct ebt_scope_list *list)
{
	ebt_row_ids_clear(&list->rows);
}

size_t ebt_scope_rows(const struct ebt_scope_list *list, const struct ebt_filter *filter,
		      const struct ebt_history *h)
{
	return list->scope.kind == EBT_SCOPE_ALL ? ebt_filter_rows(filter, h) : list->rows.n;
}

uint64_t ebt_scope_at(const struct ebt_scope_list *list, const struct ebt_filter *filter,
		      const struct ebt_history *h, size_t place)
{
	if (list->scope.kind == EBT_SCOPE_ALL)
		return ebt_filter_at(filter, h, place);
	return ebt_row_ids_at(&list->rows, h->first_id, place);
}

size_t ebt_scope_place(const struct ebt_scope_list *list, const struct ebt_filter *filter,
		       const struct ebt_history *h, uint64_t id)
{
	if (list->scope.kind == EBT_SCOPE_ALL)
		return ebt_filter_place(filter, h, id);
	return ebt_row_ids_place(&list->rows, h->first_id, id);
}

void ebt_scope_look(struct ebt_scope_list *list, const struct ebt_filter *filter,
		    const struct ebt_history *h, const struct ebt_hist_row *row)
{
	size_t in_filter;

	if (list->scope.kind == EBT_SCOPE_ALL)
		return;
	in_filter = ebt_filter_place(filter, h, row->id);
	ebt_row_ids_set(&list->rows, h->first_id, row->id,
			in_filter < ebt_filter_rows(filter, h) &&
				ebt_filter_at(filter, h, in_filter) == row->id &&
				scope_has(list, row));
}
