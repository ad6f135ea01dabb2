/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The view's whole life in the line modes, with a loader that has said all before it begins: the ring has
 * events, and the programs have stopped.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "ipc/protocol.h"
#include "processes/fake_sandbox.h"
#include "processes/view/fake_ring.h"
#include "processes/view/view_run.h"
#include "recording/parts.h"

#define CPUS 2

static struct ebt_options options;
static struct ebt_cpu_counters counters[CPUS];
static int pair[2], query[2], status_fd;
static struct ebt_status *status;
static char text[65536];

static void say(enum ebt_msg_type type, const int *fds, int n)
{
	struct ebt_msg msg = { .type = type,
			       .ncpu = CPUS,
			       .generation = 1,
			       .params = { .scratch_bytes = 8192, .ring_bytes = FAKE_RING },
			       .poll_ms = 1 };

	assert_int_equal(ebt_msg_send(pair[1], &msg, fds, n), 0);
}

static int set_up(void **state)
{
	(void)state;
	options = (struct ebt_options){ .mode = EBT_MODE_EVENTS,
					.no_unicode = true,
					.line_columns = "pid,what,command",
					.history_bytes = EBT_HISTORY_MIN,
					.delay_ns = EBT_DELAY_MIN_NS };
	memset(counters, 0, sizeof(counters));
	fake_sandbox_error = 0;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, query))
		return -1;
	status_fd = memfd_create("status", MFD_CLOEXEC);
	assert_int_equal(ftruncate(status_fd, (off_t)ebt_status_bytes(CPUS)), 0);
	status = mmap(NULL, ebt_status_bytes(CPUS), PROT_READ | PROT_WRITE, MAP_SHARED, status_fd,
		      0);
	status->ncpu = CPUS;
	return 0;
}

static int tear_down(void **state)
{
	sigset_t none;

	(void)state;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	close(pair[1]);
	close(query[1]);
	close(status_fd);
	munmap(status, ebt_status_bytes(CPUS));
	return 0;
}

static void start(void)
{
	int fds[2] = { fake_ring_new(), status_fd };

	say(EBT_MSG_START, fds, 2);
	close(fds[0]);
}

/* The programs have stopped, and have counted this. */
static void stop(void)
{
	int fd = memfd_create("counters", MFD_CLOEXEC);

	assert_int_equal(write(fd, counters, sizeof(counters)), sizeof(counters));
	memcpy(status->cpu, counters, sizeof(counters));
	say(EBT_MSG_STOPPED, &fd, 1);
	close(fd);
}

/* Run the view, and keep what goes to standard output. */
static int run(void)
{
	const int homeo[2] = { -1, -1 };
	int before, taken = memfd_create("stdout", MFD_CLOEXEC), exit_status;
	ssize_t n;

	fflush(stdout);
	before = dup(STDOUT_FILENO);
	dup2(taken, STDOUT_FILENO);
	exit_status = ebt_view_run(&options, pair[0], query[0], homeo, getppid());
	dup2(before, STDOUT_FILENO);
	close(before);
	n = pread(taken, text, sizeof(text) - 1, 0);
	text[n > 0 ? n : 0] = '\0';
	close(taken);
	return exit_status;
}

static bool has(const char *words)
{
	return strstr(text, words) != NULL;
}

/* Take the messages of the view; return the one behind the first. */
static uint32_t asked(unsigned nth)
{
	struct ebt_msg msg = { 0 };
	int fds[EBT_MSG_FDS];

	do {
		if (ebt_msg_receive(pair[1], &msg, fds) != 1)
			return 0;
	} while (nth--);
	return msg.type;
}

static void test_lines(void **state)
{
	(void)state;
	start();
	fake_ring_exec(0, 1, 1, "first");
	fake_ring_exec(1, 1, 1, "second");
	counters[0] = counters[1] = (struct ebt_cpu_counters){ .seen = 1, .delivered = 1 };
	stop();
	say(EBT_MSG_END, NULL, 0);
	assert_int_equal(run(), EBT_EXIT_OK);
	assert_true(has("    PID WHAT COMMAND\n    101 exec argument\n    101 exec argument\n"));
	assert_int_equal(asked(0), EBT_MSG_TAKEN);
}

