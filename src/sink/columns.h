/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * columns.h - the columns of the line formats by name: those of text (-e -o) and of CSV.
 *
 * The columns come from the table of fields (decode/event_fields.h). Fields of the same name share
 * a column. Text has further columns of its own, which show a value in a form for people. Names
 * and texts are static.
 */
#ifndef EBT_SINK_COLUMNS_H
#define EBT_SINK_COLUMNS_H

#include <stddef.h>

#include "sink/sink_column.h"
#include "sink/sink_options.h"

/* Fill all columns of a format in their order and return their number. Formats without columns
 * have none. */
unsigned ebt_sink_columns_of(enum ebt_sink_format format,
			     struct ebt_sink_column all[EBT_SINK_COLUMNS_MAX]);
/* Fill the columns of a list of names with commas between them. 0; -EINVAL: *bad is where a name
 * begins that is none; -E2BIG. */
int ebt_sink_columns_parse(enum ebt_sink_format format, const char *list,
			   struct ebt_sink_column out[EBT_SINK_COLUMNS_MAX], unsigned *count,
			   const char **bad);
/* Check such a list. 0; -EINVAL: unknown gets the first name that is none; -E2BIG. */
int ebt_sink_columns_check(enum ebt_sink_format format, const char *list, char *unknown,
			   size_t unknown_len);
/* Write all names with commas between them. */
void ebt_sink_columns_words(enum ebt_sink_format format, char *out, size_t len);

#endif
