/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A whole run of the loader on a kernel in memory. The view is a function here, in a process of its
 * own as the real one is: it takes what the loader sends and asks for the rest of what it can ask.
 */
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "image/text_source.h"
#include "loader_test.h"
#include "processes/loader/serve.h"
#include "processes/loader/session.h"
#include "processes/view/view_run.h"

/* The text and the compiler of the test, in place of those beside the program. */
int ebt_source_compose(const char *dir, struct ebt_buf *out, char *why, size_t why_len)
{
	(void)dir, (void)why, (void)why_len;
	return ebt_buf_puts(out, "text");
}

int ebt_source_compose_homeostasis(const char *dir, struct ebt_buf *out, char *why, size_t why_len)
{
	return ebt_source_compose(dir, out, why, why_len);
}

int ebt_source_compiler(char path[PATH_MAX])
{
	strcpy(path, loader_test.compiler);
	return 0;
}

int ebt_source_images(char path[PATH_MAX], uid_t *owner)
{
	(void)path, (void)owner;
	return -ENOENT;
}

int ebt_source_headers(char path[PATH_MAX])
{
	strcpy(path, "/");
	return 0;
}

bool ebt_source_is_secure(void)
{
	return false;
}

/* What the view does in a test; its result is the view's exit status. */
static int (*play)(int sock, pid_t loader);

int ebt_view_run(const struct ebt_options *options, int sock, int query_sock, const int homeo[2],
		 pid_t loader)
{
	(void)options, (void)query_sock, (void)homeo;
	return play(sock, loader);
}

/* Wait for a message and return whether it is of this type. */
static bool told(int sock, uint32_t type)
{
	struct pollfd fd = { .fd = sock, .events = POLLIN };

	poll(&fd, 1, 60000);
	return loader_test_take(sock) == type;
}

static void ask(int sock, uint32_t type, int32_t value)
{
	ebt_msg_send(sock, &(struct ebt_msg){ .type = type, .value = value }, NULL, 0);
}

/* Each question that gets the expected answer clears a bit: 0 is what a test expects. */
static int play_all(int sock, pid_t loader)
{
	struct ebt_msg retune = { .type = EBT_MSG_RETUNE, .value = EBT_RETUNE_ANYHOW };
	int wrong = 0x3f;

	(void)loader;
	if (told(sock, EBT_MSG_START) && loader_test.got.generation == 1 &&
	    loader_test.got.ncpu == FAKE_CPUS && loader_test.fds[1] >= 0)
		wrong &= ~1;
	ask(sock, EBT_MSG_GET_STATUS, 1);
	if (told(sock, EBT_MSG_STATUS) && loader_test.got.value == 1)
		wrong &= ~2;
	ebt_msg_send(sock, &retune, NULL, 0);
	if (told(sock, EBT_MSG_PROGRESS) && told(sock, EBT_MSG_PROGRESS) &&
	    told(sock, EBT_MSG_SWAPPED) && loader_test.got.generation == 2 &&
	    told(sock, EBT_MSG_PROGRESS))
		wrong &= ~4;
	ask(sock, EBT_MSG_TAKEN, 0);
	ask(sock, EBT_MSG_GET_LAB, 0);
	if (told(sock, EBT_MSG_LAB) && loader_test.fds[0] >= 0)
		wrong &= ~8;
	ask(sock, EBT_MSG_STOP, 0);
	if (told(sock, EBT_MSG_STOPPED) && loader_test.got.value == 1 && loader_test.fds[0] >= 0)
		wrong &= ~16;
	/* Somebody's script is not stopped by a view. */
	ask(sock, EBT_MSG_SUSPEND, 0);
	ask(sock, EBT_MSG_GET_STATUS, 0);
	if (told(sock, EBT_MSG_STATUS))
		wrong &= ~32;
	return wrong;
}

static int play_three(int sock, pid_t loader)
{
	(void)loader;
	told(sock, EBT_MSG_START);
	return 3;
}

static int play_until_end(int sock, pid_t loader)
{
	(void)loader;
	while (!told(sock, EBT_MSG_END))
		;
	return 0;
}

static int play_nonsense(int sock, pid_t loader)
{
	told(sock, EBT_MSG_START);
	ask(sock, 9999, 0);
	return play_until_end(sock, loader);
}

