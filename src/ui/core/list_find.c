/* SPDX-License-Identifier: BSD-3-Clause */
/* list_find.c - search in the lists of execs, groups and processes */
#include "ui/core/list.h"
#include "ui/core/ui_state.h"

/* Return whether row i of a window matches the search. */
static bool row_matches(struct ebt_ui *ui, const struct ebt_snapshot *snap, size_t i)
{
	if (!ui->search_expr)
		return false;
	if (snap->list == EBT_LIST_GROUPS)
		return ebt_snapshot_group_matches(ui->model, &snap->groups[i],
						  ebt_list_query(ui).group_by, ui->search_expr);
	return ebt_snapshot_matches(ui->model, &snap->rows[i], ui->search_expr);
}

/* Search where the model does not: in groups, and in paused lists. */
static struct ebt_found find_here(struct ebt_ui *ui, const struct ebt_query *query, uint64_t from,
				  int dir)
{
	struct ebt_query all = *query;
	struct ebt_found found = { 0 };
	struct ebt_snapshot snap;
	size_t start = SIZE_MAX;

	all.first = 0;
	all.count = SIZE_MAX;
	ebt_list_window(ui, &all, &snap);
	for (size_t i = 0; i < snap.count; i++)
		if (ebt_snap_id(&snap, i) == from)
			start = i;
	if (start == SIZE_MAX)
		start = dir > 0 ? snap.count - 1 : 0;
	for (size_t step = 1; step <= snap.count; step++) {
		size_t i = dir > 0 ? (start + step) % snap.count
				   : (start + snap.count - step) % snap.count;

		if (!row_matches(ui, &snap, i))
			continue;
		found.unsure = ebt_expr_unsure(ui->search_expr);
		if (!found.unsure || !found.id)
			found.id = ebt_snap_id(&snap, i);
		if (!found.unsure)
			break;
	}
	return found;
}

bool ebt_list_selected_matches(struct ebt_ui *ui)
{
	struct ebt_query query = ebt_list_query(ui);
	struct ebt_snapshot snap;

	if (!ebt_list_selected(ui))
		return false;
	query.first = ebt_list_current(ui)->sel;
	query.count = 1;
	ebt_list_window(ui, &query, &snap);
	return snap.count && row_matches(ui, &snap, 0) && !ebt_expr_unsure(ui->search_expr);
}

bool ebt_list_find(struct ebt_ui *ui, int dir)
{
	struct ebt_query query = ebt_list_query(ui);
	uint64_t from = ebt_list_selected(ui);
	struct ebt_found found = { 0 };

	if (query.list == EBT_LIST_EVENTS || (query.list == EBT_LIST_TREE && !ui->paused))
		found = ebt_snapshot_search(ui->model, query.list, from, dir, ui->search);
	else if (ui->search_expr)
		found = find_here(ui, &query, from, dir);
	/* held back by the pause */
	if (query.list == EBT_LIST_EVENTS && ui->paused && found.id > ui->paused_last_id)
		found = ebt_snapshot_search(ui->model, query.list,
					    dir > 0 ? 0 : ui->paused_last_id + 1, dir, ui->search);
	if (!found.id ||
	    (ui->paused && query.list == EBT_LIST_EVENTS && found.id > ui->paused_last_id))
		return false;
	ui->search_unsure = found.unsure;
	ebt_list_select(ui, found.id);
	return true;
}
