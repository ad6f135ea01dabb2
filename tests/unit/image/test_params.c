/* SPDX-License-Identifier: BSD-3-Clause */
/* Parameters: their ranges, what the text gets of them, and the key that tells images apart. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ebt_abi.h"
#include "image/params.h"

static const struct ebt_params usual = {
	.scratch_bytes = 8192, .ring_bytes = 8u << 20, .args_limit = EBT_PARAMS_ALL, .env_limit = 0
};
static char why[160];

static int check(uint32_t scratch, uint32_t ring)
{
	struct ebt_params p = usual;

	p.scratch_bytes = scratch;
	p.ring_bytes = ring;
	why[0] = '\0';
	return ebt_params_check(&p, why, sizeof(why));
}

static void test_check(void **state)
{
	(void)state;
	assert_int_equal(check(512, 65536), 0);
	assert_int_equal(check(32768, 1u << 30), 0);
	assert_string_equal(why, "");
	assert_int_equal(check(504, 65536), -ERANGE);
	assert_string_equal(why, "scratch is 504 bytes; 512 to 32768 in steps of 8 are allowed");
	assert_int_equal(check(32776, 65536), -ERANGE);
	assert_int_equal(check(516, 65536), -ERANGE);
	assert_int_equal(check(512, 32768), -ERANGE);
	assert_string_equal(why, "ring is 32768 bytes; a power of two from 64K to 1G is allowed");
	assert_int_equal(check(512, 1u << 31), -ERANGE);
	assert_int_equal(check(512, 65536 + 4096), -ERANGE);
}

static bool defined(const struct ebt_params *p, const char *define)
{
	struct ebt_defines defines;

	ebt_params_defines(p, &defines);
	for (int i = 0; i < defines.count; i++) {
		if (strcmp(defines.text[i], define) == 0)
			return true;
	}
	return false;
}

static void test_defines(void **state)
{
	struct ebt_params p = usual;
	struct ebt_defines defines;

	(void)state;
	ebt_params_defines(&p, &defines);
	assert_int_equal(defines.count, 4);
	assert_true(defined(&p, "-DEBT_SCRATCH_BYTES=8192"));
	assert_true(defined(&p, "-DEBT_RING_PAGES=2048"));
	/* No limit is that of the kernel. */
	assert_true(defined(&p, "-DEBT_ARGS_LIMIT=6291456"));
	assert_true(defined(&p, "-DEBT_ENV_LIMIT=0"));
	p.args_limit = EBT_ARGS_MAX - 1;
	assert_true(defined(&p, "-DEBT_ARGS_LIMIT=6291455"));
	p.paths = 1;
	assert_true(defined(&p, "-DEBT_WITH_PATHS=1"));
	assert_false(defined(&p, "-DEBT_WITH_FAILED=1"));
	p.failed = 1;
	assert_true(defined(&p, "-DEBT_WITH_FAILED=1"));
	assert_false(defined(&p, "-DEBT_WITH_PERF=1"));
	p.perf = 1;
	assert_true(defined(&p, "-DEBT_WITH_PERF=1"));
}

static bool same_key(const struct ebt_params *a, const struct ebt_params *b, const char *text,
		     const char *headers, const char *machine)
{
	_cleanup_buf_ struct ebt_buf of_a = { 0 }, of_b = { 0 };

	assert_int_equal(ebt_params_key(a, ebt_bytes_from("text"), "own", "m", &of_a), 0);
	assert_int_equal(ebt_params_key(b, ebt_bytes_from(text), headers, machine, &of_b), 0);
	return ebt_bytes_equal((struct ebt_bytes){ of_a.data, of_a.len },
			       (struct ebt_bytes){ of_b.data, of_b.len });
}

/* All that decides the instructions is in the key. */
static void test_key(void **state)
{
	struct ebt_params p = usual;

	(void)state;
	assert_true(same_key(&usual, &p, "text", "own", "m"));
	assert_false(same_key(&usual, &p, "texts", "own", "m"));
	assert_false(same_key(&usual, &p, "text", "own", "n"));
	assert_false(same_key(&usual, &p, "text", "/usr/src", "m"));
	p.scratch_bytes = 4096;
	assert_false(same_key(&usual, &p, "text", "own", "m"));
	p = usual;
	p.failed = 1;
	assert_false(same_key(&usual, &p, "text", "own", "m"));
	p = usual;
	p.env_limit = 1;
	assert_false(same_key(&usual, &p, "text", "own", "m"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_defines),
		cmocka_unit_test(test_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
