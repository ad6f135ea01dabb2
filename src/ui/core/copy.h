/* SPDX-License-Identifier: BSD-3-Clause */
/* copy.h - the keys that take an exec out of the view: y its command line, Y its JSON. The text is made
 * here; the application sends it to the terminal, or shows it as a page (EBT_REQ_COPY, EBT_REQ_PAGE). */
#ifndef EBT_UI_CORE_COPY_H
#define EBT_UI_CORE_COPY_H

#include "ui/core/ui_state.h"

/* Copy what the cursor is on: of a group its latest exec. The same key once more, with no other between
 * them, asks for the page. */
void ebt_copy(struct ebt_ui *ui, enum ebt_action action);

#endif
