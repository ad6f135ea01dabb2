/* SPDX-License-Identifier: BSD-3-Clause */
/* test_column_names.c - a column has one name and one title in the view, in -b and in the lines of -e */
#include <ctype.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "groups/columns.h"
#include "sink/columns.h"
#include "ui/core/columns.h"

static void test_groups(void **state)
{
	(void)state;
	for (int i = 0; i < EBT_COL_MAX; i++) {
		const struct ebt_column_spec *spec = &ebt_top_columns[i];

		assert_string_equal(spec->name, ebt_column_name((enum ebt_column)i));
		assert_string_equal(spec->title, ebt_column_title((enum ebt_column)i));
		assert_int_equal(ebt_column_find(spec->name), i);
	}
	assert_int_equal(ebt_column_find("cputime"), EBT_COL_CPU_TIME);
	assert_int_equal(ebt_column_find("args"), EBT_COL_ARGS);
	assert_int_equal(ebt_column_find("nothing"), -1);
}

/* A title that is not given is the name in capitals. */
static void assert_title(const char *title, const struct ebt_sink_column *column)
{
	char capitals[EBT_FIELD_KEY_MAX] = "";

	for (size_t i = 0; i < sizeof(capitals) - 1 && column->name[i]; i++)
		capitals[i] = (char)toupper((unsigned char)column->name[i]);
	assert_string_equal(title, column->title ? column->title : capitals);
}

/* Lists of execs have further columns, but none that -e calls by another name. */
static void test_execs(void **state)
{
	struct ebt_sink_column all[EBT_SINK_COLUMNS_MAX];
	unsigned count = ebt_sink_columns_of(EBT_SINK_TEXT, all), same = 0;

	(void)state;
	for (int i = 0; i < EBT_RC_MAX; i++) {
		const struct ebt_column_spec *spec = &ebt_row_columns[i];
		bool found = false;

		for (unsigned k = 0; k < count; k++) {
			if (strcmp(all[k].name, spec->name) != 0)
				continue;
			found = true;
			same++;
			/* One letter of marks needs no title. */
			if (i != EBT_RC_FLAGS)
				assert_title(spec->title, &all[k]);
		}
		/* What a field says has the field's name, or stands for it in a form for people. */
		if (spec->field && !found)
			fail_msg("-e has no column %s", spec->name);
	}
	assert_in_range(same, 20, EBT_RC_MAX);
}

static void test_earlier_names(void **state)
{
	struct ebt_sink_column out[EBT_SINK_COLUMNS_MAX];
	unsigned count;
	const char *bad;

	(void)state;
	assert_int_equal(ebt_sink_columns_parse(EBT_SINK_TEXT,
						"exit,bytes,cputime,parent,login,pod,userunit,mark",
						out, &count, &bad),
			 0);
	assert_int_equal(count, 8);
	assert_string_equal(out[0].name, "result");
	assert_string_equal(out[1].name, "args_bytes");
	assert_string_equal(out[7].name, "flags");
	assert_int_equal(ebt_sink_columns_parse(EBT_SINK_CSV, "pid,parent", out, &count, &bad), 0);
	assert_string_equal(out[1].name, "parent_comm");
	assert_int_equal(ebt_sink_columns_parse(EBT_SINK_CSV, "pid,exit", out, &count, &bad),
			 -EINVAL);
	assert_string_equal(bad, "exit");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_execs),
		cmocka_unit_test(test_earlier_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
