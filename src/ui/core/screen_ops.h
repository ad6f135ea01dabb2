/* SPDX-License-Identifier: BSD-3-Clause */
/* screen_ops.h - what a screen is to the rest of the ui. */
#ifndef EBT_UI_CORE_SCREEN_OPS_H
#define EBT_UI_CORE_SCREEN_OPS_H

#include <stdbool.h>
#include <stdint.h>

#include "ui/tui/grid.h"
#include "ui/tui/input.h"
#include "ui/tui/keys.h"

struct ebt_ui;

/* A menu over the left of the Top screen. */
enum ebt_panel { EBT_PANEL_NONE, EBT_PANEL_SORT, EBT_PANEL_GROUP };

/* A screen: how it draws itself and what it does with an action. Any op may be NULL but draw. */
struct ebt_screen_ops {
	const char *title; /* of the tab */
	unsigned where;	   /* its EBT_IN_* bit */
	/* Draws rows [y, y_end) of the grid; ui->snap holds the header's numbers. */
	void (*draw)(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end);
	/* True when the action was its own. */
	bool (*action)(struct ebt_ui *ui, enum ebt_action action);
	/* Handle a click or a turn of the wheel inside the rows it drew. Return the action that it
	 * stands for, EBT_ACT_NONE when the screen has dealt with it. */
	enum ebt_action (*mouse)(struct ebt_ui *ui, enum ebt_ui_mouse_type type, int x, int y);
	/* Moves to the next match of ui->search in direction dir; false when there is none. */
	bool (*find)(struct ebt_ui *ui, int dir);
	/* The row under the cursor, so that a search which is typed begins there each time: what
	 * to call it (0: there is none), the way back to it, whether it matches (NULL: find tells).
	 * All or none. */
	uint64_t (*place)(struct ebt_ui *ui);
	void (*go_to)(struct ebt_ui *ui, uint64_t place);
	bool (*here)(struct ebt_ui *ui);
	/* Becomes the current screen. */
	void (*enter)(struct ebt_ui *ui);
	/* Row whose details Enter shows; NULL: the row under the cursor. 0: none. */
	uint64_t (*selected_row)(struct ebt_ui *ui);

	/* Open a screen without a tab over the current one. */
	void (*open)(struct ebt_ui *ui);
	/* The same for a screen that shows one row; false when the row is no longer known. */
	bool (*open_row)(struct ebt_ui *ui, uint64_t id);
	/* Free what it holds. It is called when Back leaves it and when the ui ends. */
	void (*close)(struct ebt_ui *ui);
	/* Take the text that was typed into the prompt it opened. */
	void (*value)(struct ebt_ui *ui, const char *text);
	/* Item of a panel that it opened was chosen. */
	void (*choose)(struct ebt_ui *ui, enum ebt_panel panel, int item);
	/* A column title was clicked. */
	void (*sort_click)(struct ebt_ui *ui, unsigned column);
};

#endif
