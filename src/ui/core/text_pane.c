/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/core/text_pane.h"

#include <string.h>

#define TAB 8

static size_t pane_next_line(struct ebt_bytes text, size_t at)
{
	const char *end = at < text.len ? memchr(text.data + at, '\n', text.len - at) : NULL;

	return end ? (size_t)(end - text.data) + 1 : text.len;
}

/* Return the start of the line before the one that begins at a byte. */
static size_t pane_line_before(struct ebt_bytes text, size_t at)
{
	const char *end = at > 1 ? memrchr(text.data, '\n', at - 1) : NULL;

	return end ? (size_t)(end - text.data) + 1 : 0;
}

static size_t pane_count_lines(struct ebt_bytes text, size_t to)
{
	size_t n = 0;

	for (size_t at = 0; at < to; n++)
		at = pane_next_line(text, at);
	return n;
}

void ebt_text_pane_move(struct ebt_text_pane *pane, struct ebt_bytes text, int by)
{
	if (by < 0)
		pane->to_end = false;
	if (pane->top > text.len) /* the text has been replaced by a shorter one */
		pane->top = text.len;
	for (; by < 0 && pane->top > 0; by++)
		pane->top = pane_line_before(text, pane->top);
	for (; by > 0 && pane_next_line(text, pane->top) < text.len; by--)
		pane->top = pane_next_line(text, pane->top);
}

void ebt_text_pane_show(struct ebt_text_pane *pane, struct ebt_bytes text, size_t at)
{
	pane->top = pane_line_before(text, at + 1);
	pane->to_end = false;
}

void ebt_text_pane_fit(struct ebt_text_pane *pane, struct ebt_bytes text, int y, int y_end)
{
	pane->page = y_end > y ? y_end - y : 1;
	if (pane->to_end) {
		pane->top = text.len;
		for (int i = 0; i < pane->page && pane->top > 0; i++)
			pane->top = pane_line_before(text, pane->top);
	} else if (pane->top >= text.len) { /* the text was replaced since the screen was opened */
		pane->top = 0;
	}
}

size_t ebt_text_pane_line(const struct ebt_text_pane *pane, struct ebt_bytes text, size_t *lines)
{
	*lines = pane_count_lines(text, text.len);
	return pane_count_lines(text, pane->top) + 1;
}

static void pane_draw_line(struct ebt_ui *ui, struct ebt_grid *grid, struct ebt_bytes line, int y,
			   int hscroll)
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
		       (struct ebt_bytes){ ui->scratch.data, ui->scratch.len }, (size_t)hscroll,
		       true);
}

void ebt_text_pane_draw(const struct ebt_text_pane *pane, struct ebt_ui *ui, struct ebt_grid *grid,
			struct ebt_bytes text, int y, int y_end)
{
	size_t at = pane->top, end;

	for (; y < y_end && at < text.len; y++, at = end) {
		end = pane_next_line(text, at);
		pane_draw_line(ui, grid,
			       (struct ebt_bytes){ text.data + at,
						   end - at - (text.data[end - 1] == '\n') },
			       y, pane->hscroll);
	}
}

bool ebt_text_pane_action(struct ebt_text_pane *pane, struct ebt_bytes text, enum ebt_action action)
{
	int page = pane->page > 2 ? pane->page - 1 : 1;

	switch (action) {
	case EBT_ACT_UP:
	case EBT_ACT_DOWN:
		ebt_text_pane_move(pane, text, action == EBT_ACT_UP ? -1 : 1);
		return true;
	case EBT_ACT_PGUP:
	case EBT_ACT_PGDN:
		ebt_text_pane_move(pane, text, action == EBT_ACT_PGUP ? -page : page);
		return true;
	case EBT_ACT_HOME:
		pane->to_end = false;
		pane->top = 0;
		return true;
	case EBT_ACT_END:
		pane->to_end = true;
		return true;
	case EBT_ACT_LEFT:
		pane->hscroll = pane->hscroll > TAB ? pane->hscroll - TAB : 0;
		return true;
	case EBT_ACT_RIGHT:
		pane->hscroll += pane->hscroll < EBT_HSCROLL_MAX ? TAB : 0;
		return true;
	default:
		return false;
	}
}