static int play_killed(int sock, pid_t loader)
{
	(void)sock, (void)loader;
	raise(SIGKILL);
	return 0;
}

static int play_terminate(int sock, pid_t loader)
{
	told(sock, EBT_MSG_START);
	kill(loader, SIGTERM);
	while (!told(sock, EBT_MSG_FINISH))
		;
	return loader_test.got.value == SIGTERM ? 0 : 9;
}

static int play_command(int sock, pid_t loader)
{
	(void)loader;
	if (!told(sock, EBT_MSG_START) || !told(sock, EBT_MSG_COMMAND))
		return 8;
	return WEXITSTATUS(loader_test.got.value) == 5 ? 0 : 9;
}

static int play_end_command(int sock, pid_t loader)
{
	(void)loader;
	told(sock, EBT_MSG_START);
	ask(sock, EBT_MSG_END_COMMAND, 0);
	ask(sock, EBT_MSG_GET_STATUS, 0);
	return told(sock, EBT_MSG_STATUS) ? 0 : 9;
}

static struct ebt_options options;
static sigset_t before;

static int set_up(void **state)
{
	(void)state;
	loader_test_begin();
	options = (struct ebt_options){
		.mode = EBT_MODE_EVENTS, .params = tracer_params(), .no_cache = true, .poll_ms = 50
	};
	ebt_signals_save(&options.signals);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	sigprocmask(SIG_SETMASK, &before, NULL);
	assert_int_equal(fake_bpf_open("map", NULL), 0);
	assert_int_equal(fake_bpf_open("prog", NULL), 0);
	assert_int_equal(fake_bpf_open("link", NULL), 0);
	loader_test_end();
	return 0;
}

static int run(int (*view)(int sock, pid_t loader))
{
	play = view;
	return ebt_session_run(&options);
}

static void test_messages(void **state)
{
	(void)state;
	assert_int_equal(run(play_all), 0);
}

/* The view's status is the program's. */
static void test_status(void **state)
{
	(void)state;
	assert_int_equal(run(play_three), 3);
	assert_int_equal(run(play_killed), EBT_EXIT_FAILURE);
}

/* A view that says what no view says is ended. */
static void test_nonsense(void **state)
{
	(void)state;
	assert_int_equal(run(play_nonsense), 0);
}

static void test_terminated(void **state)
{
	(void)state;
	assert_int_equal(run(play_terminate), 0);
}

static void test_refused(void **state)
{
	(void)state;
	loader_test_write("refuse", "", 0, 0600);
	assert_int_equal(run(play_until_end), EBT_EXIT_FAILURE);
	loader_test_remove("refuse");
	fake_bpf_refuse("link", "sched_process_exec", -EPERM, 1);
	assert_int_equal(run(play_until_end), EBT_EXIT_KERNEL);
}

static void set_command(const char *program, const char *script)
{
	static char *argv[4];

	argv[0] = (char *)program;
	argv[1] = (char *)"-c";
	argv[2] = (char *)script;
	options.command = argv;
}

static void test_command(void **state)
{
	(void)state;
	set_command("/bin/sh", "exit 5");
	assert_int_equal(run(play_command), 5);
	/* A run that failed says so, unless the command's own status says more. */
	assert_int_equal(run(play_three), 5);
	set_command("/bin/sh", "exit 0");
	assert_int_equal(run(play_three), 3);
}

static void test_no_command(void **state)
{
	(void)state;
	set_command("/no/such/program", "");
	assert_int_equal(run(play_until_end), 127);
	set_command("/etc/passwd", "");
	assert_int_equal(run(play_until_end), 126);
}

/* A command that runs longer than the view is waited for, or ended if the user wants that. */
static void test_command_after_view(void **state)
{
	(void)state;
	set_command("/bin/sh", "exec sleep 1000");
	assert_int_equal(run(play_end_command), 128 + SIGTERM);
	assert_int_equal(run(play_terminate), 128 + SIGTERM);
	options.kill_on_exit = true;
	assert_int_equal(run(play_three), 3);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_messages), T(test_status),  T(test_nonsense),   T(test_terminated),
		T(test_refused),  T(test_command), T(test_no_command), T(test_command_after_view),
	};

	sigprocmask(SIG_SETMASK, NULL, &before);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
