/* SPDX-License-Identifier: BSD-3-Clause */
/* group_table.h - the columns of the Overview's groups: which fit, where they stand, what they show */
#ifndef EBT_UI_OVERVIEW_GROUP_TABLE_H
#define EBT_UI_OVERVIEW_GROUP_TABLE_H

#include "model/snapshot.h"
#include "ui/core/ui_state.h"

enum ebt_overview_column {
	EBT_OV_NAME,
	EBT_OV_RATE,
	EBT_OV_RUNS,
	EBT_OV_FAILED,
	EBT_OV_LIVE,
	EBT_OV_CPU,
	EBT_OV_PARENT,
	EBT_OV_SPARK,
	EBT_OV_COMMAND,
	EBT_OV_MAX,
};

/* Where each column stands; x_end is 0 for one that has no room. */
struct ebt_overview_layout {
	struct {
		int x, x_end;
	} at[EBT_OV_MAX];
};

/* Place the columns in this many cells: without room for all, the less important ones are left out; what is
 * left over goes to the last minute, the parent and the command line. */
void ebt_overview_place(struct ebt_overview_layout *layout, int width);
/* Draw the titles. */
void ebt_overview_titles(const struct ebt_overview_layout *layout, struct ebt_grid *grid, int y);
/* Draw a group in one line. */
void ebt_overview_group(struct ebt_ui *ui, struct ebt_grid *grid,
			const struct ebt_overview_layout *layout, const struct ebt_group *group,
			int y);

#endif
