/* SPDX-License-Identifier: BSD-3-Clause */
/* overview.c - the Overview: groups by rate above the latest execs */
#include "ui/overview/overview.h"

#include "ui/core/columns.h"
#include "ui/core/command_line.h"
#include "ui/core/head.h"
#include "ui/core/layout.h"
#include "ui/core/list.h"
#include "ui/core/ui_state.h"
#include "ui/overview/group_table.h"
#include "ui/tui/widget.h"

#define BOTH_LEAST   9	 /* lines that the two tables need; with fewer there are only groups */
#define GROUPS_LEAST 3	 /* lines of groups, so that the tables do not jump at the start */
#define WIDE	     100 /* from this width on there are more columns of execs */

static const struct ebt_columns overview_narrow = {
	.count = 5,
	.id = { EBT_RC_TIME, EBT_RC_PID, EBT_RC_PARENT, EBT_RC_EXIT, EBT_RC_COMMAND },
};
static const struct ebt_columns overview_wide = {
	.count = 8,
	.id = { EBT_RC_TIME, EBT_RC_PID, EBT_RC_PARENT, EBT_RC_USER, EBT_RC_EXIT, EBT_RC_RUN,
		EBT_RC_FLAGS, EBT_RC_COMMAND },
};

/* Draw the groups from line y on, at most in `rows` lines. Return the line after them. */
static int overview_groups(struct ebt_ui *ui, struct ebt_grid *grid, int y, int rows)
{
	struct ebt_query query = ebt_list_query(ui);
	struct ebt_overview_layout layout;
	int end;

	ui->overview.y = y + 1;
	ui->overview.rows = rows;
	ebt_list_take(ui, &query, rows);
	ebt_overview_place(&layout, grid->width);
	ebt_overview_titles(&layout, grid, y++);
	end = y + ((int)ui->snap.count > GROUPS_LEAST ? (int)ui->snap.count : GROUPS_LEAST);
	for (size_t i = 0; i < ui->snap.count && (int)i < rows; i++, y++) {
		ebt_overview_group(ui, grid, &layout, &ui->snap.groups[i], y);
		ui->line_row[y] = (int16_t)i;
		if (ui->snap.first + i == ui->overview.sel)
			ebt_grid_role(grid, 0, y, grid->width, ebt_list_sel_role(ui));
	}
	return end;
}

/* Draw the latest execs, the newest last. */
static void overview_events(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end)
{
	struct ebt_query query = { .list = EBT_LIST_EVENTS,
				   .first = SIZE_MAX / 2,
				   .count = (size_t)(y_end - y - 1) };
	struct ebt_layout layout;
	struct ebt_snapshot snap;

	ebt_list_window(ui, &query, &snap);
	ebt_layout_make(&layout, grid->width < WIDE ? &overview_narrow : &overview_wide,
			ebt_row_columns, 0, grid->width, 0);
	ebt_layout_head(grid, &layout, ebt_row_columns, y++);
	for (size_t i = 0; i < snap.count && y < y_end; i++, y++) {
		for (int c = 0; c < layout.count; c++) {
			struct ebt_pen pen = { .grid = grid,
					       .x = layout.at[c].x,
					       .x_end = layout.at[c].x_end,
					       .y = y,
					       .y_end = y + 1,
					       .unicode = grid->unicode };

			if (layout.at[c].id == EBT_RC_COMMAND)
				ebt_command_draw(ui, &pen, &snap.rows[i]);
			else
				ebt_row_cell(ui, grid, layout.at[c].id, pen.x, y, pen.x_end,
					     &snap.rows[i]);
		}
	}
}

/* Say why there is no group. */
static void overview_empty(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end)
{
	char waiting[400];
	const char *text = ui->filter[0] ? "nothing matches the filter"
			   : ui->paused	 ? "paused before the first exec; p shows what came since"
					 : ebt_head_waiting(ui, waiting, sizeof(waiting));

	ebt_paragraph(grid, 1, y, grid->width - 1, y_end, EBT_ROLE_DIM, text);
}

static void overview_draw(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end)
{
	int lines = y_end - y;
	/* three fifths for groups, less the two lines of titles */
	int rows = lines < BOTH_LEAST ? lines - 1 : (lines - 2) * 3 / 5;
	int events_y = overview_groups(ui, grid, y, rows);

	if (!ui->snap.count)
		overview_empty(ui, grid, y + 2, y_end);
	else if (lines >= BOTH_LEAST)
		overview_events(ui, grid, events_y, y_end);
}

const struct ebt_screen_ops ebt_screen_overview = {
	.title = "Overview",
	.where = EBT_IN_OVERVIEW,
	.draw = overview_draw,
	.action = ebt_list_action,
	.mouse = ebt_list_mouse,
	.find = ebt_list_find,
	.place = ebt_list_selected,
	.go_to = ebt_list_select,
	.here = ebt_list_selected_matches,
};
