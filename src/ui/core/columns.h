/* SPDX-License-Identifier: BSD-3-Clause */
/* columns.h - the columns of the lists of execs and of groups */
#ifndef EBT_UI_CORE_COLUMNS_H
#define EBT_UI_CORE_COLUMNS_H

#include "ui/core/layout.h"
#include "ui/core/ui_state.h"

/* Columns of the lists of execs, indexed by enum ebt_row_column. */
extern const struct ebt_column_spec ebt_row_columns[EBT_RC_MAX];
/* Columns of groups, indexed by enum ebt_column and enum ebt_top_extra. */
extern const struct ebt_column_spec ebt_top_columns[EBT_TOP_CMAX];
#define EBT_COLUMN_HELP_MAX 96

/* Return what a column shows, in one line: its help or, for a field of an event, what the table of
 * fields says of it up to the first semicolon or colon, without Markdown. That is made in out, of len
 * bytes. */
const char *ebt_column_describe(const struct ebt_column_spec *spec, char *out, size_t len);
/* Draw one cell of a row, except the command. */
void ebt_row_cell(struct ebt_ui *ui, struct ebt_grid *grid, enum ebt_row_column column, int x,
		  int y, int x_end, const struct ebt_row *row);

#endif
