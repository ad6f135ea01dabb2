/* SPDX-License-Identifier: BSD-3-Clause */
/* save.h - the key W: a menu for what to save and as what, then the name of the file. The prompt stays until
 * the application has said that the file could be begun. */
#ifndef EBT_UI_CORE_SAVE_H
#define EBT_UI_CORE_SAVE_H

#include "ui/core/ui_state.h"

/* Open the menu. */
void ebt_save_open(struct ebt_ui *ui);
/* An item of it was chosen: ask for the name. */
void ebt_save_choose(struct ebt_ui *ui, int item);
/* The name was typed, or it was said that the file of that name may be replaced. */
void ebt_save_name(struct ebt_ui *ui, bool replace);

#endif
