/* SPDX-License-Identifier: BSD-3-Clause */
/* top.c - what keeps starting and what it costs: groups of execs. */
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/format.h"
#include "base/text.h"
#include "groups/columns.h"
#include "ui/core/columns.h"
#include "ui/core/command_line.h"
#include "ui/core/head.h"
#include "ui/core/layout.h"
#include "ui/core/list.h"
#include "ui/core/ui_state.h"
#include "ui/screens/registry.h"

/* clang-format off */
static const char *const group_titles[EBT_GROUP_BY_MAX] = {
	[EBT_GROUP_EXE] = "EXE", [EBT_GROUP_COMM] = "COMM", [EBT_GROUP_COMMAND] = "COMMAND",
	[EBT_GROUP_PARENT] = "PARENT", [EBT_GROUP_USER] = "USER", [EBT_GROUP_CGROUP] = "CGROUP",
};
static const char *const group_helps[EBT_GROUP_BY_MAX] = {
	[EBT_GROUP_EXE] = "the file that ran", [EBT_GROUP_COMM] = "command name",
	[EBT_GROUP_COMMAND] = "whole command line", [EBT_GROUP_PARENT] = "command name of the parent",
	[EBT_GROUP_USER] = "user", [EBT_GROUP_CGROUP] = "cgroup",
};
/* clang-format on */

static void head(struct ebt_ui *ui, struct ebt_grid *grid, const struct ebt_layout *layout, int y)
{
	ebt_grid_fill(grid, 0, y, grid->width, EBT_ROLE_HEAD, ' ');
	for (int i = 0; i < layout->count; i++) {
		unsigned id = layout->at[i].id;
		bool on = id == ui->settings.sort;
		const char *title = id == EBT_COL_NAME ? group_titles[ui->settings.group_by]
						       : ebt_top_columns[id].title;
		const char *arrow = !on			  ? ""
				    : grid->unicode	  ? (ui->settings.invert ? "△" : "▽")
				    : ui->settings.invert ? "^"
							  : "v";
		enum ebt_role role = on ? EBT_ROLE_HEAD_ON : EBT_ROLE_HEAD;
		int x = layout->at[i].x, x_end = layout->at[i].x_end;
		char text[48];

		if (on)
			ebt_grid_fill(grid, x, y, x_end, role, ' ');
		snprintf(text, sizeof(text), "%s%s", title, arrow);
		/* the arrow may take the gap, so that titles stand still */
		if (ebt_top_columns[id].right)
			ebt_grid_right(grid, x, y, on ? x_end + 1 : x_end, role, text);
		else
			ebt_grid_puts(grid, x, y, x_end, role, text);
		if (id < EBT_COL_MAX)
			ebt_ui_hit(ui, x, x_end + 1, y, EBT_HIT_SORT | id);
	}
}

static void name_cell(struct ebt_ui *ui, struct ebt_grid *grid, int x, int y, int x_end,
		      const struct ebt_group *group)
{
	size_t skip = (size_t)ui->top.hscroll;

	if (ui->settings.group_by == EBT_GROUP_COMMAND) {
		struct ebt_pen pen = { .grid = grid,
				       .x = x,
				       .x_end = x_end,
				       .y = y,
				       .y_end = y + 1,
				       .skip = skip,
				       .unicode = grid->unicode };

		ebt_command_args(ui, &pen, group->name);
	} else if (ui->settings.group_by == EBT_GROUP_EXE) {
		ebt_path_draw(grid, x, y, x_end, group->name, skip);
	} else {
		ebt_grid_bytes(grid, x, y, x_end, EBT_ROLE_STRONG, group->name, skip, true);
	}
}

static enum ebt_role cell_text(char text[EBT_FMT_LEN], unsigned id, const struct ebt_group *group)
{
	enum ebt_role role = EBT_ROLE_TEXT;

