/* SPDX-License-Identifier: BSD-3-Clause */
/* refusal.c - the screen that shows why a retune was refused, with the full output of compiler or
 * verifier */
#include <string.h>

#include "ui/core/ui_state.h"
#include "ui/screens/registry.h"

#define TAB 8

static size_t next_line(struct ebt_bytes words, size_t at)
{
	const char *end = at < words.len ? memchr(words.data + at, '\n', words.len - at) : NULL;

	return end ? (size_t)(end - words.data) + 1 : words.len;
}

/* Return the start of the line before the one that begins at a byte. */
static size_t line_before(struct ebt_bytes words, size_t at)
{
	const char *end = at > 1 ? memrchr(words.data, '\n', at - 1) : NULL;

	return end ? (size_t)(end - words.data) + 1 : 0;
}

static size_t count_lines(struct ebt_bytes words, size_t to)
{
	size_t n = 0;

	for (size_t at = 0; at < to; n++)
		at = next_line(words, at);
	return n;
}

static void refusal_move(struct ebt_ui *ui, int by)
{
	struct ebt_bytes words = ui->status->refusal;
	size_t *top = &ui->refusal.top;

	if (*top > words.len) /* the text has been replaced by a shorter one */
		*top = words.len;
	for (; by < 0 && *top > 0; by++)
		*top = line_before(words, *top);
	for (; by > 0 && next_line(words, *top) < words.len; by--)
		*top = next_line(words, *top);
}

/* A compiler reports the error first, the verifier last. */
static void to_reason(struct ebt_ui *ui)
{
	struct ebt_bytes words = ui->status->refusal;
	const char *error = memmem(words.data, words.len, "error:", strlen("error:"));

	if (error)
		ui->refusal.top = line_before(words, (size_t)(error - words.data) + 1);
	else
		ui->refusal.to_end = true;
}

static void refusal_open(struct ebt_ui *ui)
{
	if (!ui->status->refusal.len) {
		ebt_ui_say(ui, EBT_LOG_INFO, "no retune was refused with words to read");
		return;
	}
	ui->refusal = (struct ebt_refusal_state){ .from = ui->refusal.from };
	to_reason(ui);
	ebt_ui_open(ui, EBT_SCREEN_REFUSAL);
}

static void draw_line(struct ebt_ui *ui, struct ebt_grid *grid, struct ebt_bytes line, int y)
{
	size_t column = 0;

	ebt_buf_reset(&ui->scratch);
	for (size_t i = 0; i < line.len; i++) {
		size_t blanks = line.data[i] == '\t' ? TAB - column % TAB : 0;

		column += blanks ? blanks : 1;
		if (blanks)
			ebt_buf_append(&ui->scratch, "        ", blanks);
		else
			ebt_buf_append(&ui->scratch, line.data + i, 1);
	}
	ebt_grid_bytes(grid, 1, y, grid->width, EBT_ROLE_TEXT,
		       (struct ebt_bytes){ ui->scratch.data, ui->scratch.len },
		       (size_t)ui->refusal.hscroll, true);
}

static void refusal_draw(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end)
{
	struct ebt_bytes words = ui->status->refusal;
	struct ebt_refusal_state *r = &ui->refusal;
	size_t at, end;
	int title = y++;

	if (ui->status->refused)
		y = ebt_paragraph(grid, 1, y, grid->width - 1, y_end, EBT_ROLE_WARN,
				  ui->status->refused);
	r->page = y_end > y ? y_end - y : 1;
	if (r->to_end) {
		r->top = words.len;
		refusal_move(ui, -r->page);
	} else if (r->top >= words.len) { /* the text was replaced since the screen was opened */
		r->top = 0;
	}
	r->to_end = false;
	at = r->top;
	ebt_grid_fill(grid, 0, title, grid->width, EBT_ROLE_HEAD, ' ');
	ebt_grid_printf(grid, 1, title, grid->width, EBT_ROLE_HEAD,
			"A retune was refused: line %zu of %zu", count_lines(words, at) + 1,
			count_lines(words, words.len));
	for (; y < y_end && at < words.len; y++, at = end) {
		end = next_line(words, at);
		draw_line(ui, grid,
			  (struct ebt_bytes){ words.data + at,
					      end - at - (words.data[end - 1] == '\n') },
			  y);
	}
}

static bool refusal_action(struct ebt_ui *ui, enum ebt_action act)
{
	struct ebt_refusal_state *r = &ui->refusal;
	int page = r->page > 2 ? r->page - 1 : 1;

	switch (act) {
	case EBT_ACT_UP:
	case EBT_ACT_DOWN:
		refusal_move(ui, act == EBT_ACT_UP ? -1 : 1);
		return true;
	case EBT_ACT_PGUP:
	case EBT_ACT_PGDN:
		refusal_move(ui, act == EBT_ACT_PGUP ? -page : page);
		return true;
	case EBT_ACT_HOME:
		r->top = 0;
		return true;
	case EBT_ACT_END:
		r->to_end = true;
		return true;
	case EBT_ACT_LEFT:
		r->hscroll = r->hscroll > TAB ? r->hscroll - TAB : 0;
		return true;
	case EBT_ACT_RIGHT:
		r->hscroll += r->hscroll < EBT_HSCROLL_MAX ? TAB : 0;
		return true;
	default:
		return false;
	}
}

static enum ebt_action refusal_mouse(struct ebt_ui *ui, enum ebt_ui_mouse_type type, int x, int y)
{
	(void)x;
	(void)y;
	if (ebt_wheel_lines(type))
		refusal_move(ui, ebt_wheel_lines(type));
	return EBT_ACT_NONE;
}

const struct ebt_screen_ops ebt_screen_refusal = {
	.title = "Refusal",
	.where = EBT_IN_REFUSAL,
	.draw = refusal_draw,
	.action = refusal_action,
	.mouse = refusal_mouse,
	.open = refusal_open,
};
