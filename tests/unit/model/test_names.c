/* SPDX-License-Identifier: BSD-3-Clause */
/* Names by number: set anew, and more of them than are kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "model/names.h"

static void test_oldest_goes(void **state)
{
	struct ebt_names names = { 0 };
	char name[32];

	(void)state;
	for (uint64_t i = 1; i <= EBT_NAMES_MAX + 2; i++) {
		snprintf(name, sizeof(name), "/pod-%u", (unsigned)i);
		ebt_names_set(&names, i, name);
	}
	assert_int_equal(names.n, EBT_NAMES_MAX);
	assert_null(ebt_names_get(&names, 1));
	assert_null(ebt_names_get(&names, 2));
	assert_string_equal(ebt_names_get(&names, 3), "/pod-3");
	assert_string_equal(ebt_names_get(&names, EBT_NAMES_MAX + 2), name);
	ebt_names_set(&names, 3, "/pod-3-b"); /* known: nobody has to go */
	assert_string_equal(ebt_names_get(&names, 3), "/pod-3-b");
	assert_non_null(ebt_names_get(&names, 4));
	assert_int_equal(names.n, EBT_NAMES_MAX);
	ebt_names_forget(&names, 1); /* not there */
	ebt_names_forget(&names, 4);
	assert_null(ebt_names_get(&names, 4));
	assert_int_equal(names.n, EBT_NAMES_MAX - 1);
	ebt_names_deinit(&names);
	assert_int_equal(names.bytes, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_oldest_goes) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
