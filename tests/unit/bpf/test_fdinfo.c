/* SPDX-License-Identifier: BSD-3-Clause */
/* The memory of a map as kernels old and new tell of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "bpf/fdinfo.h"

static uint64_t parse(const char *text)
{
	_cleanup_fclose_ FILE *f = fmemopen((void *)text, strlen(text), "r");

	assert_non_null(f);
	return ebt_memlock_parse(f);
}

static void test_memlock(void **state)
{
	(void)state;
	assert_int_equal(parse("pos:\t0\nmap_type:\t1\nmax_entries:\t100\nmemlock:\t4096\n"), 4096);
	assert_int_equal(parse("memlock:\t8192\nmemlock:\t1\n"), 8192);
	assert_int_equal(parse("pos:\t0\n"), 0);
	/* A ring (27) of a kernel that leaves out its data, and of one that does not. */
	assert_int_equal(parse("map_type:\t27\nmax_entries:\t65536\nmemlock:\t4096\n"), 69632);
	assert_int_equal(parse("map_type:\t27\nmax_entries:\t65536\nmemlock:\t65536\n"), 65536);
	assert_int_equal(parse("map_type:\t27\nmax_entries:\t65536\nmemlock:\t70000\n"), 70000);
	assert_int_equal(parse("map_type:\t2\nmax_entries:\t65536\nmemlock:\t4096\n"), 4096);
}

/* What is no map or program has none. */
static void test_other_file(void **state)
{
	(void)state;
	assert_int_equal(ebt_memlock_bytes(0), 0);
	assert_int_equal(ebt_memlock_bytes(-1), 0);
	assert_int_equal(ebt_prog_misses(-1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memlock),
		cmocka_unit_test(test_other_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
