/* SPDX-License-Identifier: BSD-3-Clause */
/* columns.h - columns of the line formats by name: text (-e) and CSV. */
#ifndef EBT_SINK_COLUMNS_H
#define EBT_SINK_COLUMNS_H

#include <stddef.h>

#include "sink/sink.h"

#define EBT_SINK_COLUMNS_MAX 64 /* in one list */

/* list: names with commas between them. 0; -EINVAL: unknown gets the first name that is none;
 * -E2BIG. Formats without columns know none. */
int ebt_sink_columns_check(enum ebt_sink_format format, const char *list, char *unknown,
			   size_t unknown_len);
/* All names, with commas. */
void ebt_sink_columns_words(enum ebt_sink_format format, char *out, size_t len);
/* Name and meaning of the i-th; NULL behind the last. help is NULL where docs/json.md tells it. */
const char *ebt_sink_column(enum ebt_sink_format format, unsigned i, const char **help);

#endif