	switch (id) {
	case EBT_COL_RATE:
		ebt_fmt_rate(text, group->rate);
		role = group->rate >= 0.05 ? EBT_ROLE_STRONG : EBT_ROLE_DIM;
		break;
	case EBT_COL_RATE_1M:
		ebt_fmt_rate(text, group->rate_1m);
		role = group->rate_1m >= 0.05 ? EBT_ROLE_TEXT : EBT_ROLE_DIM;
		break;
	case EBT_COL_COUNT:
		ebt_fmt_count(text, group->count);
		break;
	case EBT_COL_FAILURES:
		ebt_fmt_count(text, group->failures);
		role = group->failures ? EBT_ROLE_BAD : EBT_ROLE_DIM;
		break;
	case EBT_COL_CPU:
		snprintf(text, EBT_FMT_LEN, "%.1f", group->cpu_share * 100);
		role = group->cpu_share >= 0.10	   ? EBT_ROLE_WARN
		       : group->cpu_share >= 0.001 ? EBT_ROLE_TEXT
						   : EBT_ROLE_DIM;
		break;
	case EBT_COL_CPU_TIME:
		ebt_fmt_duration(text, group->cpu_time_ns);
		break;
	case EBT_COL_LIFE_MEAN:
		ebt_fmt_duration(text, group->life_mean_ns);
		break;
	case EBT_COL_LIFE_P95:
		ebt_fmt_duration(text, group->life_p95_ns);
		break;
	case EBT_COL_ARGS:
		ebt_fmt_bytes(text, group->args_bytes);
		break;
	case EBT_COL_LAST:
		ebt_fmt_clock(text, group->last_real_ns, 0);
		role = EBT_ROLE_DIM;
		break;
	case EBT_COL_RUNNING:
		ebt_fmt_count(text, group->running);
		role = group->running ? EBT_ROLE_GOOD : EBT_ROLE_DIM;
		break;
	case EBT_TOP_MISSING:
		ebt_fmt_count(text, group->missing);
		role = group->missing ? EBT_ROLE_BAD : EBT_ROLE_DIM;
		break;
	default:
		text[0] = '\0';
		break;
	}
	return role;
}

static void draw_group(struct ebt_ui *ui, struct ebt_grid *grid, const struct ebt_layout *layout,
		       const struct ebt_group *group, int y)
{
	/* times are known of ended runs only, and a failed exec has none */
	bool ended = group->life_mean_ns || group->cpu_time_ns;

	for (int i = 0; i < layout->count; i++) {
		unsigned id = layout->at[i].id;
		int x = layout->at[i].x, x_end = layout->at[i].x_end;
		char text[EBT_FMT_LEN];

		if (id == EBT_COL_NAME) {
			ui->top.text_width = x_end - x;
			name_cell(ui, grid, x, y, x_end, group);
		} else if (id == EBT_TOP_SPARK) {
			ebt_spark(grid, x, y, x_end, EBT_ROLE_BAR1, group->spark, EBT_SPARK_LEN, 0);
		} else {
			enum ebt_role role = cell_text(text, id, group);

			if (!ended && (id == EBT_COL_CPU_TIME || id == EBT_COL_LIFE_MEAN ||
				       id == EBT_COL_LIFE_P95)) {
				snprintf(text, sizeof(text), "-");
				role = EBT_ROLE_DIM;
			}
			ebt_grid_right(grid, x, y, x_end, role, text);
		}
	}
}

static void draw(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end)
{
	struct ebt_query query = ebt_list_query(ui);
	struct ebt_layout layout;
	char waiting[400];

	ui->top.y = y + 1;
	ui->top.rows = y_end - y - 1;
	ebt_list_take(ui, &query, ui->top.rows);
	ebt_layout_make(&layout, &ui->settings.top, ebt_top_columns, 0, grid->width, 0);
	head(ui, grid, &layout, y++);
	if (!ui->snap.count)
		ebt_paragraph(grid, 1, y + 1, grid->width - 1, y_end, EBT_ROLE_DIM,
			      ui->filter[0] ? "nothing matches the filter"
					    : ebt_head_waiting(ui, waiting, sizeof(waiting)));
	for (size_t i = 0; i < ui->snap.count && y < y_end; i++, y++) {
		draw_group(ui, grid, &layout, &ui->snap.groups[i], y);
		ui->line_row[y] = (int16_t)i;
		if (ui->snap.first + i == ui->top.sel)
			ebt_grid_role(grid, 0, y, grid->width, ebt_list_sel_role(ui));
	}
}

