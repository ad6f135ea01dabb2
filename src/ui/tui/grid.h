/* SPDX-License-Identifier: BSD-3-Clause */
/* grid.h - a screen as cells, independent of terminals
 *
 * Every drawing call is clipped to the grid and to the caller's x limit. A wide character takes two
 * cells, the second of width 0 and without text; one that would be cut is drawn as a space. Text
 * from outside the program is passed as ebt_bytes and goes through ebt_text_next(); `const char *`
 * text is the program's own. */
#ifndef EBT_UI_TUI_GRID_H
#define EBT_UI_TUI_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "ui/tui/theme.h"

#define EBT_CELL_LEN 16
#define EBT_GRID_MAX 1000 /* maximum number of rows or columns; further ones are not drawn */

struct ebt_cell {
	/* len bytes of UTF-8 without a NUL: a character and its combining marks */
	char text[EBT_CELL_LEN];
	uint8_t len;
	uint8_t width; /* 1 or 2; 0 for the right half of a wide character */
	uint8_t role;  /* enum ebt_role */
	uint8_t pad;
};

struct ebt_grid {
	int width, height;
	/* box, bar and Braille characters and non-ASCII text may be drawn */
	bool unicode;
	int cursor_x, cursor_y; /* position of the prompt's cursor; -1 if there is none */
	struct ebt_cell *cells;
	size_t cells_cap;
};

/* Resize and clear the grid. A zero-initialised grid is 0x0. Return 0, or -ENOMEM, in which case
 * the old size stays. */
int ebt_grid_resize(struct ebt_grid *grid, int width, int height);
void ebt_grid_free(struct ebt_grid *grid);
void ebt_grid_clear(struct ebt_grid *grid);

/* The drawing functions draw cells in [x, x_end) and return the x after what was drawn, or would
 * have been up to x_end. */
int ebt_grid_puts(struct ebt_grid *grid, int x, int y, int x_end, enum ebt_role role,
		  const char *text);
int ebt_grid_printf(struct ebt_grid *grid, int x, int y, int x_end, enum ebt_role role,
		    const char *fmt, ...) __attribute__((format(printf, 6, 7)));
/* Draw right-aligned text that ends at x_end, cut on the left if it is too long. */
void ebt_grid_right(struct ebt_grid *grid, int x, int y, int x_end, enum ebt_role role,
		    const char *text);
/* Draw foreign text after skipping `skip` columns; escapes get EBT_ROLE_ESCAPED. If it does not
 * fit, the last cell shows a mark, unless mark is false. */
int ebt_grid_bytes(struct ebt_grid *grid, int x, int y, int x_end, enum ebt_role role,
		   struct ebt_bytes text, size_t skip, bool mark);
void ebt_grid_fill(struct ebt_grid *grid, int x, int y, int x_end, enum ebt_role role, char c);
/* Change the role of cells already drawn, for a selected line. */
void ebt_grid_role(struct ebt_grid *grid, int x, int y, int x_end, enum ebt_role role);
/* Draw one glyph of at most EBT_CELL_LEN bytes. Width 0 combines it with the cell before. */
void ebt_grid_glyph(struct ebt_grid *grid, int x, int y, int x_end, enum ebt_role role,
		    const char *text, size_t len, unsigned width);

const struct ebt_cell *ebt_grid_at(const struct ebt_grid *grid, int x, int y);

/* Append the grid as text, one line per row without trailing spaces; with roles, write the letters
 * of the roles (ebt_role_letter) instead of the text. Return 0 or -ENOMEM. */
int ebt_grid_text(const struct ebt_grid *grid, struct ebt_buf *out, bool roles);

#endif
