/* SPDX-License-Identifier: BSD-3-Clause */
/* Patterns: what is compiled, what is refused, and that they match what the C library's regular
 * expressions match. */
#include <errno.h>
#include <locale.h>
#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/pattern.h"

static void refused(const char *text, const char *reason)
{
	struct ebt_pattern *pattern = NULL;
	char why[256] = "";

	assert_int_equal(ebt_pattern_new(&pattern, text, false, why, sizeof(why)), -EINVAL);
	if (!strstr(why, reason))
		fail_msg("%s: '%s' is not in '%s'", text, reason, why);
	assert_int_equal(ebt_pattern_new(&pattern, text, false, NULL, 0), -EINVAL);
	assert_null(pattern);
}

static struct ebt_pattern *accepted(const char *text, bool ignore_case)
{
	struct ebt_pattern *pattern = NULL;
	char why[256] = "";

	if (ebt_pattern_new(&pattern, text, ignore_case, why, sizeof(why)))
		fail_msg("%s: %s", text, why);
	return pattern;
}

static void expect_bytes(const char *text, bool ignore_case, struct ebt_bytes in,
			 enum ebt_pattern_result want)
{
	struct ebt_pattern *pattern = accepted(text, ignore_case);

	/* The second time with the states of the first. */
	if (ebt_pattern_match(pattern, in) != want || ebt_pattern_match(pattern, in) != want)
		fail_msg("%s against '%.*s': %d is wanted", text, (int)(in.len < 99 ? in.len : 99),
			 in.data, want);
	ebt_pattern_free(&pattern);
}

static void matches(const char *text, const char *in)
{
	expect_bytes(text, false, ebt_bytes_from(in), EBT_PATTERN_YES);
}

static void matches_not(const char *text, const char *in)
{
	expect_bytes(text, false, ebt_bytes_from(in), EBT_PATTERN_NO);
}

static void test_match(void **state)
{
	matches("^(gcc|cc1)$", "cc1");
	matches_not("^(gcc|cc1)$", "gcc1");
	matches("", "");
	matches("^$", "");
	matches_not("^$", "a");
	matches_not(".", "");
	matches("a||b", "x");
	matches("()", "");
	matches("x{0}y", "y");
	matches("^a{2,3}$", "aaa");
	matches_not("^a{2,3}$", "aaaa");
	matches("^a{,2}$", "aa");
	matches_not("^a{2,}$", "a");
	matches("a^|b", "b");
	matches_not("a^b", "ab");
	matches("a)", "a)");
	matches("(^a|b$)c*", "xb");
	expect_bytes("GCC", true, ebt_bytes_from("gcc"), EBT_PATTERN_YES);
	expect_bytes("[G-H]cc", true, ebt_bytes_from("gCC"), EBT_PATTERN_YES);
	expect_bytes("a.b", false, (struct ebt_bytes){ "a\0b", 3 }, EBT_PATTERN_YES);
}

static void test_words(void **state)
{
	matches("\\bcc\\b", "gcc cc");
	matches_not("\\bcc\\b", "gcc ccx");
	matches("\\<sh$", "curl sh");
	matches_not("\\<sh", "bash");
	matches("sh\\>", "bash -c");
	matches("a\\Bb", "ab");
	matches("^\\w+\\W\\S+\\s.$", "a_9 %b c");
	matches("\\`a\\'", "a");
}

static void test_syntax(void **state)
{
	refused("a(", "a POSIX extended regular expression is wanted");
	refused("[a", "'[' is not closed");
	refused("[", "'[' is not closed");
	refused("[^", "'[' is not closed");
	refused("[[:alpha", "no character class");
	refused("[[:alphabet:]]", "no character class");
	refused("[[.ab.]]", "one character only");
	refused("[z-a]", "ends before it begins");
	refused("(a)\\1", "back-references");
	refused("a\\", "backslash");
	refused("*a", "nothing before");
	refused("a|*", "nothing before");
	refused("a{", "not followed by a number");
	refused("a{1", "not closed");
	refused("a{3,2}", "less than the first");
	matches("\\(\\)\\\\", "()\\");
	matches_not("a\\.b", "axb");
}

