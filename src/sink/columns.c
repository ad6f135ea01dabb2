/* SPDX-License-Identifier: BSD-3-Clause */
/* columns.c - makes the columns of text and CSV from the table of fields. */
#include "sink/columns.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "groups/columns.h"
#include "sink/text_columns.h"

/* The columns of CSV in the order that they had in the first version, which scripts may count on.
 * Fields that were added since follow in the order of the table. */
static const char *const csv_order[] = {
	"type",
	"ts",
	"mono_ns",
	"cpu",
	"seq",
	"pid",
	"ppid",
	"tid",
	"uid",
	"user",
	"euid",
	"gid",
	"egid",
	"loginuid",
	"sessionid",
	"tty",
	"comm",
	"prev_comm",
	"exe",
	"exe_dev",
	"exe_ino",
	"filename",
	"cwd",
	"cgroup_id",
	"cgroup",
	"container",
	"pid_ns",
	"mnt_ns",
	"vpid",
	"script",
	"ret",
	"argc",
	"args",
	"args_bytes",
	"args_captured",
	"envc",
	"env",
	"env_bytes",
	"env_captured",
	"flags",
	"exit_code",
	"signal",
	"core_dumped",
	"utime_ns",
	"stime_ns",
	"maxrss_bytes",
	"lifetime_ns",
	"start_ns",
	"parent_start_ns",
	"cause",
	"count",
	"text",
};

static const char *csv_name(const struct ebt_field *f)
{
	return f->csv ? f->csv : f->name;
}

/* Return the column of a name, made at the end of the list when it is not in it. */
static struct ebt_sink_column *columns_get(struct ebt_sink_column *all, unsigned *count,
					   const char *name)
{
	for (unsigned i = 0; i < *count; i++)
		if (strcmp(all[i].name, name) == 0)
			return &all[i];
	if (*count == EBT_SINK_COLUMNS_MAX)
		return NULL;
	all[*count] = (struct ebt_sink_column){ .name = name };
	return &all[(*count)++];
}

static void columns_add(struct ebt_sink_column *all, unsigned *count, const struct ebt_field *f,
			const char *name)
{
	struct ebt_sink_column *column = columns_get(all, count, name);

	if (!column)
		return;
	for (unsigned type = 0; type < EBT_EVENT_TYPES; type++)
		if (f->types & 1u << type)
			column->of[type] = f;
	/* Of several rows, the first one says what the column means. */
	if (column->help)
		return;
	column->help = f->help;
	column->title = f->title;
	column->width = f->width;
}

static unsigned columns_of_csv(struct ebt_sink_column *all)
{
	unsigned count = 0;

	for (size_t i = 0; i < EBT_ARRAY_SIZE(csv_order); i++)
		columns_get(all, &count, csv_order[i]);
	for (unsigned set = 0; set <= EBT_FIELDS_COMMON; set++) {
		size_t rows_count;
		const struct ebt_field *rows = ebt_fields_of(set, &rows_count);

		for (size_t i = 0; i < rows_count; i++)
			if (!(rows[i].leave_out & EBT_FIELD_NOT_CSV))
				columns_add(all, &count, &rows[i], csv_name(&rows[i]));
	}
	return count;
}

static unsigned columns_of_text(struct ebt_sink_column *all)
{
	static const unsigned sets[] = { EBT_FIELDS_COMMON, EBT_EVENT_EXEC, EBT_EVENT_EXIT,
					 EBT_EVENT_LOST,    EBT_EVENT_NOTE, EBT_EVENT_HOMEO };
	unsigned count = ebt_text_columns_own(all);
	unsigned own = count;

	for (size_t s = 0; s < EBT_ARRAY_SIZE(sets); s++) {
		size_t rows_count;
		const struct ebt_field *rows = ebt_fields_of(sets[s], &rows_count);

		for (size_t i = 0; i < rows_count; i++)
			columns_add(all, &count, &rows[i], rows[i].name);
	}
	ebt_text_columns_layout(all, own, count);
	return count;
}

unsigned ebt_sink_columns_of(enum ebt_sink_format format,
			     struct ebt_sink_column all[EBT_SINK_COLUMNS_MAX])
{
	if (format == EBT_SINK_CSV)
		return columns_of_csv(all);
	return format == EBT_SINK_TEXT ? columns_of_text(all) : 0;
}

static int columns_find(const struct ebt_sink_column *all, unsigned count, const char *name,
			size_t len)
{
	for (unsigned i = 0; i < count; i++)
		if (strlen(all[i].name) == len && memcmp(all[i].name, name, len) == 0)
			return (int)i;
	return -1;
}

int ebt_sink_columns_parse(enum ebt_sink_format format, const char *list,
			   struct ebt_sink_column out[EBT_SINK_COLUMNS_MAX], unsigned *count,
			   const char **bad)
{
	struct ebt_sink_column all[EBT_SINK_COLUMNS_MAX];
	unsigned all_count = ebt_sink_columns_of(format, all);

	*count = 0;
	for (;;) {
		size_t len = strcspn(list, ",");
		int column = columns_find(all, all_count, list, len);
		const char *now = column < 0 ? ebt_column_now(list, len) : NULL;

		if (now)
			column = columns_find(all, all_count, now, strlen(now));
		*bad = list;
		if (column < 0)
			return -EINVAL;
		if (*count == EBT_SINK_COLUMNS_MAX)
			return -E2BIG;
		out[(*count)++] = all[column];
		if (!list[len])
			return 0;
		list += len + 1;
	}
}

int ebt_sink_columns_check(enum ebt_sink_format format, const char *list, char *unknown,
			   size_t unknown_len)
{
	struct ebt_sink_column columns[EBT_SINK_COLUMNS_MAX];
	const char *bad;
	unsigned count;
	int err = ebt_sink_columns_parse(format, list, columns, &count, &bad);

	if (err)
		snprintf(unknown, unknown_len, "'%.*s'", (int)strcspn(bad, ","), bad);
	return err;
}

void ebt_sink_columns_words(enum ebt_sink_format format, char *out, size_t len)
{
	struct ebt_sink_column all[EBT_SINK_COLUMNS_MAX];
	unsigned count = ebt_sink_columns_of(format, all);
	size_t at = 0;

	out[0] = '\0';
	for (unsigned i = 0; i < count && at < len; i++)
		at += (size_t)snprintf(out + at, len - at, "%s%s", i ? ", " : "", all[i].name);
}
