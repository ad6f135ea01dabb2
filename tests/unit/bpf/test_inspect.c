/* SPDX-License-Identifier: BSD-3-Clause */
/* The verifier's statistics of a program. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bpf/inspect.h"

static void test_stack(void **state)
{
	assert_int_equal(ebt_inspect_stack_bytes("verification time 40 usec\nstack depth 96\n"
						 "processed 70 insns (limit 1000000)"),
			 96);
	/* One number for each function. */
	assert_int_equal(ebt_inspect_stack_bytes("stack depth 96+32+0\nprocessed 7 insns"), 128);
	assert_int_equal(ebt_inspect_stack_bytes("stack depth 0+0"), 0);
	assert_int_equal(ebt_inspect_stack_bytes("stack depth 500+500"), 512);
	assert_int_equal(ebt_inspect_stack_bytes("stack depth 8+"), 8);
	assert_int_equal(ebt_inspect_stack_bytes("processed 7 insns"), 0);
	assert_int_equal(ebt_inspect_stack_bytes(""), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
