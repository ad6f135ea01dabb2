/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ui/tui/grid.h"

static const struct ebt_cell blank = { .text = " ", .len = 1, .width = 1, .role = EBT_ROLE_TEXT };

int ebt_grid_resize(struct ebt_grid *grid, int width, int height)
{
	width = width < 1 ? 1 : width > EBT_GRID_MAX ? EBT_GRID_MAX : width;
	height = height < 1 ? 1 : height > EBT_GRID_MAX ? EBT_GRID_MAX : height;
	size_t need = (size_t)width * (size_t)height;

	if (need > grid->cells_cap) {
		struct ebt_cell *cells = realloc(grid->cells, need * sizeof(*cells));

		if (!cells)
			return -ENOMEM;
		grid->cells = cells;
		grid->cells_cap = need;
	}
	grid->width = width;
	grid->height = height;
	ebt_grid_clear(grid);
	return 0;
}

void ebt_grid_free(struct ebt_grid *grid)
{
	free(grid->cells);
	*grid = (struct ebt_grid){ 0 };
}

void ebt_grid_clear(struct ebt_grid *grid)
{
	size_t n = (size_t)grid->width * (size_t)grid->height;

	for (size_t i = 0; i < n; i++)
		grid->cells[i] = blank;
	grid->cursor_x = -1;
	grid->cursor_y = -1;
}

static struct ebt_cell *cell_at(struct ebt_grid *grid, int x, int y)
{
	return &grid->cells[(size_t)y * (size_t)grid->width + (size_t)x];
}

const struct ebt_cell *ebt_grid_at(const struct ebt_grid *grid, int x, int y)
{
	if (x < 0 || y < 0 || x >= grid->width || y >= grid->height)
		return &blank;
	return &grid->cells[(size_t)y * (size_t)grid->width + (size_t)x];
}

/* Blank the other half of a wide character that is half overwritten. */
static void break_wide(struct ebt_grid *grid, int x, int y)
{
	struct ebt_cell *cell = cell_at(grid, x, y);

	if (cell->width == 0 && x > 0) {
		struct ebt_cell *left = cell_at(grid, x - 1, y);
		uint8_t role = left->role;

		*left = blank;
		left->role = role;
	} else if (cell->width == 2 && x + 1 < grid->width) {
		struct ebt_cell *right = cell_at(grid, x + 1, y);
		uint8_t role = right->role;

		*right = blank;
		right->role = role;
	}
}

static void grid_join(struct ebt_grid *grid, int x, int y, const char *text, size_t len)
{
	if (x < 0)
		return;
	struct ebt_cell *cell = cell_at(grid, x, y);

	if (cell->width == 0 && x > 0)
		cell = cell_at(grid, x - 1, y);
	if (cell->len + len <= EBT_CELL_LEN) { /* further combining marks are dropped */
		memcpy(cell->text + cell->len, text, len);
		cell->len = (uint8_t)(cell->len + len);
	}
}

static bool row_visible(const struct ebt_grid *grid, int y)
{
	return y >= 0 && y < grid->height;
}

static int clip_end(const struct ebt_grid *grid, int x_end)
{
	return x_end < grid->width ? x_end : grid->width;
}

static void put_blank(struct ebt_grid *grid, int x, int y, enum ebt_role role)
{
	break_wide(grid, x, y);
	*cell_at(grid, x, y) = blank;
	cell_at(grid, x, y)->role = (uint8_t)role;
}

void ebt_grid_glyph(struct ebt_grid *grid, int x, int y, int x_end, enum ebt_role role,
		    const char *text, size_t len, unsigned width)
{
	x_end = clip_end(grid, x_end);
	if (!row_visible(grid, y) || len > EBT_CELL_LEN || len == 0)
		return;
	if (width == 0) {
		if (x >= 1 && x <= x_end)
			grid_join(grid, x - 1, y, text, len);
		return;
	}
	if (x < 0 || x >= x_end)
		return;
	if (x + (int)width > x_end) { /* half a character cannot be drawn */
		put_blank(grid, x, y, role);
		return;
	}
	for (int i = 0; i < (int)width; i++)
		break_wide(grid, x + i, y);
	struct ebt_cell *cell = cell_at(grid, x, y);

	memcpy(cell->text, text, len);
	cell->len = (uint8_t)len;
	cell->width = (uint8_t)width;
	cell->role = (uint8_t)role;
	if (width == 2)
		*cell_at(grid, x + 1, y) =
			(struct ebt_cell){ .len = 0, .width = 0, .role = (uint8_t)role };
}

