/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * grid.h - a screen as cells, knowing nothing of terminals.
 *
 * Every drawing call is clipped: to the grid and to the x limit the caller gives. A wide character
 * takes two cells, the second of width 0 and without text; one that would be cut is drawn as a
 * space. Text that comes from outside the program is given as ebt_bytes and passes ebt_text_next;
 * `const char *` text is the program's own.
 */
#ifndef EBT_UI_TUI_GRID_H
#define EBT_UI_TUI_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "ui/tui/theme.h"

#define EBT_CELL_LEN 16
#define EBT_GRID_MAX 1000 /* rows or columns; more is not drawn */

struct ebt_cell {
	char text[EBT_CELL_LEN]; /* len bytes of UTF-8, no NUL needed; base and combining marks */
	uint8_t len;
	uint8_t width; /* 1 or 2; 0: the right half of a wide character */
	uint8_t role;  /* enum ebt_role */
	uint8_t pad;
};

struct ebt_grid {
	int width, height;
	bool unicode;		/* may draw box, bar and Braille characters and non-ASCII text */
	int cursor_x, cursor_y; /* of a prompt; -1: no cursor */
	struct ebt_cell *cells;
	size_t cells_cap;
};

/* Zero-initialised is a grid of 0x0. 0, -ENOMEM (the old size stays). Clears. */
int ebt_grid_resize(struct ebt_grid *grid, int width, int height);
void ebt_grid_free(struct ebt_grid *grid);
void ebt_grid_clear(struct ebt_grid *grid);

/* All return the x after what was drawn (or would have been, up to x_end). Drawing is for x <= cell
 * < x_end. */
int ebt_grid_puts(struct ebt_grid *grid, int x, int y, int x_end, enum ebt_role role,
		  const char *text);
int ebt_grid_printf(struct ebt_grid *grid, int x, int y, int x_end, enum ebt_role role,
		    const char *fmt, ...) __attribute__((format(printf, 6, 7)));
/* Right-aligned: ends at x_end. Cut on the left when it is too long. */
void ebt_grid_right(struct ebt_grid *grid, int x, int y, int x_end, enum ebt_role role,
		    const char *text);
/* Foreign text; escapes get EBT_ROLE_ESCAPED. Skips the first `skip` columns. A mark stands in the
 * last cell when it does not fit (mark false: cut without one). */
int ebt_grid_bytes(struct ebt_grid *grid, int x, int y, int x_end, enum ebt_role role,
		   struct ebt_bytes text, size_t skip, bool mark);
void ebt_grid_fill(struct ebt_grid *grid, int x, int y, int x_end, enum ebt_role role, char c);
/* Changes the role of cells already drawn: a selected line. */
void ebt_grid_role(struct ebt_grid *grid, int x, int y, int x_end, enum ebt_role role);
/* One glyph; len at most EBT_CELL_LEN. width 0 joins the cell before. */
void ebt_grid_glyph(struct ebt_grid *grid, int x, int y, int x_end, enum ebt_role role,
		    const char *text, size_t len, unsigned width);

const struct ebt_cell *ebt_grid_at(const struct ebt_grid *grid, int x, int y);

/* Appends the grid as text, a line a row, trailing spaces cut; with roles as letters
 * (ebt_role_letter) instead of the text. 0 or -ENOMEM. */
int ebt_grid_text(const struct ebt_grid *grid, struct ebt_buf *out, bool roles);

#endif
