/* SPDX-License-Identifier: BSD-3-Clause */
/* The program behind "--": held, let go, its output kept, its end waited for or brought about. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "processes/loader/command.h"

#define HOUR_NS 3600000000000ull

static struct ebt_command command;
static int signals;
static struct ebt_signals_state before; /* of the test program */

static int set_up(void **state)
{
	sigset_t set;

	(void)state;
	ebt_command_init(&command);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return signals < 0 ? -1 : 0;
}

static int tear_down(void **state)
{
	struct signalfd_siginfo info;

	(void)state;
	ebt_command_free(&command);
	while (read(signals, &info, sizeof(info)) > 0)
		;
	close(signals);
	return 0;
}

static int hold(enum ebt_mode mode, const char *program, const char *script)
{
	static char *argv[4];
	struct ebt_options options = { .mode = mode, .command = argv };

	argv[0] = (char *)program;
	argv[1] = script ? (char *)"-c" : NULL;
	argv[2] = (char *)script;
	options.signals = before;
	return ebt_command_hold(&command, &options);
}

/* Wait until it has ended, taking all that it writes. */
static void wait_for_end(void)
{
	while (ebt_command_runs(&command) || command.output >= 0) {
		struct pollfd fds[2] = { { .fd = signals, .events = POLLIN },
					 { .fd = command.output, .events = POLLIN } };

		poll(fds, 2, 1000);
		ebt_command_drain(&command);
		ebt_command_reap(&command);
	}
}

static void test_held(void **state)
{
	pid_t pid;

	(void)state;
	assert_int_equal(hold(EBT_MODE_EVENTS, "/bin/sh", "exit 3"), 0);
	assert_true(ebt_command_runs(&command));
	assert_int_equal(command.output, -1);
	pid = command.pid;
	/* Without a word it never becomes the command, and ends. */
	ebt_command_free(&command);
	assert_int_equal(kill(pid, 0), -1);
	assert_false(ebt_command_runs(&command));
}

static void test_released(void **state)
{
	(void)state;
	assert_int_equal(hold(EBT_MODE_EVENTS, "/bin/sh", "exit 3"), 0);
	assert_int_equal(ebt_command_release(&command), 0);
	assert_int_equal(command.release_fd, -1);
	wait_for_end();
	assert_int_equal(command.exec_error, 0);
	assert_int_equal(ebt_command_exit_status(&command), 3);
}

static void test_no_such_program(void **state)
{
	static const struct {
		const char *program;
		int error, status;
	} cases[] = { { "/no/such/program", ENOENT, 127 }, { "/etc/passwd", EACCES, 126 } };

	(void)state;
	for (size_t i = 0; i < EBT_ARRAY_SIZE(cases); i++) {
		assert_int_equal(hold(EBT_MODE_EVENTS, cases[i].program, NULL), 0);
		assert_int_equal(ebt_command_release(&command), 0);
		if (command.error_fd >= 0)
			ebt_command_take_exec(&command);
		assert_int_equal(command.error_fd, -1);
		assert_int_equal(command.exec_error, cases[i].error);
		assert_false(ebt_command_runs(&command));
		assert_int_equal(ebt_command_exit_status(&command), cases[i].status);
		ebt_command_free(&command);
	}
}

/* One that was killed while it was held. */
static void test_released_too_late(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(hold(EBT_MODE_EVENTS, "/bin/sh", "exit 3"), 0);
	kill(command.pid, SIGKILL);
	wait_for_end();
	assert_int_equal(ebt_command_release(&command), -ECHILD);
	assert_int_equal(ebt_command_exit_status(&command), 128 + SIGKILL);
}

/* Take what goes to standard output meanwhile. */
static int stdout_before = -1, taken = -1;

static void take_stdout(void)
{
	fflush(stdout);
	stdout_before = dup(STDOUT_FILENO);
	taken = memfd_create("stdout", MFD_CLOEXEC);
	dup2(taken, STDOUT_FILENO);
}

static size_t give_stdout(char *out, size_t len)
{
	ssize_t n;
	size_t all;

	fflush(stdout);
	dup2(stdout_before, STDOUT_FILENO);
	close(stdout_before);
	all = (size_t)lseek(taken, 0, SEEK_END);
	n = pread(taken, out, len - 1, 0);
	out[n > 0 ? n : 0] = '\0';
	close(taken);
	return all;
}

/* Beside a screen what it writes is kept, and it has a session of its own. */
static void test_output(void **state)
{
	char text[64];

	(void)state;
	assert_int_equal(hold(EBT_MODE_LIVE, "/bin/sh", "echo out; echo err >&2"), 0);
	assert_true(command.own_session);
	assert_int_equal(ebt_command_release(&command), 0);
	wait_for_end();
	take_stdout();
	ebt_command_show_output(&command);
	assert_int_equal(give_stdout(text, sizeof(text)), 8);
	assert_string_equal(text, "out\nerr\n");
	/* It was shown, and is not kept any more. */
	assert_null(command.kept);
	take_stdout();
	ebt_command_show_output(&command);
	assert_int_equal(give_stdout(text, sizeof(text)), 0);
}

/* Of much output the last MiB is kept. */
static void test_much_output(void **state)
{
	static char text[(EBT_COMMAND_OUTPUT_KEPT) + 100];
	size_t len;

	(void)state;
	assert_int_equal(hold(EBT_MODE_LIVE, "/bin/sh",
			      "head -c 1048576 /dev/zero | tr '\\0' a; printf 'the end'"),
			 0);
	assert_int_equal(ebt_command_release(&command), 0);
	wait_for_end();
	assert_int_equal(command.kept->written, (EBT_COMMAND_OUTPUT_KEPT) + 7);
	take_stdout();
	ebt_command_show_output(&command);
	len = give_stdout(text, sizeof(text));
	assert_int_equal(len, EBT_COMMAND_OUTPUT_KEPT);
	assert_string_equal(text + len - 8, "athe end");
	assert_int_equal(text[0], 'a');
}

