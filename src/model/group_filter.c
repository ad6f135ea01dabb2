/* SPDX-License-Identifier: BSD-3-Clause */
/* group_filter.c - which groups have an exec that passed the filter, and what names change in that. */
#include "model/model_internal.h"

/* Names come soon after the first row that needs them, so no more rows than these are looked at. */
#define NAMED_ROWS 4096u

bool ebt_rows_again(struct ebt_model *model, struct ebt_hist_row *row)
{
	bool passes = ebt_filter_again(&model->filter, &model->history, row);

	if (row)
		ebt_scope_look(&model->scope, &model->filter, &model->history, row);
	return passes;
}

void ebt_groups_passed(const struct ebt_filter *filter, struct ebt_grp *const grp[EBT_GROUP_BY_MAX])
{
	for (unsigned by = 0; ebt_expr_has_keys(filter->expr) && by < EBT_GROUP_BY_MAX; by++) {
		if (!grp[by])
			continue;
		grp[by]->filter_match = true;
		grp[by]->filter_generation = filter->generation;
	}
}

static void group_filter_row(struct ebt_model *model, const struct ebt_hist_row *row)
{
	struct ebt_groups *groups = &model->groups;
	struct ebt_grp *grp[EBT_GROUP_BY_MAX];
	struct ebt_row full;

	ebt_hist_row_fill(row, 0, &full);
	for (unsigned by = 0; by < EBT_GROUP_BY_MAX; by++) {
		uint64_t number;
		struct ebt_bytes name = ebt_scope_row_name(&full, by, &number);

		grp[by] = ebt_groups_find(groups, by,
					  ebt_group_by_number(by)
						  ? ebt_groups_key_number(groups, by, number)
						  : ebt_groups_key(groups, by, name));
	}
	ebt_groups_passed(&model->filter, grp);
}

void ebt_groups_passed_rows(struct ebt_model *model)
{
	const struct ebt_history *h = &model->history;

	if (!ebt_expr_has_keys(model->filter.expr))
		return;
	for (size_t i = 0; i < ebt_filter_rows(&model->filter, h); i++) {
		const struct ebt_hist_row *row =
			ebt_history_get(h, ebt_filter_at(&model->filter, h, i));

		if (row->kind == EBT_ROW_EXEC)
			group_filter_row(model, row);
	}
}

void ebt_model_named(struct ebt_model *model, uint64_t cgroup_id, uint32_t uid)
{
	const struct ebt_history *h = &model->history;

	model->filter
		.generation++; /* the name of a group, or a process of the tree, may match now */
	if (!ebt_expr_has_keys(model->filter.expr))
		return;
	for (uint64_t id = h->next_id, n = 0; id > h->first_id && n < NAMED_ROWS; n++) {
		struct ebt_hist_row *row = ebt_history_get(h, --id);
		bool named = (cgroup_id && row->cgroup_id == cgroup_id) ||
			     (uid != EBT_UNSET && (row->uid == uid || row->euid == uid));

		if (!named)
			continue;
		ebt_filter_look(&model->filter, h, row);
		ebt_scope_look(&model->scope, &model->filter, h, row);
	}
	ebt_groups_passed_rows(model); /* for the new generation */
}
