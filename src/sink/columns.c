/* SPDX-License-Identifier: BSD-3-Clause */
#include "sink/columns.h"

#include <errno.h>
#include <stdio.h>

#include "sink/text_internal.h"

const char *ebt_sink_column(enum ebt_sink_format format, unsigned i, const char **help)
{
	if (help)
		*help = NULL;
	if (format == EBT_SINK_TEXT)
		return ebt_text_column(i, help);
	return format == EBT_SINK_CSV ? ebt_csv_column(i) : NULL;
}

static int find(enum ebt_sink_format format, const char *name, size_t len)
{
	const char *have;

	for (unsigned i = 0; (have = ebt_sink_column(format, i, NULL)); i++)
		if (strlen(have) == len && memcmp(have, name, len) == 0)
			return (int)i;
	return -1;
}

int ebt_sink_columns_parse(enum ebt_sink_format format, const char *list, unsigned char *out,
			   unsigned *count, const char **bad)
{
	*count = 0;
	for (;;) {
		size_t len = strcspn(list, ",");
		int column = find(format, list, len);

		*bad = list;
		if (column < 0)
			return -EINVAL;
		if (*count == EBT_SINK_COLUMNS_MAX)
			return -E2BIG;
		out[(*count)++] = (unsigned char)column;
		if (!list[len])
			return 0;
		list += len + 1;
	}
}

int ebt_sink_columns_check(enum ebt_sink_format format, const char *list, char *unknown,
			   size_t unknown_len)
{
	unsigned char columns[EBT_SINK_COLUMNS_MAX];
	const char *bad;
	unsigned count;
	int err = ebt_sink_columns_parse(format, list, columns, &count, &bad);

	if (err)
		snprintf(unknown, unknown_len, "'%.*s'", (int)strcspn(bad, ","), bad);
	return err;
}

void ebt_sink_columns_words(enum ebt_sink_format format, char *out, size_t len)
{
	const char *name;
	size_t at = 0;

	out[0] = '\0';
	for (unsigned i = 0; (name = ebt_sink_column(format, i, NULL)) && at < len; i++)
		at += (size_t)snprintf(out + at, len - at, "%s%s", i ? ", " : "", name);
}