static void test_brackets(void **state)
{
	matches("^[]+*?]+$", "]+*?");
	matches("^[^]a]$", "b");
	matches_not("^[^]a]$", "]");
	matches("^[[:alpha:]_-]+$", "ab_-");
	matches("^[[.-.][=b=]]+$", "-b");
	matches("^[a-]+$", "a-");
	matches("^[\\]$", "\\");
	matches("^[%--]+$", "%&-");
}

static void test_bytes_and_characters(void **state)
{
	/* Invalid UTF-8 hides nothing, in any locale. */
	matches("a.*b", "a\xff\xfe b");
	matches("^[^a]$", "\xff");
	matches("é+x", "ééx");
	matches_not("^é+x", "\xc3\xa9\xa9x");
	matches("^[aé]+$", "aéa");
	matches_not("^[é]$", "\xc3");
	refused("[^é]", "ASCII characters only");
	refused("[a-é]", "ASCII characters only");
	matches("\xff+", "\xff\xff");
	expect_bytes("é+x", true, ebt_bytes_from("ÉX"), EBT_PATTERN_YES);
	expect_bytes("[aÉ]x", true, ebt_bytes_from("éX"), EBT_PATTERN_YES);
	matches_not("é", "É");
}

static void test_limits(void **state)
{
	char text[EBT_PATTERN_TEXT_MAX + 2];
	struct ebt_pattern *pattern;

	refused("((a{1,255}){1,255}){1,8}", "4096 places");
	refused("(((){1000}){1000}){1000}", "4096 places");
	refused("a{1001}", "at most 1000");
	refused("a{5,99999999999999999999}", "at most 1000");
	refused("(a{100}){100}", "4096 places");
	pattern = accepted("a{1000}", false);
	ebt_pattern_free(&pattern);
	pattern = accepted("((((((((((a+)+)+)+)+)+)+)+)+)+)+++++++++++++++++++", false);
	ebt_pattern_free(&pattern);
	memset(text, 'a', sizeof(text));
	text[EBT_PATTERN_TEXT_MAX + 1] = '\0';
	refused(text, "1024 bytes");
	text[EBT_PATTERN_TEXT_MAX] = '\0';
	pattern = accepted(text, true);
	ebt_pattern_free(&pattern);
	/* The deepest nesting that fits. */
	memset(text, '(', EBT_PATTERN_TEXT_MAX / 2);
	memset(text + EBT_PATTERN_TEXT_MAX / 2, ')', EBT_PATTERN_TEXT_MAX / 2);
	matches(text, "");
	for (unsigned i = 0; i < EBT_PATTERN_TEXT_MAX; i++)
		text[i] = "é"[i % 2];
	pattern = accepted(text, true);
	ebt_pattern_free(&pattern);
}

/* A text that would need too many states is given up; the pattern works on. */
static void test_gives_up(void **state)
{
	const size_t len = 2 << 20;
	struct ebt_pattern *pattern = accepted("(a|b)*a(a|b){40}c", false);
	char *text = malloc(len);
	uint32_t x = 1;
	size_t at, n;

	for (size_t i = 0; i < len; i++) {
		x = x * 1664525u + 1013904223u;
		text[i] = (char)('a' + (x >> 24 & 1));
	}
	assert_int_equal(ebt_pattern_match(pattern, (struct ebt_bytes){ text, len }),
			 EBT_PATTERN_GAVE_UP);
	assert_int_equal(ebt_pattern_find(pattern, (struct ebt_bytes){ text, len }, 0, &at, &n),
			 EBT_PATTERN_GAVE_UP);
	text[50] = 'c';
	memset(text, 'a', 50);
	assert_int_equal(ebt_pattern_match(pattern, (struct ebt_bytes){ text, len }),
			 EBT_PATTERN_YES);
	/* What takes the C library minutes. */
	memset(text, 'a', len);
	expect_bytes("a+z", false, (struct ebt_bytes){ text, len }, EBT_PATTERN_NO);
	expect_bytes("(a*)*(a?){100}z", false, (struct ebt_bytes){ text, len }, EBT_PATTERN_NO);
	text[len - 1] = 'z';
	expect_bytes("a{1000}z", false, (struct ebt_bytes){ text, len }, EBT_PATTERN_YES);
	free(text);
	ebt_pattern_free(&pattern);
}

