/* SPDX-License-Identifier: BSD-3-Clause */
/* layout.h - columns that fit a width. */
#ifndef EBT_UI_CORE_LAYOUT_H
#define EBT_UI_CORE_LAYOUT_H

#include "ui/core/ui_state.h"

struct ebt_column_spec {
	const char *name;  /* in settings */
	const char *title; /* of the column */
	const char *help;
	int width;     /* 0: takes what the others leave */
	bool right;    /* aligned */
	uint8_t keep;  /* the lower, the earlier it goes when there is no room */
	bool more;     /* may grow on a wide screen */
	uint8_t least; /* without width: percent of the line it gets at least */
};
struct ebt_layout {
	int count;
	struct {
		uint8_t id;
		int x, x_end;
	} at[EBT_COLUMNS_MAX];
};
/* least: percent for the column without width; 0: as its spec says. */
void ebt_layout_make(struct ebt_layout *layout, const struct ebt_columns *columns,
		     const struct ebt_column_spec *specs, int x, int x_end, int least);
/* Their titles, as a line of head across the grid. */
void ebt_layout_head(struct ebt_grid *grid, const struct ebt_layout *layout,
		     const struct ebt_column_spec *specs, int y);

#endif
