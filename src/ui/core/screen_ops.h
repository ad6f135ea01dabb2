/* SPDX-License-Identifier: BSD-3-Clause */
/* screen_ops.h - the interface of a screen to the rest of the ui */
#ifndef EBT_UI_CORE_SCREEN_OPS_H
#define EBT_UI_CORE_SCREEN_OPS_H

#include <stdbool.h>
#include <stdint.h>

#include "ui/tui/grid.h"
#include "ui/tui/input.h"
#include "ui/tui/keys.h"

struct ebt_ui;

/* A menu over the left side of a screen. */
enum ebt_panel { EBT_PANEL_NONE, EBT_PANEL_SORT, EBT_PANEL_GROUP, EBT_PANEL_SAVE };

/* A screen. Any op but draw may be NULL. */
struct ebt_screen_ops {
	const char *title; /* title of the tab */
	unsigned where;	   /* its EBT_IN_* bit */
	/* Draw rows [y, y_end) of the grid. ui->snap holds the numbers of the header. */
	void (*draw)(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end);
	/* Handle an action. Return true if the screen handled it. */
	bool (*action)(struct ebt_ui *ui, enum ebt_action action);
	/* Handle a click or a turn of the wheel inside the rows it drew. Return the action that it
	 * stands for, or EBT_ACT_NONE if the screen has handled it. */
	enum ebt_action (*mouse)(struct ebt_ui *ui, enum ebt_ui_mouse_type type, int x, int y);
	/* Move to the next match of ui->search in direction dir. Return false if there is none. */
	bool (*find)(struct ebt_ui *ui, int dir);
	/* The row under the cursor, so that a search being typed always begins there: its id (0 if
	 * there is none), how to return to it, and whether it matches (NULL lets find decide). Set
	 * all or none of them. */
	uint64_t (*place)(struct ebt_ui *ui);
	void (*go_to)(struct ebt_ui *ui, uint64_t place);
	bool (*here)(struct ebt_ui *ui);
	/* Called when it becomes the current screen. */
	void (*enter)(struct ebt_ui *ui);

	/* Open a screen without a tab over the current one. */
	void (*open)(struct ebt_ui *ui);
	/* Open a screen that shows one row. Return false if the row is no longer known. */
	bool (*open_row)(struct ebt_ui *ui, uint64_t id);
	/* Free the screen's state. Called when Back leaves it and when the ui ends. */
	void (*close)(struct ebt_ui *ui);
	/* Take the text that was typed into the prompt that it opened. */
	void (*value)(struct ebt_ui *ui, const char *text);
	/* An item of a panel that it opened was chosen. */
	void (*choose)(struct ebt_ui *ui, enum ebt_panel panel, int item);
	/* A column title was clicked. */
	void (*sort_click)(struct ebt_ui *ui, unsigned column);
};

#endif
