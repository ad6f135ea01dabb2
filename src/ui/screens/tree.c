/* SPDX-License-Identifier: BSD-3-Clause */
/* tree.c - who started whom. Processes that have ended stay for a while, dim. */
#include <string.h>

#include "model/model.h"
#include "ui/core/columns.h"
#include "ui/core/command_line.h"
#include "ui/core/frozen.h"
#include "ui/core/layout.h"
#include "ui/core/list.h"
#include "ui/core/ui_state.h"
#include "ui/screens/registry.h"

#define DEPTH_SHOWN   40 /* deeper levels are not indented further */
#define COMMAND_LEAST 50 /* percent of the line: the lines of the tree take of it */

static int put(struct ebt_grid *grid, int x, int y, int x_end, const char *text)
{
	return ebt_grid_puts(grid, x, y, x_end, EBT_ROLE_TREE, text);
}

/* Lines that show the depth; they take at most half of the room, so that a name is always seen. */
static int draw_lines(struct ebt_grid *grid, const struct ebt_row *row, int x, int y, int x_end)
{
	bool u = grid->unicode;
	unsigned depth = row->depth < DEPTH_SHOWN ? row->depth : DEPTH_SHOWN;
	int half = x + (x_end - x) / 2;

	for (unsigned d = 0; d + 1 < depth && x < half; d++) {
		bool goes_on = row->tree_lines >> (d + 1) & 1;

		x = put(grid, x, y, x_end, goes_on ? (u ? "│ " : "| ") : "  ");
	}
	if (depth > 0)
		x = put(grid, x, y, x_end, row->tree_last ? (u ? "└─" : "`-") : (u ? "├─" : "|-"));
	if (row->collapsed && row->has_children)
		x = ebt_grid_printf(grid, x, y, x_end, EBT_ROLE_WARN, "[+%u] ", row->children);
	else if (depth > 0)
		x = put(grid, x, y, x_end,
			row->has_children ? (u ? "┬ " : "+ ") : (u ? "─ " : "- "));
	return x;
}

static void draw_row(struct ebt_ui *ui, struct ebt_grid *grid, const struct ebt_layout *layout,
		     const struct ebt_row *row, int y)
{
	bool ended = row->ended && (!row->replaced || row->exit_unknown);

	for (int i = 0; i < layout->count; i++) {
		int x = layout->at[i].x, x_end = layout->at[i].x_end;

		if (layout->at[i].id != EBT_RC_COMMAND) {
			ebt_row_cell(ui, grid, layout->at[i].id, x, y, x_end, row);
			continue;
		}
		struct ebt_pen pen = { .grid = grid,
				       .x_end = x_end,
				       .y = y,
				       .y_end = y + 1,
				       .skip = (size_t)ui->tree.hscroll,
				       .unicode = grid->unicode,
				       .plain_role = ended,
				       .role = EBT_ROLE_DIM };

		pen.x = draw_lines(grid, row, x, y, x_end);
		if (ended)
			pen.x = ebt_grid_puts(grid, pen.x, y, x_end, EBT_ROLE_DIM,
					      grid->unicode ? "† " : "x ");
		ebt_command_draw(ui, &pen, row);
		if (row->id == ui->tree.sel_id)
			ui->tree.text_width = x_end - pen.x;
	}
	if (ended)
		for (int i = 0; i < layout->count; i++)
			if (layout->at[i].id != EBT_RC_EXIT && layout->at[i].id != EBT_RC_COMMAND)
				ebt_grid_role(grid, layout->at[i].x, y, layout->at[i].x_end,
					      EBT_ROLE_DIM);
}

static void draw(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end)
{
	struct ebt_query query = ebt_list_query(ui);
	struct ebt_layout layout;

	ui->tree.y = y + 1;
	ui->tree.rows = y_end - y - 1;
	ebt_list_take(ui, &query, ui->tree.rows);
	ebt_layout_make(&layout, &ui->settings.tree, ebt_row_columns, 0, grid->width,
			COMMAND_LEAST);
	ebt_layout_head(grid, &layout, ebt_row_columns, y++);
	if (!ui->snap.count)
		ebt_paragraph(grid, 1, y + 1, grid->width - 1, y_end, EBT_ROLE_DIM,
			      ui->filter[0] ? "nothing matches the filter"
			      : ui->tree_view.root_pid
				      ? "the process is gone, and all that it started; f shows all"
			      : ui->tree_view.hide_ended
				      ? "nothing runs of what is known; H shows what has ended"
				      : "no process is known yet");
	for (size_t i = 0; i < ui->snap.count && y < y_end; i++, y++) {
		draw_row(ui, grid, &layout, &ui->snap.rows[i], y);
		ui->line_row[y] = (int16_t)i;
		if (ui->snap.first + i == ui->tree.sel)
			ebt_grid_role(grid, 0, y, grid->width, ebt_list_sel_role(ui));
	}
}

/* The row under the cursor, as it was last drawn. */
static bool selected(struct ebt_ui *ui, struct ebt_row *row)
{
	struct ebt_query query = ebt_list_query(ui);
	struct ebt_snapshot snap;

	if (!ebt_list_selected(ui))
		return false;
	query.first = ui->tree.sel;
	query.count = 1;
	ebt_list_window(ui, &query, &snap);
	if (!snap.count)
		return false;
	*row = snap.rows[0];
	return true;
}