/* Return the bytes of the UTF-8 character at s. The program's own texts are valid UTF-8. */
static size_t utf8_len(const char *s)
{
	unsigned char c = (unsigned char)*s;
	size_t want = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	size_t n = 1;

	while (n < want && ((unsigned char)s[n] & 0xc0) == 0x80)
		n++;
	return n;
}

int ebt_grid_puts(struct ebt_grid *grid, int x, int y, int x_end, enum ebt_role role,
		  const char *text)
{
	for (; *text && x < x_end; x++) {
		size_t n = utf8_len(text);

		ebt_grid_glyph(grid, x, y, x_end, role, text, n, 1);
		text += n;
	}
	return x;
}

int ebt_grid_printf(struct ebt_grid *grid, int x, int y, int x_end, enum ebt_role role,
		    const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return ebt_grid_puts(grid, x, y, x_end, role, text);
}

void ebt_grid_right(struct ebt_grid *grid, int x, int y, int x_end, enum ebt_role role,
		    const char *text)
{
	int width = 0;

	for (const char *p = text; *p; p += utf8_len(p))
		width++;
	while (width > x_end - x && *text) {
		text += utf8_len(text);
		width--;
	}
	ebt_grid_puts(grid, x_end - width, y, x_end, role, text);
}

static void put_mark(struct ebt_grid *grid, int x, int y, int x_end)
{
	if (x < 0 || x >= clip_end(grid, x_end) || !row_visible(grid, y))
		return;
	const char *mark = grid->unicode ? "…" : "+";

	ebt_grid_glyph(grid, x, y, x_end, EBT_ROLE_WARN, mark, strlen(mark), 1);
}

int ebt_grid_bytes(struct ebt_grid *grid, int x, int y, int x_end, enum ebt_role role,
		   struct ebt_bytes text, size_t skip, bool mark)
{
	unsigned flags = grid->unicode ? 0 : EBT_TEXT_ASCII;
	struct ebt_glyph glyph;
	int start = x;
	size_t column = 0;

	x_end = clip_end(grid, x_end);
	while (ebt_text_next(&text, flags, &glyph)) {
		size_t at = column;

		column += glyph.width;
		/* the character that it combines with was skipped */
		if (glyph.width == 0 && x == start)
			continue;
		if (at < skip) { /* columns beyond the left edge are blank */
			for (size_t n = column > skip ? column - skip : 0; n && x < x_end; n--, x++)
				if (row_visible(grid, y) && x >= 0)
					put_blank(grid, x, y, role);
			continue;
		}
		if (x + (int)glyph.width > x_end) {
			if (mark)
				put_mark(grid, x_end - 1, y, x_end);
			return x_end;
		}
		enum ebt_role r = glyph.escaped ? EBT_ROLE_ESCAPED : role;

		if (!glyph.escaped) {
			ebt_grid_glyph(grid, x, y, x_end, r, glyph.text, glyph.len, glyph.width);
			x += glyph.width;
			continue;
		}
		for (unsigned i = 0; i < glyph.len; i++) /* one cell per character */
			ebt_grid_glyph(grid, x++, y, x_end, r, &glyph.text[i], 1, 1);
	}
	return x;
}

void ebt_grid_fill(struct ebt_grid *grid, int x, int y, int x_end, enum ebt_role role, char c)
{
	for (x = x < 0 ? 0 : x; x < clip_end(grid, x_end); x++)
		ebt_grid_glyph(grid, x, y, x_end, role, &c, 1, 1);
}

void ebt_grid_role(struct ebt_grid *grid, int x, int y, int x_end, enum ebt_role role)
{
	if (!row_visible(grid, y))
		return;
	for (x = x < 0 ? 0 : x; x < clip_end(grid, x_end); x++)
		cell_at(grid, x, y)->role = (uint8_t)role;
}

int ebt_grid_text(const struct ebt_grid *grid, struct ebt_buf *out, bool roles)
{
	for (int y = 0; y < grid->height; y++) {
		size_t start = out->len, end = out->len;

		for (int x = 0; x < grid->width; x++) {
			const struct ebt_cell *cell = ebt_grid_at(grid, x, y);

			if (roles) {
				char letter = ebt_role_letter(cell->role);

				ebt_buf_append(out, &letter, 1);
				if (cell->role != EBT_ROLE_TEXT)
					end = out->len;
			} else {
				ebt_buf_append(out, cell->text, cell->len);
				if (cell->len && !(cell->len == 1 && cell->text[0] == ' '))
					end = out->len;
			}
		}
		if (out->error)
			return out->error;
		out->len = end >= start ? end : start;
		ebt_buf_append(out, "\n", 1);
	}
	return out->error;
}
