/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * widget.h - things drawn on a grid: bars, sparklines, graphs, menus, the prompt line. Stateless
 * but for what the caller owns; every call is clipped.
 */
#ifndef EBT_UI_TUI_WIDGET_H
#define EBT_UI_TUI_WIDGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/tui/grid.h"

/* Role by how full: below 60 %, below 85 %, above. */
enum ebt_role ebt_bar_role(double fraction);
/* Bar over the cells [x, x_end). fraction 0 … 1; anything above 0 shows. */
void ebt_bar(struct ebt_grid *grid, int x, int y, int x_end, double fraction);

/* All n values in the cells [x, x_end), newest at the right: with less room a cell stands for several
 * values and shows the highest. 0 is empty, anything above shows. max 0: the highest of all. */
void ebt_spark(struct ebt_grid *grid, int x, int y, int x_end, enum ebt_role role,
	       const uint16_t *values, size_t n, uint16_t max);
/* The same, over several rows [y, y_end). */
void ebt_graph(struct ebt_grid *grid, int x, int y, int x_end, int y_end, enum ebt_role role,
	       const uint8_t *values, size_t n, uint8_t max);
/* One cell that shows how much of 1 a fraction is: blocks, or digits 0 … 9 in ASCII. */
void ebt_level(struct ebt_grid *grid, int x, int y, int x_end, enum ebt_role role, double fraction);

/* "Label value": gives the x after it and a gap of two. */
int ebt_field(struct ebt_grid *grid, int x, int y, int x_end, const char *label, enum ebt_role role,
	      const char *value);
/* Text of several lines, broken at spaces; gives the y after it. */
int ebt_paragraph(struct ebt_grid *grid, int x, int y, int x_end, int y_end, enum ebt_role role,
		  const char *text);
/* Frame with a title; the inside is cleared. */
void ebt_frame(struct ebt_grid *grid, int x, int y, int x_end, int y_end, const char *title);

/* A list to choose from. Borrows its items. */
struct ebt_menu_item {
	const char *text; /* own text, not foreign bytes */
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
/* Moves the selection: EBT_KEY_UP … EBT_KEY_END; false for other keys. */
bool ebt_menu_key(struct ebt_menu *menu, uint32_t key);
/* Item at a place, -1 when there is none. */
int ebt_menu_hit(const struct ebt_menu *menu, int x, int y);
/* Widest text of the items. */
int ebt_menu_width(const struct ebt_menu *menu);

/* A line to type into. UTF-8; at most EBT_PROMPT_MAX - 1 bytes. */
#define EBT_PROMPT_MAX 512

struct ebt_prompt {
	const char *label;
	char text[EBT_PROMPT_MAX];
	size_t len;
	size_t cursor; /* byte offset, between characters */
};

void ebt_prompt_set(struct ebt_prompt *prompt, const char *label, const char *text);
/* True when the key changed or moved something. Enter and Esc are the caller's. */
bool ebt_prompt_key(struct ebt_prompt *prompt, uint32_t key);
/* Draws label and text, scrolled so that the cursor shows, and sets the grid's cursor. */
void ebt_prompt_draw(const struct ebt_prompt *prompt, struct ebt_grid *grid, int x, int y,
		     int x_end);

#endif
