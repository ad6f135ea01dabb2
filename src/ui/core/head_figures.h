/* SPDX-License-Identifier: BSD-3-Clause */
/* head_figures.h - the figures above every screen */
#ifndef EBT_UI_CORE_HEAD_FIGURES_H
#define EBT_UI_CORE_HEAD_FIGURES_H

#include "ui/core/ui_state.h"

/* Draw line y: rates, what runs, what was lost, and whether the tracer keeps up. */
void ebt_head_figures(struct ebt_ui *ui, struct ebt_grid *grid, int y);
/* Draw the buffers from line y on: the ring and each CPU's scratch buffer. Return the line after them. */
int ebt_head_buffers(struct ebt_ui *ui, struct ebt_grid *grid, int y);

#endif
