/* SPDX-License-Identifier: BSD-3-Clause */
/* frozen.h - copies of lists that stand still while the view is paused. */
#ifndef EBT_UI_CORE_FROZEN_H
#define EBT_UI_CORE_FROZEN_H

#include "ui/core/ui_state.h"

/* The copy a list has in a pause; NULL: it needs none. It is taken when it is not there. */
struct ebt_frozen *ebt_frozen_of(struct ebt_ui *ui, enum ebt_list list);
void ebt_frozen_drop_all(struct ebt_ui *ui);
void ebt_frozen_take(struct ebt_frozen *frozen, const struct ebt_snapshot *snap);
void ebt_frozen_drop(struct ebt_frozen *frozen);
/* Puts the window asked for into *snap. */
void ebt_frozen_window(const struct ebt_frozen *frozen, const struct ebt_query *query,
		       struct ebt_snapshot *snap);
/* Deep copy of one row; its bytes go to *text (malloc), which the caller frees. -ENOMEM. */
int ebt_row_copy(struct ebt_row *row, char **text, size_t *text_len);
/* Pause, or go on. */
void ebt_pause_toggle(struct ebt_ui *ui);

#endif
