/* SPDX-License-Identifier: BSD-3-Clause */
/* search.c - positions in lists, and the next row that matches */
#include <errno.h>

#include "model/model_internal.h"

#define NOWHERE ((size_t)-1)

/* A list of the model as rows with an index. */
struct list_ops {
	/* Prepare the list and return the number of rows. */
	size_t (*prepare)(struct ebt_model *model);
	/* Return the index of an id. If it is not in the list, return where it would be if the list
	 * is sorted by id, else 0. */
	size_t (*find)(struct ebt_model *model, uint64_t id);
	uint64_t (*id)(struct ebt_model *model, size_t place);
	bool (*matches)(struct ebt_model *model, size_t place, struct ebt_expr *expr);
};

static size_t events_prepare(struct ebt_model *model)
{
	return ebt_scope_rows(&model->scope, &model->filter, &model->history);
}

static size_t events_find(struct ebt_model *model, uint64_t id)
{
	return ebt_scope_place(&model->scope, &model->filter, &model->history, id);
}

static uint64_t events_id(struct ebt_model *model, size_t place)
{
	return ebt_scope_at(&model->scope, &model->filter, &model->history, place);
}

static bool events_matches(struct ebt_model *model, size_t place, struct ebt_expr *expr)
{
	return ebt_filter_judge(&model->filter, expr,
				ebt_history_get(&model->history, events_id(model, place)));
}

static size_t tree_prepare(struct ebt_model *model)
{
	ebt_tree_build(&model->tree, &model->procs, &model->history, &model->filter);
	return model->tree.shown;
}

static uint64_t tree_id(struct ebt_model *model, size_t place)
{
	return model->tree.nodes[place].proc->row_id;
}

static size_t tree_find(struct ebt_model *model, uint64_t id)
{
	for (size_t i = 0; i < model->tree.shown; i++)
		if (tree_id(model, i) == id)
			return i;
	return 0;
}

static bool tree_matches(struct ebt_model *model, size_t place, struct ebt_expr *expr)
{
	return ebt_proc_matches(model->tree.nodes[place].proc, &model->history, &model->filter,
				expr);
}

/* Sort all of the list, in the order in which it was last shown. */
static size_t groups_prepare(struct ebt_model *model)
{
	struct ebt_group_view view = ebt_model_group_view(model, ebt_model_newest_ns(model));
	struct ebt_query query = {
		.count = SIZE_MAX,
		.group_by = model->list.group_by,
		.sort = model->list.sort,
		.invert = model->list.invert,
	};

	ebt_group_list_make(&model->list, &view, &query);
	return model->list.n;
}

static uint64_t groups_id(struct ebt_model *model, size_t place)
{
	return model->list.items[place].grp->id;
}

static size_t groups_find(struct ebt_model *model, uint64_t id)
{
	for (size_t i = 0; i < model->list.n; i++)
		if (groups_id(model, i) == id)
			return i;
	return 0;
}

static bool groups_matches(struct ebt_model *model, size_t place, struct ebt_expr *expr)
{
	struct ebt_group_view view = ebt_model_group_view(model, 0);

	return ebt_group_matches(&view, model->list.group_by, model->list.items[place].grp, expr);
}

static const struct list_ops list_ops[] = {
	[EBT_LIST_EVENTS] = { .prepare = events_prepare,
			      .find = events_find,
			      .id = events_id,
			      .matches = events_matches },
	[EBT_LIST_GROUPS] = { .prepare = groups_prepare,
			      .find = groups_find,
			      .id = groups_id,
			      .matches = groups_matches },
	[EBT_LIST_TREE] = { .prepare = tree_prepare,
			    .find = tree_find,
			    .id = tree_id,
			    .matches = tree_matches },
};

static const struct list_ops *ops_of(enum ebt_list list)
{
	if ((unsigned)list >= sizeof(list_ops) / sizeof(list_ops[0]) || list == EBT_LIST_NONE)
		return NULL;
	return &list_ops[list];
}

size_t ebt_snapshot_index_of(struct ebt_model *model, enum ebt_list list, uint64_t id)
{
	const struct list_ops *ops = ops_of(list);
	size_t n, place;

	if (!ops)
		return NOWHERE;
	n = ops->prepare(model);
	place = ops->find(model, id);
	return place < n && ops->id(model, place) == id ? place : NOWHERE;
}

/* n and N search for the same text repeatedly, so keep it. */
static int search_set(struct ebt_model *model, const char *text)
{
	struct ebt_expr *fresh;
	int err;

	if (strcmp(ebt_expr_text(model->search), text) == 0)
		return 0;
	err = ebt_expr_new(&fresh, text, NULL);
	if (err)
		return err;
	ebt_expr_free(&model->search);
	model->search = fresh;
	return 0;
}

struct ebt_found ebt_snapshot_search(struct ebt_model *model, enum ebt_list list, uint64_t id,
				     int dir, const char *text)
{
	const struct list_ops *ops = ops_of(list);
	struct ebt_found found = { 0 };
	size_t n, place;

	if (!ops || !text || !*text)
		return found;
	found.err = search_set(model, text);
	if (found.err)
		return found;
	n = ops->prepare(model);
	if (n == 0)
		return found;
	place = ops->find(model, id);
	if (dir < 0)
		place = place > 0 ? place - 1 : n - 1;
	else if (place < n && ops->id(model, place) == id)
		place++;
	for (size_t i = 0; i < n; i++) {
		if (place >= n)
			place = 0;
		if (ops->matches(model, place, model->search)) {
			bool unsure = ebt_expr_unsure(model->search);

			if (!unsure || !found.id)
				found.id = ops->id(model, place);
			found.unsure = unsure;
			if (!unsure)
				break;
		}
		if (dir < 0)
			place = place > 0 ? place - 1 : n - 1;
		else
			place++;
	}
	return found;
}

bool ebt_snapshot_matches(struct ebt_model *model, const struct ebt_row *row, struct ebt_expr *expr)
{
	return ebt_filter_judge_row(&model->filter, expr, row);
}

bool ebt_snapshot_group_matches(struct ebt_model *model, const struct ebt_group *group,
				enum ebt_group_by by, struct ebt_expr *expr)
{
	const struct ebt_hist_row *row = ebt_history_get(&model->history, group->last_row);

	if (!ebt_expr_has_keys(expr))
		return ebt_group_name_matches(expr, by, group->name);
	return row && ebt_filter_judge(&model->filter, expr, row);
}
