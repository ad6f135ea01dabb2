/* SPDX-License-Identifier: BSD-3-Clause */
/* Buffering and writing, the same for all formats. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "sink_test.h"

static void nothing_is_written_before_it_is_asked_for(void **state)
{
	struct ebt_sink_options o = { .format = EBT_SINK_JSON, .fd = test_file() };
	struct ebt_event ev = test_exec(BYTES("ls\0"));
	struct ebt_sink *sink = NULL;
	size_t len, whole = 0;
	char *text;

	assert_int_equal(ebt_sink_new(&sink, &o), 0);
	assert_int_equal(ebt_sink_event(sink, &ev), 0);
	free(test_contents(o.fd, &len));
	assert_int_equal(len, 0);
	assert_int_equal(ebt_sink_flush(sink), 0);
	free(test_contents(o.fd, &whole));
	assert_true(whole > 0);
	/* A full buffer goes out by itself, at the end of a line. */
	for (int i = 0; i < 1000; i++)
		assert_int_equal(ebt_sink_event(sink, &ev), 0);
	text = test_contents(o.fd, &len);
	assert_true(len > 64 << 10);
	assert_int_equal(text[len - 1], '\n');
	assert_int_equal(len % whole, 0);
	free(text);
	/* The rest goes out with the sink. */
	ebt_sink_free(&sink);
	assert_null(sink);
	free(test_contents(o.fd, &len));
	assert_int_equal(len, 1001 * whole);
	ebt_sink_free(&sink);
	close(o.fd);
}

static void the_reader_is_gone(void **state)
{
	struct ebt_event ev = test_exec(BYTES("ls\0"));
	struct ebt_sink *sink = NULL;
	int ends[2];

	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	close(ends[0]);
	assert_int_equal(ebt_sink_new(&sink, &(struct ebt_sink_options){ .format = EBT_SINK_TEXT,
									 .fd = ends[1] }),
			 0);
	assert_int_equal(ebt_sink_event(sink, &ev), 0);
	assert_int_equal(ebt_sink_flush(sink), -EPIPE);
	assert_int_equal(ebt_sink_flush(sink), 0); /* nothing is left to write */
	ebt_sink_free(&sink);
	close(ends[1]);
}

static void a_full_disk(void **state)
{
	struct ebt_event ev = test_exec(BYTES("ls\0"));
	struct ebt_sink *sink = NULL;
	_cleanup_close_ int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		skip();
	assert_int_equal(
		ebt_sink_new(&sink, &(struct ebt_sink_options){ .format = EBT_SINK_CSV, .fd = fd }),
		0);
	assert_int_equal(ebt_sink_event(sink, &ev), 0);
	assert_int_equal(ebt_sink_flush(sink), -ENOSPC);
	ebt_sink_free(&sink);
}

/* A pipe that takes little at a time and does not block: all arrives, in order. */
static void a_slow_reader(void **state)
{
	struct ebt_event ev = test_exec(BYTES("ls\0"));
	struct ebt_sink *sink = NULL;
	int ends[2], status;
	pid_t pid;

	assert_int_equal(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		unsigned lines = 0;
		char buf[1000];

		close(ends[1]);
		fcntl(ends[0], F_SETFL, 0);
		for (;;) {
			ssize_t n = read(ends[0], buf, sizeof(buf));

			if (n <= 0)
				break;
			for (ssize_t i = 0; i < n; i++)
				lines += buf[i] == '\n';
		}
		_exit(lines == 3000 ? 0 : 1);
	}
	close(ends[0]);
	assert_int_equal(ebt_sink_new(&sink, &(struct ebt_sink_options){ .format = EBT_SINK_JSON,
									 .fd = ends[1] }),
			 0);
	for (int i = 0; i < 3000; i++)
		assert_int_equal(ebt_sink_event(sink, &ev), 0);
	ebt_sink_free(&sink);
	close(ends[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void the_clock_steps(void **state)
{
	struct ebt_sink_options o = { .format = EBT_SINK_JSON, .fd = test_file() };
	struct ebt_event ev = test_exec(BYTES("ls\0"));
	struct ebt_sink *sink = NULL;
	size_t len;
	char *text;

	assert_int_equal(ebt_sink_new(&sink, &o), 0);
	ebt_sink_event(sink, &ev);
	ebt_sink_set_clock(sink, TEST_BASE_NS);
	ebt_sink_event(sink, &ev);
	ebt_sink_free(&sink);
	text = test_contents(o.fd, &len);
	assert_non_null(strstr(text, "\"1970-01-01T00:00:00.123456789Z\""));
	assert_non_null(strstr(text, "\"2026-11-21T09:15:02.123456789Z\""));
	free(text);
	close(o.fd);
}

static void bad_format(void **state)
{
	struct ebt_sink_options o = { .format = (enum ebt_sink_format)9 };
	struct ebt_sink *sink = NULL;

	assert_int_equal(ebt_sink_new(&sink, &o), -EINVAL);
	assert_null(sink);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_written_before_it_is_asked_for),
		cmocka_unit_test(the_reader_is_gone),
		cmocka_unit_test(a_full_disk),
		cmocka_unit_test(a_slow_reader),
		cmocka_unit_test(the_clock_steps),
		cmocka_unit_test(bad_format),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
