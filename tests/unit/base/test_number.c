/* SPDX-License-Identifier: BSD-3-Clause */
/* Decimal numbers: what is accepted, what is refused, and that a refusal changes nothing. */
#include <errno.h>
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

static void test_number_pids(void **state)
{
	static const char *const bad[] = {
		"", ",", "1,", ",1", "1,,2", "0", "4194305", "a", "1 2"
	};
	uint32_t pids[3] = { 0 };
	unsigned n = 0;

	(void)state;
	assert_int_equal(ebt_number_pids("1,4194304", pids, 3, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(pids[0], 1);
	assert_int_equal(pids[1], EBT_PID_MAX);
	assert_int_equal(ebt_number_pids("9", pids, 3, &n), 0);
	assert_int_equal(n, 3);
	assert_int_equal(pids[2], 9);
	assert_int_equal(ebt_number_pids("8", pids, 3, &n), -E2BIG);
	assert_int_equal(n, 3);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		n = 0;
		assert_int_equal(ebt_number_pids(bad[i], pids, 3, &n), -EINVAL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_number_digits),
					    cmocka_unit_test(test_number_pids) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
