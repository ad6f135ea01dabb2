/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "confine/requirements.h"

static void test_kernel_version(void **state)
{
	(void)state;
	assert_true(ebt_kernel_is_too_old("5.10.0-30-amd64"));
	assert_true(ebt_kernel_is_too_old("5.13.19"));
	assert_true(ebt_kernel_is_too_old("4.18.0-553.el8.x86_64"));
	assert_true(ebt_kernel_is_too_old("4.20"));
	assert_false(ebt_kernel_is_too_old("5.14.0-427.el9.x86_64"));
	assert_false(ebt_kernel_is_too_old("5.15.0-100-generic"));
	assert_false(ebt_kernel_is_too_old("6.1.0"));
	assert_false(ebt_kernel_is_too_old("7.2.13+deb14-amd64"));
	assert_false(ebt_kernel_is_too_old("10.0"));
	assert_false(ebt_kernel_is_too_old("unknown"));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_kernel_version) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
