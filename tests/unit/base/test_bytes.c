/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>

#include "base/bytes.h"

static void append_and_reset(void **state)
{
	_cleanup_buf_ struct ebt_buf b = { 0 };

	assert_int_equal(ebt_buf_append(&b, NULL, 0), 0);
	assert_non_null(b.data);
	assert_string_equal(b.data, "");
	assert_int_equal(ebt_buf_append(&b, "a\0b", 3), 0);
	assert_int_equal(ebt_buf_puts(&b, "cd"), 0);
	assert_int_equal(ebt_buf_printf(&b, "%d-%s", 42, "x"), 0);
	assert_int_equal(b.len, 9);
	assert_memory_equal(b.data, "a\0bcd42-x", 10);
	ebt_buf_reset(&b);
	assert_int_equal(b.len, 0);
	assert_string_equal(b.data, "");
}

static void long_printf(void **state)
{
	_cleanup_buf_ struct ebt_buf b = { 0 };

	for (int len = 250; len < 260; len++) {
		ebt_buf_reset(&b);
		assert_int_equal(ebt_buf_printf(&b, "%*d", len, 7), 0);
		assert_int_equal(b.len, len);
		assert_int_equal(strlen(b.data), len);
		assert_int_equal(b.data[len - 1], '7');
	}
	assert_int_equal(ebt_buf_printf(&b, "%*d", 100000, 7), 0);
	assert_int_equal(b.len, 100000 + 259);
}

static void limit_is_kept_and_the_error_stays(void **state)
{
	_cleanup_buf_ struct ebt_buf b = { .limit = 10 };

	assert_int_equal(ebt_buf_append(&b, "0123456789", 10), 0);
	assert_int_equal(ebt_buf_append(&b, "", 0), 0);
	assert_int_equal(ebt_buf_append(&b, "x", 1), -ENOBUFS);
	assert_int_equal(b.error, -ENOBUFS);
	assert_int_equal(b.len, 10);
	assert_true(b.cap <= 11);
	assert_int_equal(ebt_buf_append(&b, "", 0), -ENOBUFS);
	assert_null(ebt_buf_reserve(&b, 0));
	ebt_buf_reset(&b);
	assert_int_equal(ebt_buf_printf(&b, "%s", "0123456789a"), -ENOBUFS);
	ebt_buf_reset(&b);
	assert_int_equal(ebt_buf_append(&b, "x", SIZE_MAX), -ENOBUFS);
	ebt_buf_reset(&b);
	assert_int_equal(ebt_buf_printf(&b, "%*d", 300, 1), -ENOBUFS);
	assert_int_equal(b.len, 0);
}

static void reserve_gives_room(void **state)
{
	_cleanup_buf_ struct ebt_buf b = { 0 };

	for (size_t len = 0; len < 1000; len += 37) {
		char *p = ebt_buf_reserve(&b, len);

		assert_non_null(p);
		memset(p, 'r', len); /* ASan watches */
		b.len += len;
	}
	assert_int_equal(b.len, 37 * (27 * 26 / 2) + 37 * 27);
}

static void every_size_has_its_nul(void **state)
{
	for (size_t n = 0; n < 600; n++) {
		_cleanup_buf_ struct ebt_buf b = { .limit = n };

		if (n == 0)
			b.limit = 1;
		for (size_t i = 0; i < n; i++)
			assert_int_equal(ebt_buf_append(&b, "y", 1), 0);
		assert_int_equal(ebt_buf_append(&b, NULL, 0), 0);
		assert_int_equal(b.data[n], '\0');
	}
}

static void freed_is_empty_again(void **state)
{
	struct ebt_buf b = { 0 };

	ebt_buf_free(&b);
	ebt_buf_puts(&b, "x");
	ebt_buf_free(&b);
	assert_null(b.data);
	assert_int_equal(b.len, 0);
	assert_int_equal(ebt_buf_puts(&b, "again"), 0);
	assert_string_equal(b.data, "again");
	ebt_buf_free(&b);
}

static void equal(void **state)
{
	assert_true(ebt_bytes_equal((struct ebt_bytes){ NULL, 0 }, ebt_bytes_from("")));
	assert_true(ebt_bytes_equal(ebt_bytes_from("ab"), ebt_bytes_from("ab")));
	assert_false(ebt_bytes_equal(ebt_bytes_from("ab"), ebt_bytes_from("ac")));
	assert_false(ebt_bytes_equal(ebt_bytes_from("ab"), ebt_bytes_from("abc")));
	assert_int_equal(ebt_bytes_from(NULL).len, 0);
}

static void test_basename(void **state)
{
	(void)state;
	assert_int_equal(ebt_bytes_basename((struct ebt_bytes){ 0 }).len,
			 0); /* not even an empty text */
	assert_memory_equal(ebt_bytes_basename(ebt_bytes_from("/usr/bin/env")).data, "env", 4);
	assert_int_equal(ebt_bytes_basename(ebt_bytes_from("a/")).len, 0);
	assert_int_equal(ebt_bytes_basename(ebt_bytes_from("cc1")).len, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_basename),
		cmocka_unit_test(append_and_reset),
		cmocka_unit_test(long_printf),
		cmocka_unit_test(limit_is_kept_and_the_error_stays),
		cmocka_unit_test(reserve_gives_room),
		cmocka_unit_test(every_size_has_its_nul),
		cmocka_unit_test(freed_is_empty_again),
		cmocka_unit_test(equal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
