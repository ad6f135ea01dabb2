/* SPDX-License-Identifier: BSD-3-Clause */
/* text_pane.h - a text of many lines that can be scrolled, for the screens that show one
 *
 * The text is borrowed for each call. It may contain foreign bytes; they are escaped when drawn. */
#ifndef EBT_UI_CORE_TEXT_PANE_H
#define EBT_UI_CORE_TEXT_PANE_H

#include "ui/core/ui_state.h"

/* Move by lines, down if by is positive. */
void ebt_text_pane_move(struct ebt_text_pane *pane, struct ebt_bytes text, int by);
/* Show the line that holds the byte at the top. */
void ebt_text_pane_show(struct ebt_text_pane *pane, struct ebt_bytes text, size_t at);
/* Find out what rows [y, y_end) show. Call before the two below. */
void ebt_text_pane_fit(struct ebt_text_pane *pane, struct ebt_bytes text, int y, int y_end);
/* Return the number of the first line shown, beginning at 1, and give the number of all lines. */
size_t ebt_text_pane_line(const struct ebt_text_pane *pane, struct ebt_bytes text, size_t *lines);
void ebt_text_pane_draw(const struct ebt_text_pane *pane, struct ebt_ui *ui, struct ebt_grid *grid,
			struct ebt_bytes text, int y, int y_end);
/* Do an action that scrolls. Return false if it is another one. */
bool ebt_text_pane_action(struct ebt_text_pane *pane, struct ebt_bytes text,
			  enum ebt_action action);

#endif
