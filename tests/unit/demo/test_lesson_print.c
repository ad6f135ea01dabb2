/* SPDX-License-Identifier: BSD-3-Clause */
/* What lessons print: foreign words are escaped and cut, expectations are counted. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "demo/lesson.h"

/* Standard output while fn runs. */
struct captured {
	char text[4096];
};

static void capture(struct captured *c, void (*fn)(void *arg), void *arg)
{
	char path[] = "/tmp/ebt-demo-XXXXXX";
	int fd = mkostemp(path, O_CLOEXEC), old = dup(STDOUT_FILENO);
	ssize_t n;

	assert_true(fd >= 0 && old >= 0);
	unlink(path);
	fflush(stdout);
	dup2(fd, STDOUT_FILENO);
	fn(arg);
	fflush(stdout);
	dup2(old, STDOUT_FILENO);
	n = pread(fd, c->text, sizeof(c->text) - 1, 0);
	assert_true(n >= 0);
	c->text[n] = '\0';
	close(fd);
	close(old);
}

struct words {
	const char *text;
	unsigned max;
};

static void say_words(void *arg)
{
	struct words *w = arg;

	ebt_demo_words(w->text, w->max);
}

static void foreign_words(void **state)
{
	static const struct {
		struct words words;
		const char *want;
	} cases[] = {
		{ { "one\ntwo\n", 0 }, "   | one\n   | two\n" },
		{ { "one\ntwo", 0 }, "   | one\n   | two\n" },
		{ { "one\n\ntwo\n\n\n", 0 }, "   | one\n   | \n   | two\n" },
		{ { "1\n2\n3\n4\n", 2 }, "   | [2 lines omitted]\n   | 3\n   | 4\n" },
		{ { "1\n2\n", 2 }, "   | 1\n   | 2\n" },
		{ { "a\tb\n", 0 }, "   | a    b\n" },
		{ { "\033[2J\x9b", 0 }, "   | \\e[2J\\x9b\n" },
		{ { "", 0 }, "" },
		{ { NULL, 0 }, "" },
	};
	struct captured c;

	for (size_t i = 0; i < EBT_ARRAY_SIZE(cases); i++) {
		capture(&c, say_words, (void *)&cases[i].words);
		assert_string_equal(c.text, cases[i].want);
	}
}

static void say_expectations(void *arg)
{
	struct ebt_demo *d = arg;

	assert_true(ebt_demo_expect(d, true, "%d is", 1));
	assert_false(ebt_demo_expect(d, false, "%d is", 2));
	assert_int_equal(ebt_demo_fail(d, -ENOENT, "x"), -ENOENT);
}

static void expectations(void **state)
{
	struct ebt_demo d = { 0 };
	struct captured c;

	capture(&c, say_expectations, &d);
	assert_int_equal(d.wrong, 2);
	assert_false(d.lacks);
	assert_string_equal(c.text, "   as expected: 1 is\n   NOT AS EXPECTED: 2 is\n"
				    "   FAILED: x: No such file or directory\n");
}

static void say_refused(void *arg)
{
	struct ebt_demo *d = arg;
	struct ebt_demo_prog p = { .name = "p", .fd = -1, .err = -EACCES };

	ebt_buf_puts(&p.log, "R1 invalid\n");
	ebt_demo_refused(d, &p, 0, "something else|R1 invalid");
	assert_int_equal(d->wrong, 0);
	ebt_demo_refused(d, &p, 0, "something else");
	assert_int_equal(d->wrong, 1);
	p.err = 0;
	ebt_demo_refused(d, &p, 0, "R1 invalid");
	assert_int_equal(d->wrong, 2);
	ebt_buf_free(&p.log);
}

/* The right refusal only: for another reason, or none, the lesson fails. */
static void refusals(void **state)
{
	struct ebt_demo d = { 0 };
	struct captured c;

	capture(&c, say_refused, &d);
	assert_non_null(strstr(c.text, "   as expected: p is refused\n"));
	assert_non_null(strstr(c.text, "   | R1 invalid\n"));
	assert_non_null(strstr(c.text, "NOT AS EXPECTED: the reason"));
	assert_non_null(strstr(c.text, "but it was accepted"));
}

static void names_of_others(void **state)
{
	char out[80];

	assert_string_equal(ebt_demo_safe(out, sizeof(out), "a\033b\0c", 6), "a\\eb");
	assert_string_equal(ebt_demo_safe(out, sizeof(out), "\xc3\xa4", 2), "\\u00e4");
	assert_string_equal(ebt_demo_safe(out, sizeof(out), "abcdef", 3), "abc");
	assert_string_equal(ebt_demo_safe(out, 3, "abcdef", 6), "ab");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(foreign_words),
		cmocka_unit_test(expectations),
		cmocka_unit_test(refusals),
		cmocka_unit_test(names_of_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
