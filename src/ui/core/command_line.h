/* SPDX-License-Identifier: BSD-3-Clause */
/* command_line.h - draw a command line in one row or over several, quoted as for a shell */
#ifndef EBT_UI_CORE_COMMAND_LINE_H
#define EBT_UI_CORE_COMMAND_LINE_H

#include "ui/core/ui_state.h"

struct ebt_pen {
	struct ebt_grid *grid; /* NULL only measures */
	int x, x_end, y, y_end;
	size_t skip; /* number of columns to skip */
	bool wrap;
	bool plain_role; /* draw everything in .role, for exited rows of the tree */
	enum ebt_role role;
	bool unicode;
	/* Internal state. */
	int at_x, at_y;
	size_t passed;
	bool full;
};
/* Draw a row's command line, quoted as for a shell. Return the number of lines used. */
int ebt_command_draw(struct ebt_ui *ui, struct ebt_pen *pen, const struct ebt_row *row);
/* Draw NUL-terminated arguments in the same way. */
int ebt_command_args(struct ebt_ui *ui, struct ebt_pen *pen, struct ebt_bytes args);
/* Return the columns of the whole command line, at most max. */
size_t ebt_command_width(struct ebt_ui *ui, const struct ebt_row *row, size_t max);
/* Draw a path with its directory dim. */
void ebt_path_draw(struct ebt_grid *grid, int x, int y, int x_end, struct ebt_bytes path,
		   size_t skip);
/* Return one letter for the parts that are incomplete in an event, or ' ' if it is complete. */
char ebt_row_mark(const struct ebt_row *row, enum ebt_role *role);

#endif
