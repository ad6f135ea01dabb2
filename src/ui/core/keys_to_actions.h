/* SPDX-License-Identifier: BSD-3-Clause */
/* keys_to_actions.h - translate keys and mouse events to actions */
#ifndef EBT_UI_CORE_KEYS_TO_ACTIONS_H
#define EBT_UI_CORE_KEYS_TO_ACTIONS_H

#include "ui/core/ui_state.h"

/* Do an action: the current screen may handle it, otherwise it means the same on every screen. */
void ebt_ui_do(struct ebt_ui *ui, enum ebt_action action);

#endif
