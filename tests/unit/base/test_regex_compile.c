/* SPDX-License-Identifier: BSD-3-Clause */
/* Regular expressions: what is compiled, and what is refused before regcomp sees it. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/regex_compile.h"

static void refused(const char *pattern, const char *reason)
{
	char why[256] = "";
	regex_t re;

	assert_int_equal(ebt_regex_compile(&re, pattern, 0, why, sizeof(why)), -EINVAL);
	if (!strstr(why, reason))
		fail_msg("%s: '%s' is not in '%s'", pattern, reason, why);
	assert_int_equal(ebt_regex_compile(&re, pattern, 0, NULL, 0), -EINVAL);
}

static void accepted(const char *pattern)
{
	char why[256] = "";
	regex_t re;

	if (ebt_regex_compile(&re, pattern, 0, why, sizeof(why)))
		fail_msg("%s: %s", pattern, why);
	regfree(&re);
}

static void test_match(void **state)
{
	regex_t re;

	assert_int_equal(ebt_regex_compile(&re, "^(gcc|cc1)$", REG_NOSUB | REG_ICASE, NULL, 0), 0);
	assert_int_equal(regexec(&re, "CC1", 0, NULL, 0), 0);
	assert_int_not_equal(regexec(&re, "gcc1", 0, NULL, 0), 0);
	regfree(&re);
}

static void test_syntax(void **state)
{
	refused("a(", "a POSIX extended regular expression is wanted");
	refused("[a", "a POSIX extended regular expression is wanted");
	refused("(a)\\1", "back references");
	accepted("\\(\\)\\\\");
	accepted("a\\.b");
}

static void test_repetitions(void **state)
{
	refused("((a{1,255}){1,255}){1,8}", "1000 copies");
	refused("a{1001}", "1000 copies");
	refused("a{501,}b{2}", "1000 copies");
	refused("a{5,1001}", "1000 copies");
	refused("a+++++++++++", "1000 copies");
	refused("((((((((((a+)+)+)+)+)+)+)+)+)+)+", "1000 copies");
	refused("a{999}{2}", "1000 copies");
	/* The repetitions in a group count behind it, too. */
	refused("(((a{1,500})+)+)+", "1000 copies");
	accepted("a{1000}");
	accepted("a{500,}b{2}");
	accepted("a++++++++++");
	accepted("((((((((((a+)+)+)+)+)+)+)+)+)+)");
	/* Repetitions side by side do not multiply, nor do those of another group. */
	accepted("a+b+c+d+e+f+g+h+i+j+k+l+");
	accepted("(a+)(b+)(c+)(d+)(e+)(f+)(g+)(h+)(i+)(j+)(k+)(l+)");
}

/* In a bracket expression nothing repeats, and a bracket may hold a ']'. */
static void test_brackets(void **state)
{
	accepted("[+*?{}()+++++++++++]");
	accepted("[]++++++++++++]");
	accepted("[^]++++++++++++]");
	accepted("[[:alpha:]++++++++++++]");
	accepted("[[.+.]++++++++++++]");
	refused("[a]++++++++++++", "1000 copies");
	refused("[]a]++++++++++++", "1000 copies");
	refused("[[:alpha:]]++++++++++++", "1000 copies");
	refused("[[=a=]b]++++++++++++", "1000 copies");
	refused("[[:alpha", "is wanted");
}

static void test_length(void **state)
{
	char pattern[EBT_REGEX_PATTERN_MAX + 2];
	char why[64];

	memset(pattern, 'a', sizeof(pattern));
	pattern[EBT_REGEX_PATTERN_MAX + 1] = '\0';
	refused(pattern, "1024 bytes");
	assert_int_equal(ebt_regex_check_limits(pattern, why, sizeof(why)), -EINVAL);
	pattern[EBT_REGEX_PATTERN_MAX] = '\0';
	accepted(pattern);
	assert_int_equal(ebt_regex_check_limits(pattern, why, sizeof(why)), 0);
	/* The deepest nesting that fits. */
	memset(pattern, '(', EBT_REGEX_PATTERN_MAX);
	assert_int_equal(ebt_regex_check_limits(pattern, why, sizeof(why)), 0);
	memset(pattern, ')', EBT_REGEX_PATTERN_MAX);
	assert_int_equal(ebt_regex_check_limits(pattern, why, sizeof(why)), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_match),	    cmocka_unit_test(test_syntax),
		cmocka_unit_test(test_repetitions), cmocka_unit_test(test_brackets),
		cmocka_unit_test(test_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
