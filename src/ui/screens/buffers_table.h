/* SPDX-License-Identifier: BSD-3-Clause */
/* buffers_table.h - the table of the Buffers screen, with a row per CPU */
#ifndef EBT_UI_SCREENS_BUFFERS_TABLE_H
#define EBT_UI_SCREENS_BUFFERS_TABLE_H

#include "ui/core/ui_state.h"

/* Draw a row per CPU and one for all in [y, y_end). Return the row below them. */
int ebt_buffers_table(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end);
uint64_t ebt_buffers_scratch_bytes(const struct ebt_ui *ui);

#endif
