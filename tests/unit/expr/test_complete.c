/* SPDX-License-Identifier: BSD-3-Clause */
/* test_complete.c - how words of expressions go on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "expr/complete.h"
#include "expr/expr.h"

static void seen(enum ebt_expr_field field, struct ebt_expr_completion *c, void *arg)
{
	static const char *const users[] = { "root", "max", "mail", "root" };
	static const char *const units[] = { "cron.service", "cron@x y.service", "a\x1b.scope" };

	(void)arg;
	for (size_t i = 0; field == EBT_EXPR_OF_USER && i < EBT_ARRAY_SIZE(users); i++)
		ebt_expr_offer(c, ebt_bytes_from(users[i]));
	for (size_t i = 0; field == EBT_EXPR_OF_UNIT && i < EBT_ARRAY_SIZE(units); i++)
		ebt_expr_offer(c, ebt_bytes_from(units[i]));
}

static const struct {
	const char *text;
	size_t at;
	const char *word;
	unsigned count;
	const char *list; /* NULL: not looked at */
} cases[] = {
	{ "us", 0, "user:", 1, "user:" },
	{ "curl us", 5, "user:", 1, NULL },
	{ "not (us", 5, "user:", 1, NULL },
	{ "!li", 1, "life>", 1, NULL },
	{ "c", 0, "c", 5, "comm: cwd: container: cgroup: cpu>" },
	{ "a or ar", 5, "args>", 1, NULL },
	{ "zzz", 0, "", 0, "" },
	{ "user:", 0, "user:", 3, "user:root user:max user:mail" },
	{ "user:m", 0, "user:ma", 2, "user:max user:mail" },
	{ "user:r", 0, "user:root", 1, NULL },
	{ "user:root", 0, "", 0, "" },
	{ "status:f", 0, "status:fail", 1, NULL },
	{ "x signal:K", 2, "signal:KILL", 1, NULL },
	{ "errno:ENOEN", 0, "errno:ENOENT", 1, NULL },
	{ "tty:", 0, "tty:none", 1, NULL },
	{ "unit:cron@", 0, "unit:\"cron@x y.service\"", 1, NULL },
	{ "unit:a", 0, "", 0, NULL },
	{ "http:", 0, "", 0, "" },
};

static void test_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < EBT_ARRAY_SIZE(cases); i++) {
		struct ebt_expr_completion c;

		ebt_expr_complete(&c, cases[i].text, strlen(cases[i].text), seen, NULL);
		if (c.at != cases[i].at || c.count != cases[i].count ||
		    strcmp(c.word, cases[i].word) != 0 ||
		    (cases[i].list && strcmp(c.list, cases[i].list) != 0))
			fail_msg("%s: at %zu, %u: \"%s\" of \"%s\"", cases[i].text, c.at, c.count,
				 c.word, c.list);
	}
}

/* Nothing is longer than its place, whatever is offered. */
static void test_long(void **state)
{
	struct ebt_expr_completion c;
	char name[400];

	(void)state;
	ebt_expr_complete(&c, "exe:", 4, NULL, NULL);
	for (unsigned i = 0; i < 200; i++) {
		memset(name, 'a' + (int)(i % 26), sizeof(name));
		name[1 + i * 2 % 390] = '\0';
		ebt_expr_offer(&c, ebt_bytes_from(name));
	}
	assert_true(strlen(c.list) < sizeof(c.list));
	assert_string_equal(c.word, "exe:");
	assert_true(c.count > 26);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_words),
					    cmocka_unit_test(test_long) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
