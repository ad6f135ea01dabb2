/* SPDX-License-Identifier: BSD-3-Clause */
/* details_lines.h - the contents of the details screen as lines */
#ifndef EBT_UI_SCREENS_DETAILS_LINES_H
#define EBT_UI_SCREENS_DETAILS_LINES_H

#include "ui/core/ui_state.h"

/* Copy a row and related data. Return false if the row is not known any more. */
bool ebt_details_open(struct ebt_ui *ui, uint64_t id);
void ebt_details_close(struct ebt_details *details);
/* Create the lines for a width, unless this is done already. */
void ebt_details_lines(struct ebt_details *details, int width, bool unicode);
/* Return the text of a line's item (an argument, a field's value). buf holds text that has to be
 * formatted. */
struct ebt_bytes ebt_details_text(const struct ebt_details *details, const struct ebt_dline *line,
				  char *buf, size_t buf_len, enum ebt_role *role);
/* Return the number of columns before an item's text. */
#define EBT_DETAILS_INDENT 18
int ebt_details_indent(const struct ebt_dline *line);
const char *ebt_details_label(const struct ebt_dline *line);

#endif
