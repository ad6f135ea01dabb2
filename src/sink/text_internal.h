/* SPDX-License-Identifier: BSD-3-Clause */
/* text_internal.h - what the two kinds of text lines share. */
#ifndef EBT_SINK_TEXT_INTERNAL_H
#define EBT_SINK_TEXT_INTERNAL_H

#include "base/text.h"
#include "sink/sink_internal.h"

/* Safe for a terminal, unless --raw. */
void ebt_text_put(struct ebt_buf *out, const struct ebt_sink_options *o, struct ebt_bytes text);
void ebt_text_put_command(struct ebt_buf *out, const struct ebt_sink_options *o,
			  const struct ebt_event_exec *e);

/* Lines with o->column; ev is an exec or an exit. */
void ebt_text_columns_header(struct ebt_buf *out, const struct ebt_sink_options *o);
void ebt_text_columns_event(struct ebt_buf *out, const struct ebt_sink_options *o,
			    const struct ebt_event *ev);
/* Names of the columns, in order; NULL behind the last. */
const char *ebt_text_column(unsigned i, const char **help);
const char *ebt_csv_column(unsigned i);

#endif
