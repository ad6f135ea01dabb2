/* SPDX-License-Identifier: BSD-3-Clause */
/* command_line.h - a command line in a row or over several, quoted as a shell needs it. */
#ifndef EBT_UI_CORE_COMMAND_LINE_H
#define EBT_UI_CORE_COMMAND_LINE_H

#include "ui/core/ui_state.h"

struct ebt_pen {
	struct ebt_grid *grid; /* NULL: only measures */
	int x, x_end, y, y_end;
	size_t skip; /* columns */
	bool wrap;
	bool plain_role; /* everything in .role: exited rows of the tree */
	enum ebt_role role;
	bool unicode;
	/* state */
	int at_x, at_y;
	size_t passed;
	bool full;
};
/* Draws a row's command line, quoted as a shell needs it. Gives the number of lines used. */
int ebt_command_draw(struct ebt_ui *ui, struct ebt_pen *pen, const struct ebt_row *row);
/* The same for bare NUL-terminated arguments. */
int ebt_command_args(struct ebt_ui *ui, struct ebt_pen *pen, struct ebt_bytes args);
/* Columns of the whole command line, at most max. */
size_t ebt_command_width(struct ebt_ui *ui, const struct ebt_row *row, size_t max);
/* A path with its directory dim. */
void ebt_path_draw(struct ebt_grid *grid, int x, int y, int x_end, struct ebt_bytes path,
		   size_t skip);
/* One letter for what is incomplete in an event, ' ' when it is whole. */
char ebt_row_mark(const struct ebt_row *row, enum ebt_role *role);

#endif