static void sort_by(struct ebt_ui *ui, enum ebt_column column)
{
	if (ui->settings.sort == column)
		ui->settings.invert = !ui->settings.invert;
	else
		ui->settings.invert = false;
	ui->settings.sort = column;
	if (!ui->top.follow)
		ui->top.sel = ui->top.top = 0;
	ui->frozen_top.list = EBT_LIST_NONE; /* taken anew, in the new order */
}

static void open_sort(struct ebt_ui *ui)
{
	for (int i = 0; i < EBT_COL_MAX; i++)
		ui->menu_items[i] = (struct ebt_menu_item){ .text = ebt_top_columns[i].title,
							    .help = ebt_top_columns[i].help,
							    .marked = (int)ui->settings.sort == i };
	ui->menu = (struct ebt_menu){ .title = "Sort by",
				      .items = ui->menu_items,
				      .count = EBT_COL_MAX,
				      .selected = (int)ui->settings.sort };
	ui->panel = EBT_PANEL_SORT;
}

static void open_group(struct ebt_ui *ui)
{
	for (int i = 0; i < EBT_GROUP_BY_MAX; i++)
		ui->menu_items[i] =
			(struct ebt_menu_item){ .text = ebt_group_by_name((enum ebt_group_by)i),
						.help = group_helps[i],
						.marked = (int)ui->settings.group_by == i };
	ui->menu = (struct ebt_menu){ .title = "Group by",
				      .items = ui->menu_items,
				      .count = EBT_GROUP_BY_MAX,
				      .selected = (int)ui->settings.group_by };
	ui->panel = EBT_PANEL_GROUP;
}

static void top_choose(struct ebt_ui *ui, enum ebt_panel panel, int item)
{
	if (panel == EBT_PANEL_SORT && item >= 0 && item < EBT_COL_MAX) {
		if ((int)ui->settings.sort != item)
			sort_by(ui, (enum ebt_column)item);
	} else if (panel == EBT_PANEL_GROUP && item >= 0 && item < EBT_GROUP_BY_MAX) {
		ui->settings.group_by = (enum ebt_group_by)item;
		ui->top.sel = ui->top.top = 0;
		ui->top.sel_id = 0;
		ui->top.hscroll = 0;
		ui->frozen_top.list = EBT_LIST_NONE;
	}
}

static void top_sort_click(struct ebt_ui *ui, unsigned column)
{
	if (column < EBT_COL_MAX)
		sort_by(ui, (enum ebt_column)column);
}

static bool action(struct ebt_ui *ui, enum ebt_action act)
{
	switch (act) {
	case EBT_ACT_SORT:
		open_sort(ui);
		return true;
	case EBT_ACT_GROUP:
		open_group(ui);
		return true;
	case EBT_ACT_INVERT:
		sort_by(ui, ui->settings.sort);
		return true;
	case EBT_ACT_SORT_RATE:
		top_choose(ui, EBT_PANEL_SORT, EBT_COL_RATE);
		return true;
	case EBT_ACT_SORT_COUNT:
		top_choose(ui, EBT_PANEL_SORT, EBT_COL_COUNT);
		return true;
	case EBT_ACT_SORT_CPU:
		top_choose(ui, EBT_PANEL_SORT, EBT_COL_CPU);
		return true;
	case EBT_ACT_SORT_TIME:
		top_choose(ui, EBT_PANEL_SORT, EBT_COL_LIFE_MEAN);
		return true;
	default:
		return ebt_list_action(ui, act);
	}
}

const struct ebt_screen_ops ebt_screen_top = {
	.title = "Top",
	.where = EBT_IN_TOP,
	.draw = draw,
	.action = action,
	.mouse = ebt_list_mouse,
	.choose = top_choose,
	.sort_click = top_sort_click,
	.find = ebt_list_find,
	.place = ebt_list_selected,
	.go_to = ebt_list_select,
	.here = ebt_list_selected_matches,
};
