/* SPDX-License-Identifier: BSD-3-Clause */
#include "cli/homeo_print.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "homeostasis/profile.h"

#define COLUMNS_MAX 16

/* clang-format off */
static const struct homeo_column {
	const char *key, *title;
	bool left;
} ps_columns[] = {
	{ "pid", "PID", false }, { "tid", "TID", false }, { "comm", "COMM", true }, { "state", "STATE", true },
	{ "calls", "CALLS", false }, { "lfc", "LFC", false }, { "max_lfc", "MAX", false },
	{ "slot", "SLOT", false }, { "exe", "EXE", true }, { 0 },
}, profile_columns[] = {
	{ "slot", "SLOT", false }, { "state", "STATE", true }, { "calls", "CALLS", false },
	{ "train_count", "TRAIN", false }, { "last_new", "SINCE-NEW", false }, { "pairs", "PAIRS", false },
	{ "bytes", "BYTES", false }, { "normal_in_s", "NORMAL-IN", false },
	{ "anomalies", "ANOMALIES", false }, { "lfc", "LFC", false }, { "max_lfc", "MAX", false },
	{ "threads", "THREADS", false }, { "kill", "KILL", true }, { "changed", "CHANGED", true },
	{ "exe", "EXE", true }, { 0 },
};
/* clang-format on */

/* Append a value as people read it, or "-" if it is missing. Texts are escaped, because the daemon took
 * them from file names. */
static void homeo_put_value(struct ebt_buf *out, const json_t *v)
{
	if (json_is_string(v))
		ebt_text_escape(
			out, (struct ebt_bytes){ json_string_value(v), json_string_length(v) }, 0);
	else if (json_is_integer(v))
		ebt_buf_printf(out, "%lld", (long long)json_integer_value(v));
	else if (json_is_boolean(v))
		ebt_buf_puts(out, json_is_true(v) ? "yes" : "no");
	else
		ebt_buf_puts(out, "-");
}

static void homeo_print_value(const json_t *v)
{
	_cleanup_buf_ struct ebt_buf text = { 0 };

	homeo_put_value(&text, v);
	fputs(text.data ? text.data : "", stdout);
}

static int homeo_column_width(const struct homeo_column *c, const json_t *rows)
{
	size_t i, width = strlen(c->title);
	bool any = false;
	json_t *row;

	json_array_foreach(rows, i, row)
	{
		_cleanup_buf_ struct ebt_buf text = { 0 };
		const json_t *v = json_object_get(row, c->key);

		any |= v != NULL;
		homeo_put_value(&text, v);
		width = text.len > width ? text.len : width;
	}
	return any ? (int)width : 0;
}

/* Print one row, or the titles if row is NULL. */
static void homeo_print_row(const struct homeo_column *columns, const int *widths,
			    const json_t *row)
{
	bool first = true;

	for (size_t i = 0; columns[i].key; i++) {
		_cleanup_buf_ struct ebt_buf text = { 0 };
		const struct homeo_column *c = &columns[i];
		bool last = !columns[i + 1].key;

		if (!widths[i])
			continue;
		if (row)
			homeo_put_value(&text, json_object_get(row, c->key));
		else
			ebt_buf_puts(&text, c->title);
		printf("%s%*s", first ? "" : "  ",
		       last	 ? 0
		       : c->left ? -widths[i]
				 : widths[i],
		       text.data ? text.data : "");
		first = false;
	}
	putchar('\n');
}

void ebt_homeo_print_table(const char *word, json_t *rows)
{
	const struct homeo_column *columns = strcmp(word, "ps") == 0 ? ps_columns : profile_columns;
	int widths[COLUMNS_MAX];
	json_t *row;
	size_t i;

	_Static_assert(EBT_ARRAY_SIZE(profile_columns) <= COLUMNS_MAX, "a width each");
	_Static_assert(EBT_ARRAY_SIZE(ps_columns) <= COLUMNS_MAX, "a width each");
	if (!json_array_size(rows))
		return;
	for (i = 0; columns[i].key; i++)
		widths[i] = homeo_column_width(&columns[i], rows);
	homeo_print_row(columns, widths, NULL);
	json_array_foreach(rows, i, row) homeo_print_row(columns, widths, row);
}

static void homeo_print_pairs(json_t *o)
{
	const char *key;
	json_t *v;

	json_object_foreach(o, key, v)
	{
		if (json_is_object(v)) {
			printf("%s:\n", key);
			homeo_print_pairs(v);
		} else {
			printf("%-18s ", key);
			homeo_print_value(v);
			putchar('\n');
		}
	}
}

/* Print the pairs of one call (inspect): this call, the one before, and a mark for each distance from 1
 * on: N normal, t in training, . not seen. */
static void print_pair_rows(json_t *o)
{
	json_t *before = json_object_get(o, "before"), *e;
	size_t i;

	json_array_foreach(before, i, e)
	{
		int a = (int)json_integer_value(json_object_get(e, "a"));
		int b = (int)json_integer_value(json_object_get(e, "b"));

		printf("%-20s %-20s ", json_string_value(json_object_get(o, "call")),
		       json_string_value(json_object_get(e, "call")));
		for (int d = 0; d < EBT_PH_BEFORE; d++)
			putchar(b >> d & 1 ? 'N' : a >> d & 1 ? 't' : '.');
		putchar('\n');
	}
}

/* Print one event (attach): time, level, process, kind, program and cause. */
static void print_event(json_t *o)
{
	static const char *const keys[] = { "ts", "level", "pid", "event", "exe" };
	const char *exe = json_string_value(json_object_get(o, "exe"));
	const char *event = json_string_value(json_object_get(o, "event"));

	if (event && strcmp(event, "associated") == 0)
		return; /* every start of every program: -J has them */
	for (size_t i = 0; i < EBT_ARRAY_SIZE(keys); i++) {
		bool unnamed = i == EBT_ARRAY_SIZE(keys) - 1 && !(exe && *exe);

		homeo_print_value(json_object_get(o, unnamed ? "comm" : keys[i]));
		putchar(i == EBT_ARRAY_SIZE(keys) - 1 ? ':' : ' ');
	}
	putchar(' ');
	homeo_print_value(json_object_get(o, "cause"));
	putchar('\n');
}

void ebt_homeo_print(const char *word, json_t *o)
{
	if (strcmp(word, "inspect") == 0)
		print_pair_rows(o);
	else if (strcmp(word, "attach") == 0)
		print_event(o);
	else
		homeo_print_pairs(o);
}
