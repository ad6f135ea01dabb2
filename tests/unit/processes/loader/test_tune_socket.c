/* SPDX-License-Identifier: BSD-3-Clause */
/* The socket of `execbig-top tune`: both of its sides in one process. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "processes/loader/tune_socket.h"

static struct ebt_control control;
static struct ebt_msg msg;

static int set_up(void **state)
{
	(void)state;
	ebt_control_init(&control);
	return ebt_control_open(&control);
}

static int tear_down(void **state)
{
	(void)state;
	ebt_control_close(&control);
	assert_int_equal(control.listener, -1);
	return 0;
}

static int connect_to_us(void)
{
	int fd = ebt_control_connect(getpid(), 1000);

	assert_true(fd >= 0);
	return fd;
}

static void ask(int fd, uint32_t type)
{
	assert_int_equal(ebt_msg_send(fd, &(struct ebt_msg){ .type = type }, NULL, 0), 0);
}

static bool is_closed(int fd)
{
	int fds[EBT_MSG_FDS];

	return ebt_msg_receive(fd, &msg, fds) == -EPIPE;
}

static void test_request(void **state)
{
	int fds[EBT_CONTROL_FDS], got[EBT_MSG_FDS], client, i;

	(void)state;
	assert_int_equal(ebt_control_request(&control, &msg), -1);
	client = connect_to_us();
	ask(client, EBT_MSG_GET_STATUS);
	i = ebt_control_request(&control, &msg);
	assert_true(i >= 0 && i < EBT_CONTROL_CLIENTS);
	assert_int_equal(msg.type, EBT_MSG_GET_STATUS);
	assert_int_equal(ebt_control_request(&control, &msg), -1);
	ebt_control_fds(&control, fds);
	assert_int_equal(fds[0], control.listener);
	assert_int_equal(fds[1 + i], control.clients[i]);
	msg.type = EBT_MSG_SWAPPED;
	msg.generation = 6;
	ebt_control_answer(&control, i, &msg, STDOUT_FILENO);
	memset(&msg, 0, sizeof(msg));
	assert_int_equal(ebt_msg_receive(client, &msg, got), 1);
	assert_int_equal(msg.type, EBT_MSG_SWAPPED);
	assert_int_equal(msg.generation, 6);
	assert_true(got[0] >= 0);
	close(got[0]);
	/* Nobody: no answer. */
	ebt_control_answer(&control, -1, &msg, -1);
	close(client);
	assert_int_equal(ebt_control_request(&control, &msg), -1);
	assert_int_equal(control.clients[i], -1);
	ebt_control_answer(&control, i, &msg, -1);
}

/* A further client takes the place of one that waits for nothing. */
static void test_places(void **state)
{
	int clients[EBT_CONTROL_CLIENTS + 1], at;

	(void)state;
	for (int i = 0; i < EBT_CONTROL_CLIENTS; i++) {
		clients[i] = connect_to_us();
		ask(clients[i], EBT_MSG_GET_STATUS);
		assert_int_equal(ebt_control_request(&control, &msg), i);
	}
	control.asking = 0;
	clients[EBT_CONTROL_CLIENTS] = connect_to_us();
	ask(clients[EBT_CONTROL_CLIENTS], EBT_MSG_RETUNE);
	at = ebt_control_request(&control, &msg);
	assert_int_equal(at, 1);
	assert_true(is_closed(clients[1]));
	assert_false(is_closed(clients[0]));
	/* Who asked and has gone is waited for by nobody. */
	close(clients[0]);
	assert_int_equal(ebt_control_request(&control, &msg), -1);
	assert_int_equal(control.asking, -1);
	for (int i = 1; i <= EBT_CONTROL_CLIENTS; i++)
		close(clients[i]);
}

/* Somebody may have taken the name; there are others then, and clients find them. */
static void test_taken_name(void **state)
{
	struct ebt_control second;
	pid_t found[4];
	int client;

	(void)state;
	ebt_control_init(&second);
	assert_int_equal(ebt_control_open(&second), 0);
	client = connect_to_us();
	close(client);
	/* A process is found once, whatever number of names it has. */
	for (unsigned n = ebt_control_find(found, 4), i = 0, ours = 0; i < n; i++) {
		ours += found[i] == getpid();
		if (i + 1 == n)
			assert_int_equal(ours, 1);
	}
	ebt_control_close(&second);
	assert_int_equal(ebt_control_find(found, 0), 0);
}

static void test_nobody(void **state)
{
	(void)state;
	ebt_control_close(&control);
	assert_int_equal(ebt_control_connect(getpid(), 0), -ECONNREFUSED);
	assert_int_equal(ebt_control_request(&control, &msg), -1);
}

static void test_full_queue(void **state)
{
	int clients[64], n = 0, fd = -1;

	(void)state;
	while (n < 64 && (fd = ebt_control_connect(getpid(), 0)) >= 0)
		clients[n++] = fd;
	assert_int_equal(fd, -EAGAIN);
	while (n)
		close(clients[--n]);
}

static void test_merge(void **state)
{
	const struct ebt_params from = { .scratch_bytes = 1,
					 .ring_bytes = 2,
					 .args_limit = 3,
					 .env_limit = 4,
					 .failed = 5,
					 .perf = 6,
					 .paths = 7 };
	struct ebt_params into = { 0 };

	(void)state;
	ebt_control_merge(&into, &from, 0);
	assert_int_equal(into.scratch_bytes + into.ring_bytes + into.args_limit, 0);
	ebt_control_merge(&into, &from, EBT_PARAM_BIT(ring_bytes) | EBT_PARAM_BIT(failed));
	assert_int_equal(into.scratch_bytes, 0);
	assert_int_equal(into.ring_bytes, 2);
	assert_int_equal(into.failed, 5);
	assert_int_equal(into.perf, 0);
	ebt_control_merge(&into, &from, ~0u);
	assert_int_equal(into.scratch_bytes, 1);
	assert_int_equal(into.args_limit, 3);
	assert_int_equal(into.env_limit, 4);
	assert_int_equal(into.perf, 6);
	/* Nobody changes this one while it runs. */
	assert_int_equal(into.paths, 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_request), T(test_places),     T(test_taken_name),
		T(test_nobody),	 T(test_full_queue), T(test_merge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
