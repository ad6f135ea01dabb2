/* SPDX-License-Identifier: BSD-3-Clause */
/* copy_out.h - give what y and Y have copied to the user: by the terminal's clipboard, or as a page. */
#ifndef EBT_PROCESSES_VIEW_COPY_OUT_H
#define EBT_PROCESSES_VIEW_COPY_OUT_H

#include "processes/view/feed.h"
#include "ui/tui/term.h"

/* Send it to the clipboard, and say in the message line what became of it. */
void ebt_copy_out(struct ebt_ui *ui, struct ebt_term *term);
/* Leave the screen and print it, so that the terminal itself breaks its lines and can select it whole. Return
 * when Enter was pressed, the input has ended or the feed has; events are taken in meanwhile. */
void ebt_copy_page(struct ebt_feed *feed, struct ebt_ui *ui, struct ebt_term *term);

#endif