/* With enough events it asks the loader to stop. */
static void test_enough(void **state)
{
	(void)state;
	options.iterations = 1;
	start();
	fake_ring_exec(0, 1, 1, "first");
	fake_ring_exec(0, 2, 1, "second");
	stop();
	assert_int_equal(run(), EBT_EXIT_OK);
	assert_string_equal(text, "    PID WHAT COMMAND\n    101 exec argument\n");
}

static void test_batch(void **state)
{
	(void)state;
	options.mode = EBT_MODE_BATCH;
	options.iterations = 1;
	start();
	fake_ring_exec(0, 1, 1, "first");
	counters[1].lost_ring = counters[1].seen = 77;
	stop();
	assert_int_equal(run(), EBT_EXIT_OK);
	assert_true(has("argument"));
}

static void test_json(void **state)
{
	(void)state;
	options.mode = EBT_MODE_JSON;
	options.line_columns = NULL;
	options.json_format = EBT_SINK_JSON;
	start();
	fake_ring_exec(0, 1, 1, "first");
	counters[1].lost_ring = counters[1].seen = 77;
	stop();
	say(EBT_MSG_END, NULL, 0);
	assert_int_equal(run(), EBT_EXIT_OK);
	assert_true(has("\"type\":\"exec\""));
	assert_true(has("\"type\":\"lost\""));
	assert_true(has("77"));
}

/* What is recorded beside the lines can be read again. */
static void test_recording(void **state)
{
	char dir[] = "/tmp/ebt-view-XXXXXX", path[64], why[256];
	struct ebt_parts_reader *reader = NULL;
	struct ebt_frame frame;
	unsigned kinds = 0;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/a.ebt", dir);
	options.write_file = path;
	start();
	fake_ring_exec(0, 1, 1, "first");
	counters[0].seen = counters[0].delivered = 1;
	stop();
	say(EBT_MSG_END, NULL, 0);
	assert_int_equal(run(), EBT_EXIT_OK);
	assert_int_equal(ebt_parts_reader_new(&reader, path, EBT_ABI_VERSION, why, sizeof(why)), 0);
	while (ebt_parts_reader_next(reader, &frame) == 1)
		kinds |= 1u << frame.kind;
	ebt_parts_reader_free(&reader);
	assert_int_equal(kinds & ~(1u << EBT_FRAME_USER | 1u << EBT_FRAME_PROCESS),
			 1u << EBT_FRAME_META | 1u << EBT_FRAME_CLOCK | 1u << EBT_FRAME_START |
				 1u << EBT_FRAME_RECORD | 1u << EBT_FRAME_STATUS |
				 1u << EBT_FRAME_END);
	unlink(path);
	rmdir(dir);
}

/* A loader that goes without a word, before tracing or during it. */
static void test_loader_is_gone(void **state)
{
	(void)state;
	start();
	close(pair[1]);
	pair[1] = -1;
	assert_int_equal(run(), EBT_EXIT_FAILURE);
}

static void test_loader_never_starts(void **state)
{
	(void)state;
	close(pair[1]);
	pair[1] = -1;
	assert_int_equal(run(), EBT_EXIT_FAILURE);
	assert_false(has("exec"));
}

static void test_refused(void **state)
{
	(void)state;
	start();
	fake_ring_exec(0, 1, 1, "first");
	fake_sandbox_error = -EPERM;
	assert_int_equal(run(), EBT_EXIT_FAILURE);
	assert_false(has("exec"));
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_lines),
		T(test_enough),
		T(test_batch),
		T(test_json),
		T(test_recording),
		T(test_loader_is_gone),
		T(test_loader_never_starts),
		T(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