static void set_collapsed(struct ebt_ui *ui, uint64_t id, bool collapsed)
{
	ebt_snapshot_collapse(ui->model, id, collapsed);
	ui->frozen_tree.list = EBT_LIST_NONE; /* its rows changed by the user's own hand */
}

/* A row that a collapse has hidden gives the cursor to its nearest ancestor that shows. */
static void show_ancestor(struct ebt_ui *ui, uint64_t id)
{
	struct ebt_row row;

	for (int level = 0; level < 100 && id; level++) {
		if (ebt_snapshot_index_of(ui->model, EBT_LIST_TREE, id) != SIZE_MAX) {
			ebt_list_select(ui, id);
			return;
		}
		if (!ebt_snapshot_row(ui->model, id, &row))
			return;
		id = ebt_snapshot_parent(ui->model, &row);
	}
}

/* Collapses every child of a root that has children, or expands all when none is left. */
static void collapse_all(struct ebt_ui *ui)
{
	uint64_t cursor = ebt_list_selected(ui);
	struct ebt_query query = ebt_list_query(ui);
	struct ebt_snapshot snap;
	bool collapse = false;

	query.first = 0;
	query.count = SIZE_MAX;
	ebt_snapshot_take(ui->model, &query, ui->now_ns, &snap);
	for (size_t i = 0; i < snap.count; i++)
		collapse |= snap.rows[i].depth == 1 && snap.rows[i].has_children &&
			    !snap.rows[i].collapsed;
	struct ebt_frozen copy = { 0 };

	ebt_frozen_take(&copy, &snap);
	for (size_t i = 0; i < copy.count; i++)
		if (copy.rows[i].has_children && (!collapse || copy.rows[i].depth == 1))
			set_collapsed(ui, copy.rows[i].id, collapse);
	ebt_frozen_drop(&copy);
	show_ancestor(ui, cursor);
}

static void to_parent(struct ebt_ui *ui)
{
	struct ebt_row row;
	uint64_t parent = selected(ui, &row) ? ebt_snapshot_parent(ui->model, &row) : 0;

	if (parent)
		ebt_list_select(ui, parent);
	else
		ebt_ui_say(ui, EBT_LOG_INFO, "the parent is not known");
}

/* Show another part of the tree, or in another order; the cursor stays on its process. */
static void set_view(struct ebt_ui *ui, const struct ebt_tree_view *view)
{
	ui->tree_view = *view;
	ebt_model_set_tree_view(ui->model, view);
	ui->frozen_tree.list = EBT_LIST_NONE;
	show_ancestor(ui, ebt_list_selected(ui));
}

static void next_order(struct ebt_ui *ui)
{
	static const char *const names[EBT_TREE_ORDER_MAX] = {
		[EBT_TREE_BY_START] = "siblings stand in the order of their start",
		[EBT_TREE_BY_NAME] = "siblings stand in the order of their names",
		[EBT_TREE_BY_CPU] = "siblings with the most CPU time (JOBTIM) stand first",
	};
	struct ebt_tree_view view = ui->tree_view;

	view.order = (view.order + 1) % EBT_TREE_ORDER_MAX;
	set_view(ui, &view);
	ebt_ui_say(ui, EBT_LOG_INFO, "%s", names[view.order]);
}

static void toggle_subtree(struct ebt_ui *ui)
{
	struct ebt_tree_view view = ui->tree_view;
	struct ebt_row row;

	if (view.root_pid) {
		view.root_pid = 0;
		view.root_start_ns = 0;
	} else if (selected(ui, &row)) {
		view.root_pid = row.pid;
		view.root_start_ns = row.start_ns;
	}
	set_view(ui, &view);
	if (view.root_pid)
		ebt_ui_say(ui, EBT_LOG_INFO, "only process %u and what it starts; f shows all",
			   view.root_pid);
}

static void toggle_hidden(struct ebt_ui *ui, enum ebt_action act)
{
	struct ebt_tree_view view = ui->tree_view;

	if (act == EBT_ACT_HIDE_ENDED)
		view.hide_ended = !view.hide_ended;
	else
		view.hide_kernel = !view.hide_kernel;
	set_view(ui, &view);
}

static bool action(struct ebt_ui *ui, enum ebt_action act)
{
	struct ebt_row row;

	switch (act) {
	case EBT_ACT_HIDE_ENDED:
	case EBT_ACT_HIDE_KERNEL:
		toggle_hidden(ui, act);
		return true;
	case EBT_ACT_SUBTREE:
		toggle_subtree(ui);
		return true;
	case EBT_ACT_SORT:
		next_order(ui);
		return true;
	case EBT_ACT_TOGGLE:
	case EBT_ACT_EXPAND:
	case EBT_ACT_COLLAPSE:
		if (selected(ui, &row) && row.has_children)
			set_collapsed(ui, row.id,
				      act == EBT_ACT_TOGGLE ? !row.collapsed
							    : act == EBT_ACT_COLLAPSE);
		return true;
	case EBT_ACT_COLLAPSE_ALL:
		collapse_all(ui);
		return true;
	case EBT_ACT_PARENT:
		to_parent(ui);
		return true;
	default:
		return ebt_list_action(ui, act);
	}
}

const struct ebt_screen_ops ebt_screen_tree = {
	.title = "Tree",
	.where = EBT_IN_TREE,
	.draw = draw,
	.action = action,
	.mouse = ebt_list_mouse,
	.find = ebt_list_find,
	.place = ebt_list_selected,
	.go_to = ebt_list_select,
	.here = ebt_list_selected_matches,
};
