/* SPDX-License-Identifier: BSD-3-Clause */
/* foot.h - the line below every screen: keys, a prompt or a message */
#ifndef EBT_UI_CORE_FOOT_H
#define EBT_UI_CORE_FOOT_H

#include "ui/core/ui_state.h"

void ebt_foot_draw(struct ebt_ui *ui, struct ebt_grid *grid);

#endif
