/* SPDX-License-Identifier: BSD-3-Clause */
/* The monitor process: its start, its readiness, and its end, with a stand-in that does the work. */
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
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "processes/monitor/monitor_child.h"
#include "processes/monitor/monitor_setup.h"

/* What the child does; set before it is forked. */
static struct {
	int options, start, server, end;
	int clients[2];
	unsigned n_clients;
	bool die;
} stub;

int ebt_homeo_options_of(struct ebt_homeo_options *out, const struct ebt_options *options)
{
	return stub.options;
}

int ebt_homeo_start(const struct ebt_homeo_options *options, struct ebt_ph_monitor **out)
{
	return stub.start;
}

int ebt_ph_server_new(struct ebt_ph_server **out, struct ebt_ph_monitor *monitor, const char *path,
		      gid_t gid, char *why, size_t why_len)
{
	/* This socket is for nobody else. */
	return path || gid != (gid_t)-1 ? -EINVAL : stub.server;
}

void ebt_ph_server_free(struct ebt_ph_server **server)
{
}

int ebt_ph_server_add_client(struct ebt_ph_server *server, int fd)
{
	stub.clients[stub.n_clients++] = fd;
	return write(fd, stub.n_clients == 1 ? "r" : "e", 1) == 1 ? 0 : -EPIPE;
}

int ebt_ph_server_step(struct ebt_ph_server *server, int stop_fd, int timeout_ms,
		       ebt_ph_event_fn fn, void *arg)
{
	char byte;

	if (stub.die)
		raise(SIGKILL);
	/* The loader's end was closed. */
	return read(stop_fd, &byte, 1) == 0 ? 1 : -EIO;
}

int ebt_ph_monitor_end(struct ebt_ph_monitor *monitor)
{
	return stub.end;
}

void ebt_ph_monitor_free(struct ebt_ph_monitor **monitor)
{
}

static int setup(void **state)
{
	memset(&stub, 0, sizeof(stub));
	return 0;
}

static void start(struct ebt_homeo_child *c, const char *profiles)
{
	struct ebt_options options = { .profiles_dir = profiles };

	ebt_homeo_child_init(c);
	assert_int_equal(c->pid, 0);
	assert_int_equal(ebt_homeo_child_start(c, &options), 0);
	assert_true(c->pid > 0);
}

static void test_lives(void **state)
{
	struct ebt_homeo_child c;
	char byte;

	start(&c, "/profiles");
	assert_int_equal(ebt_homeo_child_await(&c), 0);
	assert_int_equal(kill(c.pid, SIGTERM), 0); /* it ignores the signals of a terminal */
	assert_int_equal(kill(c.pid, SIGINT), 0);
	assert_int_equal(read(c.view[0], &byte, 1), 1);
	assert_int_equal(byte, 'r');
	assert_int_equal(read(c.view[1], &byte, 1), 1);
	assert_int_equal(byte, 'e');
	ebt_homeo_child_give_view(&c);
	assert_int_equal(c.view[0], -1);
	assert_int_equal(c.view[1], -1);
	assert_true(ebt_homeo_child_end(&c));
	assert_int_equal(c.pid, 0);
	assert_int_equal(c.control, -1);
}

static void test_without(void **state)
{
	struct ebt_homeo_child c;

	ebt_homeo_child_init(&c);
	assert_int_equal(ebt_homeo_child_await(&c), 0);
	assert_true(ebt_homeo_child_end(&c));
}

/* Start one that ends before it is ready, and return its exit status as _await gives it. */
static int status_of_start(void)
{
	struct ebt_homeo_child c;
	int status;

	start(&c, NULL);
	status = ebt_homeo_child_await(&c);
	assert_int_equal(c.pid, 0);
	assert_true(ebt_homeo_child_end(&c));
	return status;
}

static void test_cannot_start(void **state)
{
	stub.start = EBT_EXIT_KERNEL;
	assert_int_equal(status_of_start(), EBT_EXIT_KERNEL);
	stub.options = EBT_EXIT_USAGE;
	assert_int_equal(status_of_start(), EBT_EXIT_USAGE);
	stub.start = stub.options = 0;
	stub.server = -ENOMEM;
	assert_int_equal(status_of_start(), EBT_EXIT_FAILURE);
}

static void test_not_saved(void **state)
{
	struct ebt_homeo_child c;

	stub.end = -ENOSPC;
	start(&c, "/profiles");
	assert_int_equal(ebt_homeo_child_await(&c), 0);
	assert_false(ebt_homeo_child_end(&c));
	/* Without a directory there is nothing to lose. */
	start(&c, NULL);
	assert_int_equal(ebt_homeo_child_await(&c), 0);
	assert_true(ebt_homeo_child_end(&c));
}

static void test_killed(void **state)
{
	struct ebt_homeo_child c;

	stub.die = true;
	start(&c, "/profiles");
	assert_int_equal(ebt_homeo_child_await(&c), 0);
	assert_false(ebt_homeo_child_end(&c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_lives, setup),
		cmocka_unit_test_setup(test_without, setup),
		cmocka_unit_test_setup(test_cannot_start, setup),
		cmocka_unit_test_setup(test_not_saved, setup),
		cmocka_unit_test_setup(test_killed, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
