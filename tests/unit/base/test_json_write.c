/* SPDX-License-Identifier: BSD-3-Clause */
/* test_json_write.c - members, numbers, texts and arrays as JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/json_write.h"

#define BYTES(s) ((struct ebt_bytes){ "" s, sizeof(s) - 1 })

static void test_members(void **state)
{
	_cleanup_buf_ struct ebt_buf out = { 0 };
	struct ebt_json_writer w = { .out = &out };

	(void)state;
	ebt_json_open(&w, NULL, "{");
	ebt_json_u64(&w, "a", 0);
	ebt_json_u64(&w, "b", UINT64_MAX);
	ebt_json_i64(&w, "c", INT64_MIN);
	ebt_json_i64(&w, "d", 5);
	ebt_json_bool(&w, "e", true);
	ebt_json_bool(&w, "f", false);
	ebt_json_null(&w, "g");
	ebt_json_text(&w, "left_out", "");
	ebt_json_text(&w, "left_out", NULL);
	ebt_json_text(&w, "h", "x\"y");
	ebt_json_id(&w, "i", 10);
	ebt_json_open(&w, "j", "[");
	ebt_json_open(&w, NULL, "{");
	ebt_json_close(&w, "}");
	ebt_json_u64(&w, NULL, 1);
	ebt_json_close(&w, "]");
	ebt_json_u64(&w, "k", 2);
	ebt_json_close(&w, "}");
	assert_int_equal(out.error, 0);
	assert_string_equal(out.data,
			    "{\"a\":0,\"b\":18446744073709551615,"
			    "\"c\":-9223372036854775808,\"d\":5,\"e\":true,\"f\":false,"
			    "\"g\":null,\"h\":\"x\\\"y\",\"i\":\"10\",\"j\":[{},1],\"k\":2}");
}

static void test_arguments(void **state)
{
	_cleanup_buf_ struct ebt_buf out = { 0 };
	struct ebt_json_writer w = { .out = &out };

	(void)state;
	ebt_json_open(&w, NULL, "{");
	ebt_json_strings(&w, "none", BYTES(""));
	ebt_json_strings(&w, "args", BYTES("ls\0a b\0"));
	ebt_json_command(&w, "line", BYTES("ls\0a b\0"));
	ebt_json_close(&w, "}");
	assert_string_equal(out.data,
			    "{\"none\":[],\"args\":[\"ls\",\"a b\"],\"line\":\"ls 'a b'\"}");
}

/* A buffer that is full keeps its error, and nothing is written behind it. */
static void test_full(void **state)
{
	_cleanup_buf_ struct ebt_buf out = { .limit = 16 };
	struct ebt_json_writer w = { .out = &out };

	(void)state;
	ebt_json_open(&w, NULL, "{");
	for (unsigned i = 0; i < 100; i++)
		ebt_json_u64(&w, "number", i);
	assert_true(out.error < 0);
	assert_true(out.len <= 16);
}

static void test_basename(void **state)
{
	(void)state;
	assert_true(ebt_bytes_equal(ebt_bytes_basename(BYTES("/bin/ls")), BYTES("ls")));
	assert_true(ebt_bytes_equal(ebt_bytes_basename(BYTES("ls")), BYTES("ls")));
	assert_true(ebt_bytes_equal(ebt_bytes_basename(BYTES("/bin/")), BYTES("")));
	assert_true(ebt_bytes_equal(ebt_bytes_basename(BYTES("")), BYTES("")));
}

static void is_printed(uint64_t v)
{
	char digits[EBT_JSON_DIGITS_MAX], want[24];
	size_t len = (size_t)(ebt_json_digits(digits, v) - digits);

	assert_int_equal(len, snprintf(want, sizeof(want), "%llu", (unsigned long long)v));
	assert_memory_equal(digits, want, len);
}

/* Around each power of ten and of two the number of digits could be wrong. */
static void test_digits(void **state)
{
	(void)state;
	for (uint64_t v = 0; v < 1100; v++)
		is_printed(v);
	for (uint64_t power = 10;; power *= 10) {
		is_printed(power - 1);
		is_printed(power);
		is_printed(power + 1);
		if (power > UINT64_MAX / 10)
			break;
	}
	for (unsigned bit = 0; bit < 64; bit++) {
		is_printed((1ull << bit) - 1);
		is_printed(1ull << bit);
	}
	is_printed(UINT64_MAX);
}

/* Texts of each length up to three words, with one byte that is not plain at each place. */
static void test_plain(void **state)
{
	static const char special[] = { '"', '\\', '\n', '\0', '\x7f', '\x80', '\xff', '\x1f' };
	static const char plain[] = " !#~[]Az09'/";
	char in[24], out[24];

	(void)state;
	for (size_t len = 0; len <= sizeof(in); len++) {
		for (size_t i = 0; i < len; i++)
			in[i] = plain[(i + len) % (sizeof(plain) - 1)];
		assert_int_equal(ebt_json_plain(out, (struct ebt_bytes){ in, len }), len);
		assert_memory_equal(out, in, len);
		for (size_t at = 0; at < len; at++) {
			char kept = in[at];

			for (size_t k = 0; k < sizeof(special); k++) {
				in[at] = special[k];
				assert_int_equal(ebt_json_plain(out, (struct ebt_bytes){ in, len }),
						 at);
				assert_memory_equal(out, in, at);
			}
			in[at] = kept;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_members), cmocka_unit_test(test_arguments),
		cmocka_unit_test(test_full),	cmocka_unit_test(test_digits),
		cmocka_unit_test(test_plain),	cmocka_unit_test(test_basename),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
