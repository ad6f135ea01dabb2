/* SPDX-License-Identifier: BSD-3-Clause */
/* details_lines.h - what the details screen shows, as lines. */
#ifndef EBT_UI_SCREENS_DETAILS_LINES_H
#define EBT_UI_SCREENS_DETAILS_LINES_H

#include "ui/core/ui_state.h"

/* Copies a row and what is known around it; false when it is not known any more. */
bool ebt_details_open(struct ebt_ui *ui, uint64_t id);
void ebt_details_close(struct ebt_details *details);
/* Makes the lines for a width, if they are not made yet. */
void ebt_details_lines(struct ebt_details *details, int width, bool unicode);
/* Text of a line's item: an argument, a field's value. buf holds what is made for it. */
struct ebt_bytes ebt_details_text(const struct ebt_details *details, const struct ebt_dline *line,
				  char *buf, size_t buf_len, enum ebt_role *role);
/* Columns left of an item's text. */
#define EBT_DETAILS_INDENT 18
int ebt_details_indent(const struct ebt_dline *line);
const char *ebt_details_label(const struct ebt_dline *line);

#endif
