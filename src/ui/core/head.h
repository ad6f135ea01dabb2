/* SPDX-License-Identifier: BSD-3-Clause */
/* head.h - the lines above every screen */
#ifndef EBT_UI_CORE_HEAD_H
#define EBT_UI_CORE_HEAD_H

#include "ui/core/ui_state.h"

/* Draw the header and return the first row below it. */
int ebt_head_draw(struct ebt_ui *ui, struct ebt_grid *grid);
/* Say in text why no exec is shown yet: none came, or the filters left out all that did. Return text. */
const char *ebt_head_waiting(const struct ebt_ui *ui, char *text, size_t len);

#endif
