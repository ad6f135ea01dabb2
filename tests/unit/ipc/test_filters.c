/* SPDX-License-Identifier: BSD-3-Clause */
/* The filters of a command line travel as they were typed, and are shown so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ipc/filters.h"

static const char *words_of(const struct ebt_options *o)
{
	static char words[256];
	struct ebt_filters filters;
	char why[256];

	assert_int_equal(ebt_filters_from(&filters, o, why, sizeof(why)), 0);
	return ebt_filters_words(&filters, false, words, sizeof(words));
}

static void test_user(void **state)
{
	struct ebt_options o = { .uid_set = true, .uid = 65534, .user_text = "nobody" };
	char longer[2 * EBT_FILTERS_USER];

	(void)state;
	assert_string_equal(words_of(&o), "-u nobody");
	o.user_text = "65534";
	assert_string_equal(words_of(&o), "-u 65534");
	o.user_text = "real:nobody";
	o.user_ids = EBT_USER_REAL;
	assert_string_equal(words_of(&o), "-u real:nobody");
	/* What has no room, or was never typed, is a number. */
	memset(longer, 'x', sizeof(longer));
	longer[sizeof(longer) - 1] = '\0';
	o.user_text = longer;
	assert_string_equal(words_of(&o), "-u real:65534");
	o.user_text = NULL;
	o.user_ids = EBT_USER_EITHER;
	assert_string_equal(words_of(&o), "-u 65534");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_user) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
