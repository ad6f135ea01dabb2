/* SPDX-License-Identifier: BSD-3-Clause */
/* trail.h - the way from a list to what it is about, and back
 *
 * Enter on a group leads to its execs, Enter on an exec to its details, and keys of the details to the execs
 * that it has to do with. Each step keeps the place that it left, so that Back returns to it. */
#ifndef EBT_UI_CORE_TRAIL_H
#define EBT_UI_CORE_TRAIL_H

#include "ui/core/ui_state.h"

/* Show the details of an exec. Return false if it is not known any more. */
bool ebt_trail_row(struct ebt_ui *ui, uint64_t id);
/* Show the execs of the group under the cursor. */
void ebt_trail_group(struct ebt_ui *ui);
/* Do EBT_ACT_CHILDREN to EBT_ACT_SLOWEST_RUN: show execs that have to do with that of row. */
void ebt_trail_related(struct ebt_ui *ui, const struct ebt_row *row, enum ebt_action action);
/* Return to the place before. Return false if there is none. */
bool ebt_trail_back(struct ebt_ui *ui);
/* Forget the way, because another screen was chosen. */
void ebt_trail_end(struct ebt_ui *ui);
/* Draw the way in line y up to x_end, if the current screen is part of one. Return false if it is not. */
bool ebt_trail_draw(const struct ebt_ui *ui, struct ebt_grid *grid, int y, int x_end);

#endif
