/* SPDX-License-Identifier: BSD-3-Clause */
/* A child has the descriptors, the name, the rights and the death signal that it was given. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <seccomp.h>

#include <cmocka.h>

#include "confine/child.h"

/* In the child: whether exactly 0 to 2 and these are open. */
static bool only_open(const int *fds, unsigned count)
{
	for (int fd = 0; fd < 512; fd++) {
		bool wanted = fd < 3;

		for (unsigned i = 0; i < count; i++)
			wanted |= fd == fds[i];
		if ((fcntl(fd, F_GETFD) >= 0) != wanted)
			return false;
	}
	return true;
}

/* Whether fd leads to the text, from its beginning. */
static bool holds(int fd, const char *text)
{
	char got[16] = "";

	return pread(fd, got, sizeof(got) - 1, 0) == (ssize_t)strlen(text) && !strcmp(got, text);
}

static int file_with(const char *text)
{
	char path[] = "/tmp/ebt-child-XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	unlink(path);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	return fd;
}

static int status_of(pid_t pid)
{
	int status;

	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void test_keeps_only_what_it_is_given(void **state)
{
	int a = file_with("a"), b = file_with("b"), high = fcntl(a, F_DUPFD, 300);
	const struct ebt_child_fd keep[] = { { a, EBT_CHILD_SAME },
					     { -1, EBT_CHILD_SAME },
					     { high, EBT_CHILD_SAME } };
	const struct ebt_child child = { .keep = keep, .keep_count = 3 };
	pid_t pid = ebt_child_fork(&child);

	if (pid == 0)
		_exit((!only_open((const int[]){ a, high }, 2) || !holds(a, "a") ||
		       fcntl(a, F_GETFD) != FD_CLOEXEC)
			      ? 1
			      : 0);
	assert_int_equal(status_of(pid), 0);
	assert_true(holds(b, "b"));
	close(a);
	close(b);
	close(high);
}

/* The targets are the sources of each other, so that no order of dup2 alone would do. */
static void test_places_descriptors(void **state)
{
	int a = file_with("a"), b = file_with("b"), c = file_with("c");
	const struct ebt_child_fd keep[] = { { a, b }, { b, a }, { c, 0 } };
	const struct ebt_child child = { .keep = keep, .keep_count = 3, .silent = true };
	pid_t pid = ebt_child_fork(&child);

	if (pid == 0)
		_exit((!only_open((const int[]){ a, b }, 2) || !holds(a, "b") || !holds(b, "a") ||
		       !holds(0, "c") || fcntl(0, F_GETFD) != 0 || write(1, "x", 1) != 1)
			      ? 1
			      : 0);
	assert_int_equal(status_of(pid), 0);
	close(a);
	close(b);
	close(c);
}

static void test_inherits(void **state)
{
	int a = file_with("a"), b = file_with("b");
	struct ebt_inherited in = { .fds = &a, .count = 1 };
	const struct ebt_child child = { .inherit = &in };
	pid_t pid;

	fcntl(a, F_SETFD, FD_CLOEXEC);
	pid = ebt_child_fork(&child);
	if (pid == 0)
		_exit((!only_open(&a, 1) || fcntl(a, F_GETFD) != 0) ? 1 : 0);
	assert_int_equal(status_of(pid), 0);
	close(a);
	close(b);
}

static void test_name_and_rights(void **state)
{
	const struct ebt_child child = { .name = "execbig-test",
					 .rights = EBT_CHILD_NO_CAPABILITIES };
	pid_t pid = ebt_child_fork(&child);
	char name[16];

	if (pid == 0) {
		prctl(PR_GET_NAME, name);
		_exit((strcmp(name, "execbig-test") != 0 ||
		       prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1 || setuid(12345) == 0)
			      ? 1
			      : 0);
	}
	assert_int_equal(status_of(pid), 0);
}

/* The child of a process that ends gets the signal; the pipe tells when it has ended. */
static void test_dies_with_its_parent(void **state)
{
	int ends[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		const struct ebt_child_fd keep = { ends[1], EBT_CHILD_SAME };
		const struct ebt_child child = { .death_signal = SIGKILL,
						 .keep = &keep,
						 .keep_count = 1 };

		pid = ebt_child_fork(&child);
		if (pid == 0) {
			int got;

			prctl(PR_GET_PDEATHSIG, &got);
			if (write(ends[1], got == SIGKILL ? "y" : "n", 1) == 1)
				pause();
			_exit(1);
		}
		_exit((read(ends[0], &byte, 1) != 1 || byte != 'y') ? 1 : 0);
	}
	close(ends[1]);
	assert_int_equal(status_of(pid), 0);
	assert_int_equal(read(ends[0], &byte, 1), 0);
	close(ends[0]);
}

/* Buffered output is written once, not by both. */
static void test_flushes_before_the_fork(void **state)
{
	int fd = file_with("");
	FILE *f = fdopen(fd, "w");
	const struct ebt_child child = { 0 };
	pid_t pid;

	fputs("once", f);
	pid = ebt_child_fork(&child);
	if (pid == 0)
		_exit(0);
	assert_int_equal(status_of(pid), 0);
	assert_true(holds(fd, "once"));
	fclose(f);
}

/* A child that cannot have what it was given must not run. */
static void test_refuses(void **state)
{
	int out = file_with("");
	const struct ebt_child_fd keep[] = { { 400, 401 }, { out, 2 } };
	const struct ebt_child child = { .name = "execbig-test", .keep = keep, .keep_count = 2 };
	char text[200] = "";
	int saved = dup(2);
	pid_t pid;

	dup2(out, 2);
	pid = ebt_child_fork(&child);
	if (pid == 0)
		_exit(0);
	dup2(saved, 2);
	assert_int_equal(status_of(pid), EBT_CHILD_NOT_STARTED << 8);
	assert_true(pread(out, text, sizeof(text) - 1, 0) > 0);
	assert_string_equal(text, "execbig-top: cannot set up the process execbig-test: Bad file "
				  "descriptor\n");
	close(out);
	close(saved);
}

/* As on a kernel before 5.9. */
static void test_without_close_range(void **state)
{
	int a = file_with("a"), high = fcntl(a, F_DUPFD, 300);
	const struct ebt_child_fd keep = { a, EBT_CHILD_SAME };
	const struct ebt_child child = { .keep = &keep, .keep_count = 1 };
	pid_t pid = fork();

	if (pid == 0) {
		scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);

		seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(close_range), 0);
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		if (seccomp_load(ctx) || close_range(400, 401, 0) == 0)
			_exit(2);
		pid = ebt_child_fork(&child);
		if (pid == 0)
			_exit(!only_open(&a, 1) ? 1 : 0);
		_exit(WEXITSTATUS(status_of(pid)));
	}
	assert_int_equal(status_of(pid), 0);
	close(a);
	close(high);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keeps_only_what_it_is_given),
		cmocka_unit_test(test_places_descriptors),
		cmocka_unit_test(test_inherits),
		cmocka_unit_test(test_name_and_rights),
		cmocka_unit_test(test_dies_with_its_parent),
		cmocka_unit_test(test_flushes_before_the_fork),
		cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_without_close_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
