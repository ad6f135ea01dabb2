/* SPDX-License-Identifier: BSD-3-Clause */
/* Descriptors that the caller had open are noted, marked, and found by the paths that name them. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "confine/inherited.h"

static bool has(const struct ebt_inherited *in, int fd)
{
	for (unsigned i = 0; i < in->count; i++) {
		if (in->fds[i] == fd)
			return true;
	}
	return false;
}

static void test_mark(void **state)
{
	struct ebt_inherited in = { 0 };
	int fds[20], open_before = open("/dev/null", O_RDONLY);
	int high = fcntl(open_before, F_DUPFD, 450);

	for (int i = 0; i < 20; i++)
		fds[i] = dup(open_before);
	close(fds[3]);
	assert_int_equal(ebt_inherited_mark(&in), 0);
	for (int i = 0; i < 20; i++)
		assert_int_equal(has(&in, fds[i]), i != 3);
	assert_true(has(&in, open_before) && has(&in, high));
	assert_true(!has(&in, 0) && !has(&in, 1) && !has(&in, 2));
	for (unsigned i = 0; i < in.count; i++) {
		assert_int_equal(fcntl(in.fds[i], F_GETFD), FD_CLOEXEC);
		assert_true(i == 0 || in.fds[i] > in.fds[i - 1]);
	}
	assert_int_equal(fcntl(1, F_GETFD), 0);
	ebt_inherited_free(&in);
	assert_true(in.count == 0 && !in.fds);
	for (int i = 0; i < 20; i++) {
		if (i != 3)
			close(fds[i]);
	}
	close(high);
	close(open_before);
}

static void test_named(void **state)
{
	int fds[] = { 5, 63 };
	const struct ebt_inherited in = { .fds = fds, .count = 2 }, none = { 0 };

	assert_int_equal(ebt_inherited_named(&in, "/dev/fd/5"), 5);
	assert_int_equal(ebt_inherited_named(&in, "/dev/fd/63"), 63);
	assert_int_equal(ebt_inherited_named(&in, "/proc/self/fd/63"), 63);
	/* A descriptor of ours is nobody's to name. */
	assert_int_equal(ebt_inherited_named(&in, "/dev/fd/6"), -1);
	assert_int_equal(ebt_inherited_named(&none, "/dev/fd/5"), -1);
	assert_int_equal(ebt_inherited_named(&none, "/dev/fd/1"), 1);
	assert_int_equal(ebt_inherited_named(&none, "/dev/stdin"), 0);
	assert_int_equal(ebt_inherited_named(&none, "/dev/stdout"), 1);
	assert_int_equal(ebt_inherited_named(&none, "/dev/stderr"), 2);
	assert_int_equal(ebt_inherited_named(&in, "/dev/fd/"), -1);
	assert_int_equal(ebt_inherited_named(&in, "/dev/fd/5/x"), -1);
	assert_int_equal(ebt_inherited_named(&in, "/dev/fd/99999999999"), -1);
	assert_int_equal(ebt_inherited_named(&in, "/tmp/dev/fd/5"), -1);
	assert_int_equal(ebt_inherited_named(&in, NULL), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mark),
		cmocka_unit_test(test_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
