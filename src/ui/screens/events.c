/* SPDX-License-Identifier: BSD-3-Clause */
/* events.c - every exec as it happens, the newest at the end. */
#include <string.h>

#include "ui/core/columns.h"
#include "ui/core/command_line.h"
#include "ui/core/head.h"
#include "ui/core/layout.h"
#include "ui/core/list.h"
#include "ui/core/ui_state.h"
#include "ui/screens/registry.h"

static void empty(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end)
{
	char waiting[400];
	const char *text =
		ebt_list_forgotten(ui)
			? "What stood still here is forgotten: the execs held since then "
			  "have filled the history (--history makes it larger). Z ends the "
			  "pause and shows them."
		: ui->paused && !ui->paused_last_id && ui->snap.all_rows
			? "It was paused before the first exec came. Z ends the pause and "
			  "shows what has come since."
		: ui->scope.kind != EBT_SCOPE_ALL
			? "none of the execs that are remembered belongs here; Esc goes back"
		: ui->filter[0] && ui->snap.all_rows
			? "no exec matches the filter; F4 and Esc take it away"
		: ui->status->replay ? "the recording has no exec yet"
				     : ebt_head_waiting(ui, waiting, sizeof(waiting));

	ebt_paragraph(grid, 1, y + 1, grid->width - 1, y_end, EBT_ROLE_DIM, text);
}

static struct ebt_pen pen_for(struct ebt_ui *ui, const struct ebt_layout *layout)
{
	struct ebt_pen pen = { .unicode = ui->options.unicode, .wrap = ui->settings.wrap };

	for (int i = 0; i < layout->count; i++) {
		if (layout->at[i].id == EBT_RC_COMMAND) {
			pen.x = layout->at[i].x;
			pen.x_end = layout->at[i].x_end;
		}
	}
	pen.skip = pen.wrap ? 0 : (size_t)ui->events.hscroll;
	return pen;
}

static int row_height(struct ebt_ui *ui, struct ebt_pen pen, const struct ebt_row *row, int most)
{
	if (!pen.wrap || pen.x_end <= pen.x)
		return 1;
	pen.grid = NULL;
	pen.y = 0;
	pen.y_end = most;
	return ebt_command_draw(ui, &pen, row);
}

/* Wrapped rows are higher: which is the first so that the cursor's row is whole? */
static size_t first_row(struct ebt_ui *ui, const struct ebt_pen *pen, int rows)
{
	size_t sel = ui->events.sel - ui->snap.first;
	int height = 0;

	if (!pen->wrap || ui->events.sel < ui->snap.first || sel >= ui->snap.count)
		return 0;
	for (size_t i = sel + 1; i-- > 0;) {
		height += row_height(ui, *pen, &ui->snap.rows[i], rows);
		if (height > rows)
			return i < sel ? i + 1 : sel;
	}
	return 0;
}

static int draw_row(struct ebt_ui *ui, struct ebt_grid *grid, const struct ebt_layout *layout,
		    struct ebt_pen pen, const struct ebt_row *row, int y, int y_end)
{
	for (int i = 0; i < layout->count; i++)
		ebt_row_cell(ui, grid, layout->at[i].id, layout->at[i].x, y, layout->at[i].x_end,
			     row);
	if (pen.x_end <= pen.x)
		return 1;
	pen.grid = grid;
	pen.y = y;
	pen.y_end = y_end;
	return ebt_command_draw(ui, &pen, row);
}

static void draw(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end)
{
	struct ebt_query query = ebt_list_query(ui);
	struct ebt_layout layout;
	int rows = y_end - y - 1;

	ui->events.y = y + 1;
	ui->events.rows = rows;
	ebt_list_take(ui, &query, rows);
	ebt_layout_make(&layout, &ui->settings.events, ebt_row_columns, 0, grid->width, 0);
	ebt_layout_head(grid, &layout, ebt_row_columns, y++);
	if (!ui->snap.count)
		empty(ui, grid, y, y_end);
	struct ebt_pen pen = pen_for(ui, &layout);
	size_t first = first_row(ui, &pen, rows);

	ui->events.text_width = pen.x_end - pen.x;

	for (size_t i = first; i < ui->snap.count && y < y_end; i++) {
		int height = draw_row(ui, grid, &layout, pen, &ui->snap.rows[i], y, y_end);

		for (int line = 0; line < height && y < y_end; line++, y++) {
			ui->line_row[y] = (int16_t)(i - first);
			if (ui->snap.first + i == ui->events.sel)
				ebt_grid_role(grid, 0, y, grid->width, ebt_list_sel_role(ui));
		}
	}
	ui->events.top = ui->snap.first + first;
}

static bool action(struct ebt_ui *ui, enum ebt_action act)
{
	switch (act) {
	case EBT_ACT_WRAP:
		ui->settings.wrap = !ui->settings.wrap;
		ui->events.hscroll = 0;
		ebt_ui_say(ui, EBT_LOG_INFO, "long command lines are %s",
			   ui->settings.wrap ? "wrapped" : "cut");
		return true;
	default:
		return ebt_list_action(ui, act);
	}
}

const struct ebt_screen_ops ebt_screen_events = {
	.title = "Events",
	.where = EBT_IN_EVENTS,
	.draw = draw,
	.action = action,
	.mouse = ebt_list_mouse,
	.find = ebt_list_find,
	.place = ebt_list_selected,
	.go_to = ebt_list_select,
	.here = ebt_list_selected_matches,
};