static void test_signal(void **state)
{
	(void)state;
	ebt_command_signal(&command, SIGTERM); /* there is none */
	assert_int_equal(hold(EBT_MODE_LIVE, "/bin/sh", "echo up; sleep 1000 & wait"), 0);
	assert_int_equal(ebt_command_release(&command), 0);
	while (!command.kept->written) {
		struct pollfd fd = { .fd = command.output, .events = POLLIN };

		poll(&fd, 1, 1000);
		ebt_command_drain(&command);
	}
	/* What it has started gets it, too: else the pipe would stay open. */
	ebt_command_signal(&command, SIGTERM);
	while (command.output >= 0) {
		struct pollfd fd = { .fd = command.output, .events = POLLIN };

		poll(&fd, 1, 1000);
		ebt_command_drain(&command);
	}
	wait_for_end();
	assert_int_equal(ebt_command_exit_status(&command), 128 + SIGTERM);
}

static void test_end(void **state)
{
	(void)state;
	assert_int_equal(hold(EBT_MODE_EVENTS, "/bin/sh", "exec sleep 1000"), 0);
	assert_int_equal(ebt_command_release(&command), 0);
	ebt_command_end(&command, signals, SIGTERM, HOUR_NS);
	assert_false(ebt_command_runs(&command));
	assert_true(command.asked_ns > 0);
	assert_int_equal(WTERMSIG(command.status), SIGTERM);
	/* It has ended: nothing to wait for. */
	ebt_command_end(&command, signals, SIGTERM, HOUR_NS);
}

static void wait_for_output(void)
{
	while (!command.kept->written) {
		struct pollfd fd = { .fd = command.output, .events = POLLIN };

		poll(&fd, 1, 1000);
		ebt_command_drain(&command);
	}
}

/* One that does not heed it is killed after its time, or at once if a signal comes. */
static void test_end_by_force(void **state)
{
	static const char script[] = "trap '' TERM INT; echo up; while :; do sleep 0.1; done";

	(void)state;
	assert_int_equal(hold(EBT_MODE_LIVE, "/bin/sh", script), 0);
	assert_int_equal(ebt_command_release(&command), 0);
	wait_for_output();
	ebt_command_end(&command, signals, SIGTERM, 0);
	assert_int_equal(WTERMSIG(command.status), SIGKILL);
	ebt_command_free(&command);
	assert_int_equal(hold(EBT_MODE_LIVE, "/bin/sh", script), 0);
	assert_int_equal(ebt_command_release(&command), 0);
	wait_for_output();
	raise(SIGTERM);
	ebt_command_end(&command, signals, SIGTERM, HOUR_NS);
	assert_int_equal(WTERMSIG(command.status), SIGKILL);
}

static void test_await(void **state)
{
	(void)state;
	assert_int_equal(hold(EBT_MODE_EVENTS, "/bin/sh", "exit 5"), 0);
	assert_int_equal(ebt_command_release(&command), 0);
	assert_int_equal(ebt_command_await(&command, signals), 0);
	assert_int_equal(ebt_command_exit_status(&command), 5);
	ebt_command_free(&command);
	/* Whatever asks us to end ends it. */
	assert_int_equal(hold(EBT_MODE_EVENTS, "/bin/sh", "exec sleep 1000"), 0);
	assert_int_equal(ebt_command_release(&command), 0);
	raise(SIGTERM);
	assert_int_equal(ebt_command_await(&command, signals), SIGTERM);
	assert_int_equal(WTERMSIG(command.status), SIGTERM);
}

/* The first Ctrl-C is the command's, which ends by it or not. */
static void test_await_interrupted(void **state)
{
	(void)state;
	assert_int_equal(hold(EBT_MODE_LIVE, "/bin/sh",
			      "trap 'exit 9' INT; echo up; while :; do sleep 0.05; done"),
			 0);
	assert_int_equal(ebt_command_release(&command), 0);
	wait_for_output();
	raise(SIGINT);
	assert_int_equal(ebt_command_await(&command, signals), 0);
	assert_int_equal(ebt_command_exit_status(&command), 9);
}

/* A terminal sends Ctrl-C to a command of our job itself. */
static void test_interrupt(void **state)
{
	struct signalfd_siginfo info = { .ssi_signo = SIGINT, .ssi_code = SI_KERNEL };

	(void)state;
	assert_int_equal(hold(EBT_MODE_EVENTS, "/bin/sh", "exit 4"), 0);
	ebt_command_interrupt(&command, &info);
	assert_int_equal(ebt_command_release(&command), 0);
	wait_for_end();
	assert_int_equal(ebt_command_exit_status(&command), 4);
	ebt_command_free(&command);
	assert_int_equal(hold(EBT_MODE_EVENTS, "/bin/sh", "exit 4"), 0);
	info.ssi_code = SI_USER;
	ebt_command_interrupt(&command, &info);
	assert_int_equal(ebt_command_release(&command), 0);
	wait_for_end();
	assert_int_equal(ebt_command_exit_status(&command), 128 + SIGINT);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_held),
		T(test_released),
		T(test_no_such_program),
		T(test_released_too_late),
		T(test_output),
		T(test_much_output),
		T(test_signal),
		T(test_end),
		T(test_end_by_force),
		T(test_await),
		T(test_await_interrupted),
		T(test_interrupt),
	};

	ebt_signals_save(&before);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
