/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/log.h"

struct heard {
	unsigned count;
	enum ebt_log_level level;
	char *text;
};

static void listen(enum ebt_log_level level, const char *text, void *arg)
{
	struct heard *h = arg;

	h->count++;
	h->level = level;
	free(h->text);
	h->text = strdup(text);
}

static void one_safe_line(void **state)
{
	struct heard h = { 0 };

	ebt_log_set(listen, &h, EBT_LOG_DEBUG);
	ebt_error("cannot open %s: %d\n", "a\x1b[2Jb\nexecbig-top: fake", 5);
	assert_int_equal(h.count, 1);
	assert_int_equal(h.level, EBT_LOG_ERROR);
	assert_string_equal(h.text, "cannot open a\\e[2Jb\\nexecbig-top: fake: 5");
	ebt_debug("%s", "");
	assert_int_equal(h.count, 2);
	assert_string_equal(h.text, "");
	/* outside UTF-8 only ASCII goes out */
	setlocale(LC_CTYPE, "C");
	ebt_info("h\xc3\xa9");
	assert_string_equal(h.text, "h\\u00e9");
	if (setlocale(LC_CTYPE, "C.UTF-8")) {
		ebt_info("h\xc3\xa9");
		assert_string_equal(h.text, "h\xc3\xa9");
	}
	setlocale(LC_CTYPE, "C");
	free(h.text);
	ebt_log_set(NULL, NULL, EBT_LOG_INFO);
}

static void long_messages_are_bounded(void **state)
{
	struct heard h = { 0 };
	_cleanup_free_ char *big = malloc(300001);

	memset(big, 'x', 300000);
	big[300000] = '\0';
	ebt_log_set(listen, &h, EBT_LOG_DEBUG);
	ebt_info("%.*s", 1023, big);
	assert_int_equal(strlen(h.text), 1023);
	ebt_info("%.*s", 1024, big);
	assert_int_equal(strlen(h.text), 1024);
	ebt_info("%s", big);
	assert_int_equal(strlen(h.text), 64 << 10);
	free(h.text);
	ebt_log_set(NULL, NULL, EBT_LOG_INFO);
}

static void levels_and_stderr(void **state)
{
	char got[256] = "";
	int ends[2], old;
	ssize_t n;

	assert_int_equal(pipe(ends), 0);
	fflush(stderr);
	old = dup(STDERR_FILENO);
	dup2(ends[1], STDERR_FILENO);
	ebt_log_set(NULL, NULL, EBT_LOG_WARN);
	ebt_info("not said");
	ebt_error("bad");
	ebt_warn("odd\t");
	dup2(old, STDERR_FILENO);
	close(old);
	close(ends[1]);
	n = read(ends[0], got, sizeof(got) - 1);
	close(ends[0]);
	assert_true(n > 0);
	assert_string_equal(got, "execbig-top: bad\nexecbig-top: warning: odd\\t\n");
	ebt_log_set(NULL, NULL, EBT_LOG_INFO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_safe_line),
		cmocka_unit_test(long_messages_are_bounded),
		cmocka_unit_test(levels_and_stderr),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
