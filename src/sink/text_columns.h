/* SPDX-License-Identifier: BSD-3-Clause */
/* text_columns.h - lines of -e with the columns that -o names, for src/sink/ alone. */
#ifndef EBT_SINK_TEXT_COLUMNS_H
#define EBT_SINK_TEXT_COLUMNS_H

#include "sink/sink_format.h"

/* Fill the columns that text has beside the fields, and the places of fields that come between
 * them. Return their number. */
unsigned ebt_text_columns_own(struct ebt_sink_column all[EBT_SINK_COLUMNS_MAX]);
/* Set widths that the table of fields leaves open. The first `own` columns have theirs. */
void ebt_text_columns_layout(struct ebt_sink_column *all, unsigned own, unsigned count);

/* Append the titles over the columns. */
void ebt_text_columns_header(struct ebt_buf *out, const struct ebt_sink_line *line);
/* Append an exec or an exit. */
void ebt_text_columns_event(struct ebt_buf *out, const struct ebt_sink_line *line,
			    const struct ebt_event *ev);

#endif
