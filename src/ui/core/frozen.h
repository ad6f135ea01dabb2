/* SPDX-License-Identifier: BSD-3-Clause */
/* frozen.h - copies of lists that do not change while the view is paused */
#ifndef EBT_UI_CORE_FROZEN_H
#define EBT_UI_CORE_FROZEN_H

#include "ui/core/ui_state.h"

/* Return the copy of a list of the current screen in a pause, taking it if necessary; NULL if the list needs none. */
struct ebt_frozen *ebt_frozen_of(struct ebt_ui *ui, enum ebt_list list);
void ebt_frozen_drop_all(struct ebt_ui *ui);
void ebt_frozen_take(struct ebt_frozen *frozen, const struct ebt_snapshot *snap);
void ebt_frozen_drop(struct ebt_frozen *frozen);
/* Fill *snap with the window asked for. */
void ebt_frozen_window(const struct ebt_frozen *frozen, const struct ebt_query *query,
		       struct ebt_snapshot *snap);
/* Copy one row completely. Its bytes go to *text, which the caller frees with free(). Return 0 or
 * -ENOMEM. */
int ebt_row_copy(struct ebt_row *row, char **text, size_t *text_len);
/* Pause, or continue. */
void ebt_pause_toggle(struct ebt_ui *ui);

#endif
