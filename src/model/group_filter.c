/* SPDX-License-Identifier: BSD-3-Clause */
/* group_filter.c - which groups have an exec that passed the filter, and what names change in that. */
#include "model/model_internal.h"

/* Names come soon after the first row that needs them, so no more rows than these are looked at. */
#define NAMED_ROWS 4096u

static struct ebt_bytes first_of(struct ebt_bytes a, struct ebt_bytes b, struct ebt_bytes c)
{
	return a.len ? a : b.len ? b : c;
}

void ebt_group_names(const struct ebt_group_texts *t, struct ebt_bytes names[EBT_GROUP_BY_MAX])
{
	/* The exe of a failed exec is not that of the new program. */
	struct ebt_bytes exe = t->failed ? first_of(t->filename, t->exe, t->comm)
					 : first_of(t->exe, t->filename, t->comm);

	names[EBT_GROUP_EXE] = exe;
	names[EBT_GROUP_COMM] = t->comm;
	names[EBT_GROUP_COMMAND] = t->args.len ? t->args : exe;
	names[EBT_GROUP_PARENT] = t->parent.len ? t->parent : ebt_bytes_from("(unknown)");
	names[EBT_GROUP_USER] = names[EBT_GROUP_CGROUP] = (struct ebt_bytes){ 0 };
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
	const struct ebt_group_texts texts = {
		.exe = ebt_hist_text(row, EBT_TEXT_EXE),
		.filename = ebt_hist_text(row, EBT_TEXT_FILENAME),
		.comm = ebt_hist_text(row, EBT_TEXT_COMM),
		.args = ebt_hist_text(row, EBT_TEXT_ARGS),
		.parent = ebt_hist_text(row, EBT_TEXT_PARENT_COMM),
		.failed = row->ret < 0,
	};
	struct ebt_groups *groups = &model->groups;
	struct ebt_bytes names[EBT_GROUP_BY_MAX];
	struct ebt_grp *grp[EBT_GROUP_BY_MAX];

	ebt_group_names(&texts, names);
	for (unsigned by = 0; by < EBT_GROUP_BY_MAX; by++) {
		struct ebt_hash_key key =
			by == EBT_GROUP_USER	 ? ebt_groups_key_number(groups, by, row->uid)
			: by == EBT_GROUP_CGROUP ? ebt_groups_key_number(groups, by, row->cgroup_id)
						 : ebt_groups_key(groups, by, names[by]);

		grp[by] = ebt_groups_find(groups, by, key);
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
		const struct ebt_hist_row *row = ebt_history_get(h, --id);
		bool named = (cgroup_id && row->cgroup_id == cgroup_id) ||
			     (uid != EBT_UNSET && (row->uid == uid || row->euid == uid));

		if (named)
			ebt_filter_look(&model->filter, h, row);
	}
	ebt_groups_passed_rows(model); /* for the new generation */
}
