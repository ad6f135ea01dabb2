/* SPDX-License-Identifier: BSD-3-Clause */
/* sink_column.h - one column of text or CSV; columns.h makes them. */
#ifndef EBT_SINK_SINK_COLUMN_H
#define EBT_SINK_SINK_COLUMN_H

#include "base/bytes.h"
#include "decode/event_fields.h"

#define EBT_SINK_COLUMNS_MAX 80 /* in one list */

struct ebt_sink_line;
/* Append a cell of an event. Nothing appended means that the event has no such value. */
typedef void ebt_sink_cell_fn(struct ebt_buf *out, const struct ebt_sink_line *line,
			      const struct ebt_event *ev);

struct ebt_sink_column {
	const char *name, *help;
	/* The row of each type of event, NULL where the event has no such field. */
	const struct ebt_field *of[EBT_EVENT_TYPES];
	ebt_sink_cell_fn *cell; /* text: in place of the rows; NULL: use the rows */
	const char *title;	/* text */
	int width;		/* text: below 0 is to the right, 0 has no padding */
};

#endif
