/* SPDX-License-Identifier: BSD-3-Clause */
/* details.c - one exec, whole. */
#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "base/text.h"
#include "ui/core/prompt.h"
#include "ui/core/ui_state.h"
#include "ui/screens/details_lines.h"
#include "ui/screens/registry.h"

/* The row goes on: it may end while it is looked at. Its texts stay those of the copy. */
static void refresh_row(struct ebt_ui *ui, struct ebt_details *d)
{
	struct ebt_row now;

	if (d->gone || (d->row.ended && d->row.id))
		return;
	if (!ebt_snapshot_row(ui->model, d->row.id, &now)) {
		d->gone = true;
		return;
	}
	d->row.ended = now.ended;
	d->row.replaced = now.replaced;
	d->row.exit_unknown = now.exit_unknown;
	d->row.status = now.status;
	d->row.run_ns = now.run_ns;
	d->row.utime_ns = now.utime_ns;
	d->row.stime_ns = now.stime_ns;
	d->row.maxrss_bytes = now.maxrss_bytes;
}

static void draw_label(struct ebt_details *d, struct ebt_grid *grid, const struct ebt_dline *line,
		       int y)
{
	char n[EBT_FMT_LEN];

	if (line->more)
		return;
	switch (line->kind) {
	case EBT_DL_FIELD:
		ebt_grid_right(grid, 1, y, EBT_DETAILS_INDENT - 2, EBT_ROLE_LABEL,
			       ebt_details_label(line));
		break;
	case EBT_DL_ARG:
		snprintf(n, sizeof(n), "%u", line->index);
		ebt_grid_right(grid, 0, y, 5, EBT_ROLE_LABEL, n);
		ebt_grid_right(grid, 6, y, 11, EBT_ROLE_DIM,
			       ebt_fmt_count(n, d->args[line->index].len));
		break;
	case EBT_DL_ENV:
		ebt_grid_right(grid, 6, y, 11, EBT_ROLE_DIM,
			       ebt_fmt_count(n, d->envs[line->index].len));
		break;
	case EBT_DL_ANCESTOR:
		snprintf(n, sizeof(n), "%u", d->ancestors[line->index].pid);
		ebt_grid_right(grid, 2, y, 10, EBT_ROLE_PID, n);
		ebt_grid_bytes(grid, 11, y, EBT_DETAILS_INDENT + 9, EBT_ROLE_STRONG,
			       ebt_bytes_from(d->ancestors[line->index].comm), 0, true);
		break;
	default:
		break;
	}
}

/* Marks the cells of the match, if it shows on this line. */
static void draw_match(struct ebt_details *d, struct ebt_grid *grid, size_t i, int x, int y,
		       struct ebt_bytes text, size_t skip)
{
	const struct ebt_dline *line = &d->lines[i];
	unsigned flags = grid->unicode ? 0 : EBT_TEXT_ASCII;

	if (!d->match_len || d->match_line != i || d->match_at < line->at)
		return;
	struct ebt_bytes before = { text.data + line->at, d->match_at - line->at };
	struct ebt_bytes found = { text.data + d->match_at, d->match_len };
	size_t from = ebt_text_width(before, flags), to = from + ebt_text_width(found, flags);

	if (to <= skip)
		return;
	from = from > skip ? from - skip : 0;
	ebt_grid_role(grid, x + (int)from, y,
		      x + (int)(to - skip < EBT_GRID_MAX ? to - skip : EBT_GRID_MAX),
		      EBT_ROLE_MATCH);
}

static void draw_line(struct ebt_ui *ui, struct ebt_grid *grid, size_t i, int y)
{
	struct ebt_details *d = &ui->details;
	const struct ebt_dline *line = &d->lines[i];
	size_t skip = d->wrap || line->kind == EBT_DL_HEADING ? 0 : (size_t)d->hscroll;
	int x = ebt_details_indent(line);
	char buf[640];
	enum ebt_role role;
	struct ebt_bytes text = ebt_details_text(d, line, buf, sizeof(buf), &role);

	draw_label(d, grid, line, y);
	if (line->at > text.len)
		return;
	/* an empty text may have no memory to count in */
	struct ebt_bytes rest = { text.data ? text.data + line->at : NULL, text.len - line->at };

	if (line->kind == EBT_DL_ARG && text.len == 0)
		ebt_grid_puts(grid, x, y, grid->width, EBT_ROLE_DIM, "(empty)");
	/* a wrapped line ends where the next one begins, without a mark */
	ebt_grid_bytes(grid, x, y, grid->width, role, rest, skip, !d->wrap);
	draw_match(d, grid, i, x, y, text, skip);
}

static void clamp_top(struct ebt_details *d)
{
	size_t page = d->page > 0 ? (size_t)d->page : 1;
	size_t last = d->count > page ? d->count - page : 0;

	if (d->top > last)
		d->top = last;
}

static void draw(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end)
{
	struct ebt_details *d = &ui->details;
	char place[64];

	refresh_row(ui, d);
	ebt_details_lines(d, grid->width, grid->unicode);
	d->page = y_end - y - 1;
	clamp_top(d);
	ebt_grid_fill(grid, 0, y, grid->width, EBT_ROLE_HEAD, ' ');
	snprintf(place, sizeof(place), " %zu-%zu of %zu ", d->count ? d->top + 1 : 0,
		 d->top + (size_t)(d->page > 0 ? d->page : 0) < d->count
			 ? d->top + (size_t)(d->page > 0 ? d->page : 0)
			 : d->count,
		 d->count);
	int end = grid->width - (int)strlen(place);
	int x = ebt_grid_printf(grid, 1, y, end, EBT_ROLE_HEAD, "Process %u ", d->row.pid);

	ebt_grid_bytes(grid, x, y, end, EBT_ROLE_HEAD, d->row.comm, 0, true);
	ebt_grid_right(grid, end > 20 ? end : grid->width, y, grid->width, EBT_ROLE_HEAD, place);
	for (size_t i = d->top; i < d->count && ++y < y_end; i++)
		draw_line(ui, grid, i, y);
}