static void expect_find(const char *text, const char *in, size_t from, size_t at, size_t len)
{
	struct ebt_pattern *pattern = accepted(text, false);
	size_t found = 0, n = 0;

	assert_int_equal(ebt_pattern_find(pattern, ebt_bytes_from(in), from, &found, &n),
			 EBT_PATTERN_YES);
	if (found != at || n != len)
		fail_msg("%s in '%s': %zu bytes at %zu", text, in, n, found);
	ebt_pattern_free(&pattern);
}

static void test_find(void **state)
{
	expect_find("b+", "aabbbab", 0, 2, 3);
	expect_find("b+", "aabbbab", 3, 3, 2);
	expect_find("b+", "aabbbab", 5, 6, 1);
	expect_find("abcd|c", "xabcd", 0, 1, 4);
	expect_find("ab|abcd", "xabcd", 0, 1, 4);
	expect_find("x*", "yx", 0, 0, 0);
	expect_find("\\bc", "xc c", 1, 3, 1);
	expect_find("c$", "cc", 0, 1, 1);
}

static uint32_t dice(uint32_t *x, uint32_t n)
{
	*x = *x * 1664525u + 1013904223u;
	return (*x >> 16) % n;
}

static void write_pattern(char *out, uint32_t *x)
{
	static const char *const pieces[] = { "a",    "b",     "c",	"[ab]", "[^a]", ".",
					      "^",    "$",     "\\b",	"\\w",	"\\W",	"\\<",
					      "(a|)", "(b|c)", "(ab*)", "\\B",	"\\>",	"|" };
	static const char *const repeats[] = { "*", "+", "?", "{2}", "{1,2}", "{,2}", "{2,}" };
	unsigned n = 1 + dice(x, 6);
	bool repeatable = false;

	out[0] = '\0';
	for (unsigned i = 0; i < n; i++) {
		const char *piece = pieces[dice(x, 18)];

		strcat(out, piece);
		repeatable = !strchr("^$|", piece[0]) && !strchr("bB<>", piece[1] ? piece[1] : ' ');
		if (repeatable && dice(x, 3) == 0)
			strcat(out, repeats[dice(x, 7)]);
	}
}

static void compare(struct ebt_pattern *pattern, const regex_t *re, const char *text,
		    const char *in)
{
	size_t at = 0, len = 0;
	regmatch_t range;
	bool library = regexec(re, in, 1, &range, 0) == 0;
	bool own = ebt_pattern_find(pattern, ebt_bytes_from(in), 0, &at, &len) == EBT_PATTERN_YES;

	if (library != own ||
	    (own && (at != (size_t)range.rm_so || len != (size_t)(range.rm_eo - range.rm_so))))
		fail_msg("'%s' in '%s': %d %zu %zu, the library: %d %d %d", text, in, own, at, len,
			 library, range.rm_so, range.rm_eo - range.rm_so);
}

/* Random patterns against random texts: the same answers and places as regexec gives. */
static void test_like_the_library(void **state)
{
	unsigned compared = 0;
	uint32_t x = 7;

	for (unsigned round = 0; round < 1000; round++) {
		struct ebt_pattern *pattern = NULL;
		char text[128], in[16];
		regex_t re;

		write_pattern(text, &x);
		if (regcomp(&re, text, REG_EXTENDED))
			continue;
		pattern = accepted(text, false);
		for (unsigned i = 0; i < 30; i++, compared++) {
			size_t n = dice(&x, 12);

			in[n] = '\0';
			while (n)
				in[--n] = "abc a_"[dice(&x, 6)];
			compare(pattern, &re, text, in);
		}
		regfree(&re);
		ebt_pattern_free(&pattern);
	}
	assert_true(compared > 10000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_match),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_syntax),
		cmocka_unit_test(test_brackets),
		cmocka_unit_test(test_bytes_and_characters),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_gives_up),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_like_the_library),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
