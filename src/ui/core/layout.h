/* SPDX-License-Identifier: BSD-3-Clause */
/* layout.h - place the columns that fit a width */
#ifndef EBT_UI_CORE_LAYOUT_H
#define EBT_UI_CORE_LAYOUT_H

#include "ui/core/ui_state.h"

struct ebt_column_spec {
	const char *name;  /* name in settings */
	const char *title; /* title of the column */
	const char *help;  /* what it shows, unless it is a field of an event */
	int width;	   /* 0 takes the remaining width */
	bool right;	   /* align right */
	uint8_t keep;	   /* columns with a lower value are dropped first if there is no room */
	bool more;	   /* may grow on a wide screen */
	uint8_t least;	   /* minimum of a column without width, in percent of the line */
	const char *field; /* name of the field of an event that it shows; NULL if it is none */
	uint8_t event;	   /* type of that event, an enum ebt_event_type */
};
struct ebt_layout {
	int count;
	struct {
		uint8_t id;
		int x, x_end;
	} at[EBT_COLUMNS_MAX];
};
/* least is the minimum of the column without width in percent; 0 takes that of its spec. */
void ebt_layout_make(struct ebt_layout *layout, const struct ebt_columns *columns,
		     const struct ebt_column_spec *specs, int x, int x_end, int least);
/* Draw the titles as a header line across the grid. */
void ebt_layout_head(struct ebt_grid *grid, const struct ebt_layout *layout,
		     const struct ebt_column_spec *specs, int y);

#endif
