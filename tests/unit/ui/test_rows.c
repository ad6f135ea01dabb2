/* SPDX-License-Identifier: BSD-3-Clause */
/* Which row a key leads to: a group's last exec, a parent's. */
#include <stdio.h>

#include "ui_test.h"

static struct view v;

static int setup(void **state)
{
	(void)state;
	view_open(&v, 100, 50, true);
	feed_seed(&v.feed);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	view_close(&v);
	return 0;
}

/* An exec of the process (pid, start_ns). */
static void run(uint32_t pid, uint32_t ppid, uint64_t start_ns, const char *name)
{
	_cleanup_buf_ struct ebt_buf args = { 0 };
	struct feed_exec e = {
		.pid = pid, .ppid = ppid, .comm = name, .exe = name, .start_ns = start_ns
	};

	ebt_buf_append(&args, name, strlen(name) + 1);
	e.args = (struct ebt_bytes){ args.data, args.len };
	v.feed.now += MS;
	feed_exec(&v.feed, &e);
}

/* env and nice exec what they are told: the process goes on, but in another group. */
static void test_group_of_one_that_went_on(void **state)
{
	(void)state;
	run(5000, 1201, FEED_START_NS, "/usr/bin/env");
	run(5000, 1201, FEED_START_NS, "/usr/bin/python3");
	v.feed.now += SEC;
	feed_tick(&v.feed);
	view_key(&v, '3');
	view_draw(&v);
	view_key(&v, '/');
	view_type(&v, "bin/env\r");
	view_key(&v, EBT_KEY_ENTER);
	assert_int_equal(ebt_ui_current(v.ui), EBT_SCREEN_EVENTS);
	assert_shows(&v, "/usr/bin/env");
	assert_hides(&v, "python3");
}

static void show_details(const char *pattern)
{
	view_key(&v, '2');
	view_draw(&v);
	view_key(&v, '/');
	view_type(&v, pattern);
	view_key(&v, EBT_KEY_ENTER);
	view_draw(&v);
	view_key(&v, EBT_KEY_ENTER);
	assert_int_equal(ebt_ui_current(v.ui), EBT_SCREEN_DETAILS);
}

static void test_ancestors(void **state)
{
	(void)state;
	run(6000, 1201, 0, "father");
	run(6001, 6000, 0, "child");
	run(6002, 6001, 0, "grandchild");
	show_details("grandchild");
	assert_shows(&v, "   6001 child");
	assert_shows(&v, "   6000 father");
	assert_shows(&v, "   1201 bash");
	assert_shows(&v, "      1 systemd");
	view_key(&v, 'P');
	assert_shows(&v, "Process 6001 child");
}

/* Another process has the parent's pid by now. */
static void test_pid_used_again(void **state)
{
	uint64_t start;

	(void)state;
	run(6000, 1201, 0, "father");
	start = v.feed.now;
	run(6001, 6000, 0, "child");
	v.feed.now += SEC;
	feed_exit(&v.feed, 6000, start, 0, 0);
	v.feed.now += SEC;
	run(6000, 900, 0, "stranger");
	show_details("^child");
	assert_shows(&v, "the parent is not known");
	assert_hides(&v, "stranger");
	view_key(&v, 'P');
	assert_shows(&v, "Process 6001 child");
	assert_shows(&v, "the parent (6000) is not known");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_group_of_one_that_went_on),
		T(test_ancestors),
		T(test_pid_used_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
