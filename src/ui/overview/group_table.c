/* SPDX-License-Identifier: BSD-3-Clause */
/* group_table.c - columns of the Overview's groups */
#include "ui/overview/group_table.h"

#include <stdio.h>

#include "base/format.h"
#include "ui/core/command_line.h"
#include "ui/tui/widget.h"

#define NAME_LEAST 12 /* a narrow terminal gives the name no less than this */

/* clang-format off */
static const struct {
	const char *title;
	int width;    /* the least */
	uint8_t keep; /* columns with a lower value are left out first */
	bool right;
} table_columns[EBT_OV_MAX] = {
	[EBT_OV_NAME]	 = { "GROUP", 15, 100, false },
	[EBT_OV_RATE]	 = { "RATE", 7, 99, true },
	[EBT_OV_RUNS]	 = { "RUNS", 5, 80, true },
	[EBT_OV_FAILED]	 = { "FAILED", 6, 88, true },
	[EBT_OV_LIVE]	 = { "LIVE", 4, 70, true },
	[EBT_OV_CPU]	 = { "CPUTIM", 6, 92, true },
	[EBT_OV_PARENT]	 = { "STARTED BY", 14, 95, false },
	[EBT_OV_SPARK]	 = { "LAST MINUTE", 8, 85, false },
	[EBT_OV_COMMAND] = { "LATEST COMMAND", 40, 10, false },
};

/* Who gets what is left over, one after the other, and up to which width. A minute divides well into 15, 30
 * and 60 cells. */
static const struct {
	enum ebt_overview_column column;
	int width;
} table_growth[] = {
	{ EBT_OV_SPARK, 15 },	{ EBT_OV_PARENT, 22 },	{ EBT_OV_SPARK, 30 },
	{ EBT_OV_COMMAND, 80 }, { EBT_OV_SPARK, 60 },	{ EBT_OV_COMMAND, EBT_GRID_MAX },
};
/* clang-format on */

/* Choose the columns that fit: a width of 0 leaves one out. Return the cells that are left over. */
static int table_choose(int widths[EBT_OV_MAX], int total)
{
	int need = -1; /* no gap before the first */

	for (unsigned i = 0; i < EBT_OV_MAX; i++) {
		widths[i] = table_columns[i].width;
		need += widths[i] + 1;
	}
	while (need > total) {
		unsigned worst = EBT_OV_NAME;

		for (unsigned i = 0; i < EBT_OV_MAX; i++)
			if (widths[i] && table_columns[i].keep < table_columns[worst].keep)
				worst = i;
		if (worst == EBT_OV_NAME)
			break;
		if (worst == EBT_OV_RATE && total >= NAME_LEAST + 1 + widths[worst]) {
			widths[EBT_OV_NAME] = total - 1 - widths[worst];
			return 0;
		}
		need -= widths[worst] + 1;
		widths[worst] = 0;
	}
	if (need > total)
		widths[EBT_OV_NAME] = total;
	return total > need ? total - need : 0;
}

void ebt_overview_place(struct ebt_overview_layout *layout, int width)
{
	int widths[EBT_OV_MAX], rest = table_choose(widths, width), x = 0;

	for (size_t i = 0; i < sizeof(table_growth) / sizeof(table_growth[0]); i++) {
		int *w = &widths[table_growth[i].column];
		int more = table_growth[i].width - *w;

		if (!*w || more <= 0)
			continue;
		more = more < rest ? more : rest;
		*w += more;
		rest -= more;
	}
	for (unsigned i = 0; i < EBT_OV_MAX; i++) {
		layout->at[i].x = x;
		layout->at[i].x_end = widths[i] ? x + widths[i] : 0;
		x += widths[i] ? widths[i] + 1 : 0;
	}
}

void ebt_overview_titles(const struct ebt_overview_layout *layout, struct ebt_grid *grid, int y)
{
	ebt_grid_fill(grid, 0, y, grid->width, EBT_ROLE_HEAD, ' ');
	for (unsigned i = 0; i < EBT_OV_MAX; i++) {
		int x = layout->at[i].x, x_end = layout->at[i].x_end;

		if (!x_end)
			continue;
		if (i == EBT_OV_RATE) {
			ebt_grid_fill(grid, x, y, x_end, EBT_ROLE_HEAD_ON, ' ');
			ebt_grid_right(grid, x, y, x_end, EBT_ROLE_HEAD_ON,
				       grid->unicode ? "RATE▽" : "RATEv");
		} else if (table_columns[i].right) {
			ebt_grid_right(grid, x, y, x_end, EBT_ROLE_HEAD, table_columns[i].title);
		} else {
			ebt_grid_puts(grid, x, y, x_end, EBT_ROLE_HEAD, table_columns[i].title);
		}
	}
}