static void scroll_by(struct ebt_details *d, long by)
{
	if (by < 0)
		d->top -= d->top < (size_t)-by ? d->top : (size_t)-by;
	else
		d->top += (size_t)by;
	clamp_top(d);
}

static bool action(struct ebt_ui *ui, enum ebt_action act)
{
	struct ebt_details *d = &ui->details;
	int page = d->page > 1 ? d->page - 1 : 1;

	switch (act) {
	case EBT_ACT_UP:
		scroll_by(d, -1);
		return true;
	case EBT_ACT_DOWN:
		scroll_by(d, 1);
		return true;
	case EBT_ACT_PGUP:
		scroll_by(d, -page);
		return true;
	case EBT_ACT_PGDN:
		scroll_by(d, page);
		return true;
	case EBT_ACT_HOME:
		d->top = 0;
		return true;
	case EBT_ACT_END:
		d->top = d->count;
		clamp_top(d);
		return true;
	case EBT_ACT_LEFT:
		d->hscroll = d->hscroll > 8 ? d->hscroll - 8 : 0;
		return true;
	case EBT_ACT_RIGHT:
		d->hscroll = d->wrap || d->hscroll > (8 << 20) ? d->hscroll : d->hscroll + 8;
		return true;
	case EBT_ACT_LINE_START:
		d->hscroll = 0;
		return true;
	case EBT_ACT_WRAP:
		d->wrap = !d->wrap;
		d->hscroll = 0;
		return true;
	default:
		return false;
	}
}

static enum ebt_action mouse(struct ebt_ui *ui, enum ebt_ui_mouse_type type, int x, int y)
{
	(void)x;
	(void)y;
	if (ebt_wheel_lines(type))
		scroll_by(&ui->details, ebt_wheel_lines(type));
	return EBT_ACT_NONE;
}

/* First line of the item line i belongs to. */
static size_t item_of(const struct ebt_details *d, size_t i)
{
	while (i > 0 && d->lines[i].more)
		i--;
	return i;
}

/* The line of an item that shows a byte of its text. */
static size_t line_of(const struct ebt_details *d, size_t item, size_t at)
{
	while (item + 1 < d->count && d->lines[item + 1].more && d->lines[item + 1].at <= at)
		item++;
	return item;
}

/* Next match in an item from byte `from` on (dir > 0), or the last one before it. */
static size_t match_in(struct ebt_ui *ui, size_t item, size_t from, int dir, size_t *len)
{
	const struct ebt_details *d = &ui->details;
	char buf[640];
	enum ebt_role role;
	struct ebt_bytes text;
	size_t at, n, best = SIZE_MAX;

	text = ebt_details_text(d, &d->lines[item], buf, sizeof(buf), &role);
	if (dir > 0)
		return ebt_ui_find_in(ui, text, from, len);
	for (at = ebt_ui_find_in(ui, text, 0, &n); at < from;
	     at = ebt_ui_find_in(ui, text, at + n, &n)) {
		best = at;
		*len = n;
	}
	return best;
}

static bool find(struct ebt_ui *ui, int dir)
{
	struct ebt_details *d = &ui->details;
	size_t item, from, len = 0;
	bool whole = false;

	if (!d->count || !ui->search_valid)
		return false;
	item = item_of(d, d->match_len ? d->match_line : d->top < d->count ? d->top : d->count - 1);
	from = !d->match_len ? (dir > 0 ? 0 : SIZE_MAX)
	       : dir > 0     ? d->match_at + d->match_len
			     : d->match_at;
	for (size_t first = item;;) {
		size_t at = match_in(ui, item, from, dir, &len);

		if (at != SIZE_MAX) {
			d->match_line = line_of(d, item, at);
			d->match_at = at;
			d->match_len = len;
			if (d->match_line < d->top || d->match_line >= d->top + (size_t)d->page)
				d->top = d->match_line > 2 ? d->match_line - 2 : 0;
			clamp_top(d);
			return true;
		}
		if (whole)
			return false;
		if (dir > 0) {
			item = line_of(d, item, SIZE_MAX) + 1;
			item = item >= d->count ? 0 : item;
		} else {
			item = item_of(d, item ? item - 1 : d->count - 1);
		}
		from = dir > 0 ? 0 : SIZE_MAX;
		whole = item == first; /* once round: it again, from its other end */
	}
}

/* Where a search begins: the page, without a match. */
static uint64_t place(struct ebt_ui *ui)
{
	return ui->details.top + 1;
}

static void go_to(struct ebt_ui *ui, uint64_t place)
{
	ui->details.top = (size_t)(place - 1);
	ui->details.match_len = 0;
	clamp_top(&ui->details);
}

static void details_screen_close(struct ebt_ui *ui)
{
	ebt_details_close(&ui->details);
}

const struct ebt_screen_ops ebt_screen_details = {
	.title = "Details",
	.where = EBT_IN_DETAILS,
	.draw = draw,
	.action = action,
	.mouse = mouse,
	.open_row = ebt_details_open,
	.close = details_screen_close,
	.find = find,
	.place = place,
	.go_to = go_to,
};
