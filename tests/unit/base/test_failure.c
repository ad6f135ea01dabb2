/* SPDX-License-Identifier: BSD-3-Clause */
/* A failure keeps its first cause and the words that belong to it. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/failure.h"

static struct ebt_bytes bytes(const char *text)
{
	return (struct ebt_bytes){ text, strlen(text) };
}

static void test_first_cause_stays(void **state)
{
	struct ebt_failure failure = { 0 };

	assert_int_equal(ebt_failure_set(&failure, -EINVAL, "the text has %d errors", 3), -EINVAL);
	assert_string_equal(failure.text, "the text has 3 errors");
	assert_int_equal(ebt_failure_set(&failure, -E2BIG, "the pattern is too long"), -E2BIG);
	assert_string_equal(failure.text, "the text has 3 errors");
}

static void test_words_of_the_first_cause(void **state)
{
	struct ebt_failure failure = { 0 };

	ebt_failure_add_words(&failure, bytes("line 1: no\n"), false);
	ebt_failure_set(&failure, -EIO, "it does not compile");
	ebt_failure_add_words(&failure, bytes("of another cause"), true);
	assert_int_equal(failure.words.len, strlen("line 1: no\n"));
	assert_memory_equal(failure.words.data, "line 1: no\n", failure.words.len);
	assert_false(failure.is_log);
	ebt_buf_free(&failure.words);
	/* A sentence without words gets none of a later cause. */
	failure = (struct ebt_failure){ 0 };
	ebt_failure_set(&failure, -EIO, "first");
	ebt_failure_add_words(&failure, bytes("second"), true);
	assert_int_equal(failure.words.len, 0);
	assert_false(failure.is_log);
}

static void printed(const struct ebt_failure *failure, char *out, size_t len)
{
	FILE *f = tmpfile();
	size_t n;

	assert_non_null(f);
	ebt_failure_print(failure, f);
	rewind(f);
	n = fread(out, 1, len - 1, f);
	out[n] = '\0';
	fclose(f);
}

static void test_print(void **state)
{
	struct ebt_failure failure = { 0 };
	char out[4096], line[32];

	printed(&failure, out, sizeof(out));
	assert_string_equal(out, "");
	for (int i = 1; i <= 40; i++) {
		snprintf(line, sizeof(line), "line %d\n", i);
		ebt_failure_add_words(&failure, bytes(line), false);
	}
	printed(&failure, out, sizeof(out));
	assert_int_equal(strncmp(out, "line 1\n", 7), 0);
	assert_non_null(strstr(out, "\nline 40\n"));
	/* Of a log, the last 25 lines. */
	failure.is_log = true;
	printed(&failure, out, sizeof(out));
	assert_int_equal(strncmp(out, "the last 25 lines of its log (15 before):\nline 16\n", 50),
			 0);
	assert_non_null(strstr(out, "\nline 40\n"));
	ebt_buf_free(&failure.words);
}

static void test_print_a_short_log(void **state)
{
	struct ebt_failure failure = { .is_log = true };
	char out[256];

	ebt_failure_add_words(&failure, bytes("R1 invalid mem access\nprocessed 4 insns"), true);
	printed(&failure, out, sizeof(out));
	assert_string_equal(out, "R1 invalid mem access\nprocessed 4 insns\n");
	ebt_buf_free(&failure.words);
}

static void test_strerror(void **state)
{
	(void)state;
	assert_string_equal(ebt_strerror(524), "Not supported by this kernel");
	assert_string_equal(ebt_strerror(EPERM), "Operation not permitted");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_cause_stays),
		cmocka_unit_test(test_words_of_the_first_cause),
		cmocka_unit_test(test_print),
		cmocka_unit_test(test_print_a_short_log),
		cmocka_unit_test(test_strerror),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