/* The mean of the last minute, a second or, for what starts less often, a minute. */
static enum ebt_role table_rate(char text[EBT_FMT_LEN], double per_s)
{
	unsigned per_minute = (unsigned)(per_s * 60 + 0.5);

	if (per_s >= 0.95) {
		char rate[EBT_FMT_LEN];

		snprintf(text, EBT_FMT_LEN, "%s/s", ebt_fmt_rate(rate, per_s));
		return EBT_ROLE_STRONG;
	}
	if (!per_minute) {
		snprintf(text, EBT_FMT_LEN, "-");
		return EBT_ROLE_DIM;
	}
	snprintf(text, EBT_FMT_LEN, "%u/min", per_minute);
	return EBT_ROLE_TEXT;
}

static enum ebt_role table_number(char text[EBT_FMT_LEN], unsigned column,
				  const struct ebt_group *group)
{
	uint64_t cpu_ns = group->cpu_time_ns + group->live_cpu_ns;

	switch (column) {
	case EBT_OV_RATE:
		return table_rate(text, group->rate_1m);
	case EBT_OV_RUNS:
		ebt_fmt_count(text, group->count);
		return EBT_ROLE_TEXT;
	case EBT_OV_FAILED:
		ebt_fmt_count(text, group->failures);
		return group->failures ? EBT_ROLE_WARN : EBT_ROLE_DIM;
	case EBT_OV_LIVE:
		ebt_fmt_count(text, group->running);
		return group->running ? EBT_ROLE_GOOD : EBT_ROLE_DIM;
	default:
		if (cpu_ns)
			ebt_fmt_duration(text, cpu_ns);
		else
			snprintf(text, EBT_FMT_LEN, "-");
		return cpu_ns ? EBT_ROLE_TEXT : EBT_ROLE_DIM;
	}
}

/* Draw who starts most of the group: the name, its pid if it is one process, and how many others there
 * are. The name gives way to what follows it. */
static void table_parent(struct ebt_grid *grid, int x, int y, int x_end,
			 const struct ebt_group *group)
{
	char pid[16] = "", others[16] = "";

	if (!group->parent.len) {
		ebt_grid_puts(grid, x, y, x_end, EBT_ROLE_DIM, "-");
		return;
	}
	if (group->parent_pid)
		snprintf(pid, sizeof(pid), " %u", group->parent_pid);
	if (group->other_parents)
		snprintf(others, sizeof(others), " +%u%s", group->other_parents,
			 group->more_parents ? "+" : "");
	int room = x_end - x - (int)strlen(others), name = (int)group->parent.len;

	/* Without room for both, the name says more than the pid. */
	if (name + (int)strlen(pid) > room)
		pid[0] = '\0';
	x = ebt_grid_bytes(grid, x, y, x_end - (int)(strlen(pid) + strlen(others)), EBT_ROLE_TEXT,
			   group->parent, 0, true);
	x = ebt_grid_puts(grid, x, y, x_end, EBT_ROLE_DIM, pid);
	ebt_grid_puts(grid, x, y, x_end, EBT_ROLE_DIM, others);
}

/* Draw the command line of the group's latest exec, if the history still has it. */
static void table_command(struct ebt_ui *ui, struct ebt_grid *grid, int x, int y, int x_end,
			  const struct ebt_group *group)
{
	struct ebt_pen pen = { .grid = grid,
			       .x = x,
			       .x_end = x_end,
			       .y = y,
			       .y_end = y + 1,
			       .unicode = grid->unicode };
	struct ebt_row row;

	if (group->last_row && ebt_snapshot_row(ui->model, group->last_row, &row))
		ebt_command_draw(ui, &pen, &row);
}

void ebt_overview_group(struct ebt_ui *ui, struct ebt_grid *grid,
			const struct ebt_overview_layout *layout, const struct ebt_group *group,
			int y)
{
	for (unsigned i = 0; i < EBT_OV_MAX; i++) {
		int x = layout->at[i].x, x_end = layout->at[i].x_end;
		char text[EBT_FMT_LEN];
		enum ebt_role role;

		if (!x_end)
			continue;
		switch (i) {
		case EBT_OV_NAME:
			ebt_grid_bytes(grid, x, y, x_end, EBT_ROLE_STRONG, group->name, 0, true);
			break;
		case EBT_OV_PARENT:
			table_parent(grid, x, y, x_end, group);
			break;
		case EBT_OV_SPARK:
			ebt_spark(grid, x, y, x_end, EBT_ROLE_BAR1, group->spark, EBT_SPARK_LEN, 0);
			break;
		case EBT_OV_COMMAND:
			table_command(ui, grid, x, y, x_end, group);
			break;
		default:
			role = table_number(text, i, group);
			ebt_grid_right(grid, x, y, x_end, role, text);
			break;
		}
	}
}
