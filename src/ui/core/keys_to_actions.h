/* SPDX-License-Identifier: BSD-3-Clause */
/* keys_to_actions.h - keys and the mouse become actions. */
#ifndef EBT_UI_CORE_KEYS_TO_ACTIONS_H
#define EBT_UI_CORE_KEYS_TO_ACTIONS_H

#include "ui/core/ui_state.h"

/* Do an action: the current screen may take it, else it means the same everywhere. */
void ebt_ui_do(struct ebt_ui *ui, enum ebt_action action);

#endif
