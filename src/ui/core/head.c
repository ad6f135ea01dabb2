/* SPDX-License-Identifier: BSD-3-Clause */
/* head.c - draw the lines above every screen, of which the first has tabs and marks */
#include "ui/core/head.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "base/text.h"
#include "ui/core/head_figures.h"
#include "ui/core/trail.h"
#include "ui/core/ui_state.h"

/* Draw a mark, which is a word on the right of the first line. Return the x at which it begins. */
static int head_mark(struct ebt_grid *grid, int x_end, enum ebt_role role, const char *text)
{
	unsigned flags = grid->unicode ? 0 : EBT_TEXT_ASCII;
	int width = (int)ebt_text_width(ebt_bytes_from(text), flags);
	int x = x_end - width;

	if (x < 8)
		return x_end;
	ebt_grid_bytes(grid, x, 0, x_end, role, ebt_bytes_from(text), 0, false);
	return x - 1;
}

static uint64_t head_held(const struct ebt_ui *ui)
{
	uint64_t now = ui->snap.all_rows + ui->snap.dropped_rows;

	return now > ui->paused_at_events ? now - ui->paused_at_events : 0;
}

/* The filter, and how many execs it shows because they may match. */
static int head_filter(const struct ebt_ui *ui, struct ebt_grid *grid, int x)
{
	int room = grid->width / 3 < 100 ? grid->width / 3 : 100;
	const char *cut = (int)strlen(ui->filter) <= room ? "" : grid->unicode ? "…" : "+";
	char text[160], unsure[EBT_FMT_LEN + 16] = "", n[EBT_FMT_LEN];

	if (ui->snap.unsure_rows)
		snprintf(unsure, sizeof(unsure), ", %s unsure",
			 ebt_fmt_count(n, ui->snap.unsure_rows));
	snprintf(text, sizeof(text), " FILTER %.*s%s%s ", room, ui->filter, cut, unsure);
	return head_mark(grid, x, EBT_ROLE_MARK, text);
}

static int head_marks(struct ebt_ui *ui, struct ebt_grid *grid)
{
	const struct ebt_ui_status *st = ui->status;
	char text[128], n[EBT_FMT_LEN];
	int x = grid->width;

	if (grid->width >= 60) {
		snprintf(text, sizeof(text), " %s", ebt_fmt_clock(n, ui->snap.now_real_ns, 0));
		x = head_mark(grid, x, EBT_ROLE_DIM, text);
	}
	if (ui->paused) {
		snprintf(text, sizeof(text), " PAUSED %s held ", ebt_fmt_count(n, head_held(ui)));
		x = head_mark(grid, x, EBT_ROLE_MARK, text);
	}
	if (st->compiling) {
		uint64_t ns = ui->now_ns > st->compiling_since_ns
				      ? ui->now_ns - st->compiling_since_ns
				      : 0;

		snprintf(text, sizeof(text), " %s %s ", st->loading ? "loading" : "compiling",
			 ebt_fmt_duration(n, ns / 100000000u * 100000000u));
		x = head_mark(grid, x, EBT_ROLE_MARK, text);
	}
	if (st->ended)
		x = head_mark(grid, x, EBT_ROLE_MARK, " ENDED ");
	if (st->recording) {
		snprintf(text, sizeof(text), " REC %s ", ebt_fmt_bytes(n, st->recorded_bytes));
		x = head_mark(grid, x, EBT_ROLE_MARK, text);
	}
	if (st->replay)
		snprintf(text, sizeof(text), " REPLAY %s%s",
			 st->replay_state ? st->replay_state : "", st->replay_state ? " " : "");
	if (st->replay)
		x = head_mark(grid, x, EBT_ROLE_MARK, text);
	if (ui->filter[0])
		x = head_filter(ui, grid, x);
	if (ui->screen == EBT_SCREEN_TREE && ebt_tree_view_partial(&ui->tree_view))
		x = head_mark(grid, x, EBT_ROLE_MARK,
			      ui->tree_view.root_pid ? " SUBTREE " : " PART ");
	if (st->filters && grid->width >= 60) {
		snprintf(text, sizeof(text), "only %.60s", st->filters);
		x = head_mark(grid, x, EBT_ROLE_WARN, text);
	}
	return x;
}

static int head_tabs_width(const struct ebt_ui *ui)
{
	int width = 0;

	for (unsigned i = 0; i < EBT_SCREEN_TABS; i++)
		width += ebt_ui_has_tab(ui, i) ? (int)strlen(ebt_ui_screen_ops(ui, i)->title) + 2
					       : 0;
	return width;
}

static void head_tabs(struct ebt_ui *ui, struct ebt_grid *grid, int x_end)
{
	enum ebt_ui_screen now = ui->screen;
	bool all = head_tabs_width(ui) <= x_end;
	int x = 0;

	for (unsigned i = 0; i < EBT_SCREEN_MAX; i++) {
		const struct ebt_screen_ops *ops = ebt_ui_screen_ops(ui, i);
		bool on = i == now;

		if (!ebt_ui_has_tab(ui, i) && !on)
			continue;
		if (!all && !on)
			continue;
		int end = ebt_grid_printf(grid, x, 0, x_end, on ? EBT_ROLE_TAB_ON : EBT_ROLE_TAB,
					  " %s ", ops->title);

		if (i < EBT_SCREEN_TABS)
			ebt_ui_hit(ui, x, end, 0, EBT_HIT_SCREEN | i);
		x = end;
	}
}

int ebt_head_draw(struct ebt_ui *ui, struct ebt_grid *grid)
{
	int y = 0;

	if (grid->height < 5)
		return 0;
	int x_end = head_marks(ui, grid);

	if (!ebt_trail_draw(ui, grid, y, x_end))
		head_tabs(ui, grid, x_end);
	y++;
	if (grid->height < 8)
		return y;
	ebt_head_figures(ui, grid, y++);
	return grid->height >= 14 ? ebt_head_buffers(ui, grid, y) : y;
}

/* Write a number with a comma before every three digits. */
static void head_grouped(char *out, size_t len, uint64_t n)
{
	char digits[24];
	size_t count = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, n), at = 0;

	for (size_t i = 0; i < count && at + 2 < len; i++) {
		if (i && (count - i) % 3 == 0)
			out[at++] = ',';
		out[at++] = digits[i];
	}
	out[at] = '\0';
}

const char *ebt_head_waiting(const struct ebt_ui *ui, char *text, size_t len)
{
	uint64_t seen = ui->snap.total.c.execs - ui->execs_at_clear;
	char number[40];

	head_grouped(number, sizeof(number), seen);
	if (ui->status->filters && !ui->status->replay && seen)
		snprintf(text, len, "%s seen, all filtered by %s", number, ui->status->filters);
	else if (ui->status->filters && !ui->status->replay)
		snprintf(text, len, "waiting for the first exec, filtered by %s",
			 ui->status->filters);
	else
		snprintf(text, len, "waiting for the first exec");
	return text;
}
