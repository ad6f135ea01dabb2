/* SPDX-License-Identifier: BSD-3-Clause */
/* widget.h - draw bars, sparklines, graphs, menus and the prompt line on a grid
 *
 * The functions keep no state other than the caller's; every call is clipped. */
#ifndef EBT_UI_TUI_WIDGET_H
#define EBT_UI_TUI_WIDGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/tui/grid.h"

/* Return the role for a fill level: below 60 %, below 85 %, above. */
enum ebt_role ebt_bar_role(double fraction);
/* Draw a bar over the cells [x, x_end). fraction is 0 to 1; any value above 0 is visible. */
void ebt_bar(struct ebt_grid *grid, int x, int y, int x_end, double fraction);

/* All n values in the cells [x, x_end), newest at the right: with less room a cell stands for several
 * values and shows the highest. 0 is empty, anything above shows. max 0: the highest of all. */
void ebt_spark(struct ebt_grid *grid, int x, int y, int x_end, enum ebt_role role,
	       const uint16_t *values, size_t n, uint16_t max);
/* Draw the same over several rows [y, y_end). */
void ebt_graph(struct ebt_grid *grid, int x, int y, int x_end, int y_end, enum ebt_role role,
	       const uint8_t *values, size_t n, uint8_t max);
/* Draw one cell that shows a fraction of 1 as a block, or as a digit 0 to 9 in ASCII. */
void ebt_level(struct ebt_grid *grid, int x, int y, int x_end, enum ebt_role role, double fraction);

/* Draw "Label value" and return the x after it and a gap of two. */
int ebt_field(struct ebt_grid *grid, int x, int y, int x_end, const char *label, enum ebt_role role,
	      const char *value);
/* Draw text over several lines, broken at spaces, and return the y after it. */
int ebt_paragraph(struct ebt_grid *grid, int x, int y, int x_end, int y_end, enum ebt_role role,
		  const char *text);
/* Draw a frame with a title and clear its inside. */
void ebt_frame(struct ebt_grid *grid, int x, int y, int x_end, int y_end, const char *title);

/* A list to choose from. It borrows its items. */
struct ebt_menu_item {
	const char *text; /* the program's own text, not foreign bytes */
	const char *help; /* may be NULL */
	bool marked;	  /* the current value */
};

struct ebt_menu {
	const char *title;
	const struct ebt_menu_item *items;
	int count;
	int selected;
	int top;
	int x, y, x_end, y_end; /* where it was drawn, for the mouse */
};

void ebt_menu_draw(struct ebt_menu *menu, struct ebt_grid *grid, int x, int y, int x_end,
		   int y_end);
/* Move the selection by EBT_KEY_UP to EBT_KEY_END. Return false for other keys. */
bool ebt_menu_key(struct ebt_menu *menu, uint32_t key);
/* Return the item at a position, or -1. */
int ebt_menu_hit(const struct ebt_menu *menu, int x, int y);
/* Return the width of the widest item. */
int ebt_menu_width(const struct ebt_menu *menu);

/* A line of UTF-8 input, at most EBT_PROMPT_MAX - 1 bytes. */
#define EBT_PROMPT_MAX 512

struct ebt_prompt {
	const char *label;
	char text[EBT_PROMPT_MAX];
	size_t len;
	size_t cursor; /* byte offset, on the boundary of a character */
};

void ebt_prompt_set(struct ebt_prompt *prompt, const char *label, const char *text);
/* Handle a key. Return true if it changed or moved something. Enter and Esc are left to the
 * caller. */
bool ebt_prompt_key(struct ebt_prompt *prompt, uint32_t key);
/* Draw label and text, scrolled so that the cursor is visible, and set the grid's cursor. */
void ebt_prompt_draw(const struct ebt_prompt *prompt, struct ebt_grid *grid, int x, int y,
		     int x_end);

#endif
