/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * test_golden_fields.c - the tables in docs/json.md are what the table of fields says. With
 * EBT_UPDATE_GOLDEN=1 they are written anew.
 *
 * A table stands between the lines "<!-- table of NAME -->" and "<!-- end -->".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "decode/event_fields.h"

#define DOCUMENT "docs/json.md"
#define BEGIN	 "<!-- table of "
#define END	 "<!-- end -->\n"

static void fields_row(struct ebt_buf *out, const struct ebt_field *f)
{
	const char *unit = f->unit ? f->unit : "";

	ebt_buf_printf(out, "| `%s` | %s%s%s | %s%s | %s |\n", f->name,
		       ebt_value_type_name((enum ebt_value_type)f->type), *unit ? ", " : "", unit,
		       f->help, f->leave_out & EBT_FIELD_NOT_JSON ? "; not in JSON" : "",
		       f->source);
}

static void fields_table(struct ebt_buf *out, unsigned set)
{
	size_t count;
	const struct ebt_field *rows = ebt_fields_of(set, &count);

	ebt_buf_puts(out, "| member | value | meaning | source |\n|---|---|---|---|\n");
	for (size_t i = 0; i < count; i++)
		fields_row(out, &rows[i]);
}

static void flags_table(struct ebt_buf *out)
{
	ebt_buf_puts(out, "| flag | meaning |\n|---|---|\n");
	for (size_t i = 0; i < ebt_event_flags_count; i++)
		ebt_buf_printf(out, "| `%s` | %s |\n", ebt_event_flags[i].name,
			       ebt_event_flags[i].help);
}

/* Append the table of that name, and return whether there is one. */
static bool table_of(struct ebt_buf *out, const char *name)
{
	if (strcmp(name, "flags") == 0) {
		flags_table(out);
		return true;
	}
	if (strcmp(name, "all") == 0) {
		fields_table(out, EBT_FIELDS_COMMON);
		return true;
	}
	for (unsigned type = 0; type < EBT_EVENT_TYPES; type++) {
		if (strcmp(name, ebt_event_type_name((enum ebt_event_type)type)))
			continue;
		fields_table(out, type);
		return true;
	}
	return false;
}

static void read_document(struct ebt_buf *text)
{
	FILE *f = fopen(DOCUMENT, "r");
	char part[4096];
	size_t n;

	assert_non_null(f);
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		assert_int_equal(ebt_buf_append(text, part, n), 0);
	fclose(f);
}

/* Append the document with fresh tables, and return how many there were. */
static unsigned make_document(struct ebt_buf *out, const char *text)
{
	unsigned tables = 0;

	for (;;) {
		const char *begin = strstr(text, BEGIN), *body, *end;
		char name[32];

		if (!begin) {
			ebt_buf_puts(out, text);
			return tables;
		}
		assert_int_equal(sscanf(begin + strlen(BEGIN), "%31s", name), 1);
		body = strchr(begin, '\n') + 1;
		end = strstr(body, END);
		assert_non_null(end);
		ebt_buf_append(out, text, (size_t)(body - text));
		if (!table_of(out, name))
			fail_msg("%s: there is no table of '%s'", DOCUMENT, name);
		tables++;
		text = end;
	}
}

static void test_document(void **state)
{
	_cleanup_buf_ struct ebt_buf text = { 0 }, want = { 0 };
	const char *update = getenv("EBT_UPDATE_GOLDEN");
	unsigned tables;

	(void)state;
	read_document(&text);
	tables = make_document(&want, text.data);
	/* Those of all events, of each type, and of the flags. */
	assert_int_equal(tables, EBT_EVENT_TYPES + 2);
	if (strcmp(text.data, want.data) == 0)
		return;
	if (update && *update) {
		FILE *f = fopen(DOCUMENT, "w");

		assert_non_null(f);
		assert_int_equal(fwrite(want.data, 1, want.len, f), want.len);
		assert_int_equal(fclose(f), 0);
		return;
	}
	fail_msg("The tables in " DOCUMENT " differ from src/decode/event_fields.c. Run "
		 "EBT_UPDATE_GOLDEN=1 BUILD/tests/unit_decode_golden_fields in the source "
		 "directory to write them anew, and look at the difference.");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_document) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
