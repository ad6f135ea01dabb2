/* SPDX-License-Identifier: BSD-3-Clause */
/* Decimal numbers: what is accepted, what is refused, and that a refusal changes nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/number.h"

static void test_number_digits(void **state)
{
	static const char *const bad[] = { "",
					   "-1",
					   "+1",
					   " 1",
					   "1 ",
					   "0x1",
					   "1.0",
					   "1a",
					   "/",
					   ":",
					   "18446744073709551616",
					   "99999999999999999999" };
	uint64_t n = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(ebt_number_digits(bad[i], strlen(bad[i]), &n));
		assert_int_equal(n, 7);
	}
	assert_true(ebt_number_digits("0", 1, &n));
	assert_int_equal(n, 0);
	assert_true(ebt_number_digits("0012", 4, &n));
	assert_int_equal(n, 12);
	/* Only len bytes are looked at. */
	assert_true(ebt_number_digits("19x", 2, &n));
	assert_int_equal(n, 19);
	assert_true(ebt_number_digits("18446744073709551615", 20, &n));
	assert_true(n == UINT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_number_digits) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
