/* SPDX-License-Identifier: BSD-3-Clause */
/* test_event_filter.c - which events pass, in which order, and what waits for an end. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/model.h"
#include "event_filter/event_filter.h"

/* What passed, one word an event: its type's first letters and its process. */
struct told {
	char text[4096];
	unsigned left_out;
};

static void on_pass(const struct ebt_event *ev, void *arg)
{
	struct told *t = arg;
	size_t at = strlen(t->text);

	if (ev->type == EBT_EVENT_EXEC)
		snprintf(t->text + at, sizeof(t->text) - at, "exec:%u:%.*s%s ", ev->exec.pid,
			 (int)ev->exec.comm.len, ev->exec.comm.data,
			 ev->exec.flags & EBT_EV_MATCH_UNKNOWN ? "?" : "");
	else if (ev->type == EBT_EVENT_EXIT || ev->type == EBT_EVENT_REPLACED)
		snprintf(t->text + at, sizeof(t->text) - at, "%s:%u ",
			 ebt_event_type_name(ev->type), ev->exit.pid);
	else
		snprintf(t->text + at, sizeof(t->text) - at, "%s ", ebt_event_type_name(ev->type));
}

static void on_left_out(const struct ebt_event *ev, void *arg)
{
	struct told *t = arg;

	(void)ev;
	t->left_out++;
}

static const struct ebt_event_filter_ops ops = { on_pass, on_left_out };

static struct ebt_model *model;
static struct ebt_event_filter *event_filter;
static struct told told;

static void begin(const char *text)
{
	struct ebt_model_options options = { .history_bytes = 1 << 16, .ncpu = 1 };

	ebt_event_filter_free(&event_filter);
	ebt_model_free(&model);
	told = (struct told){ .left_out = 0 };
	assert_int_equal(ebt_model_new(&model, &options), 0);
	ebt_model_set_user(model, 7, "eve");
	ebt_model_set_cgroup(model, 9, "/system.slice/cron.service");
	assert_int_equal(ebt_event_filter_new(&event_filter, text, model, &ops, &told), 0);
	assert_non_null(event_filter);
}

static void exec_at(uint64_t at, uint32_t pid, const char *comm, int32_t ret)
{
	/* Texts that are gone after the call, as those of a real event are. */
	char *copy = strdup(comm);
	struct ebt_event ev = { .type = EBT_EVENT_EXEC, .mono_ns = at };

	ev.exec = (struct ebt_event_exec){ .pid = pid,
					   .uid = pid == 70 ? 7 : 1,
					   .start_ns = pid,
					   .cgroup_id = pid == 90 ? 9 : 0,
					   .ret = ret,
					   .comm = ebt_bytes_from(copy) };
	ebt_event_filter_event(event_filter, &ev);
	memset(copy, '?', strlen(copy));
	free(copy);
}

static void exit_at(uint64_t at, uint32_t pid, uint64_t start_ns, int status)
{
	struct ebt_event ev = { .type = EBT_EVENT_EXIT, .mono_ns = at };

	ev.exit = (struct ebt_event_exit){ .pid = pid, .status = status, .start_ns = start_ns };
	ebt_event_filter_event(event_filter, &ev);
}

static void expect(const char *text)
{
	if (strcmp(told.text, text) != 0)
		fail_msg("passed: %s\nwanted: %s", told.text, text);
	told.text[0] = '\0';
}

/* What is decided by the exec passes at once, and its end with it. */
static void test_at_once(void **state)
{
	struct ebt_event lost = { .type = EBT_EVENT_LOST };

	(void)state;
	begin("comm:^a or user:eve or unit:cron");
	exec_at(1, 5, "abc", 0);
	expect("exec:5:abc ");
	exec_at(2, 6, "xyz", 0);
	exec_at(3, 70, "mail", 0);
	exec_at(4, 90, "job", 0);
	ebt_event_filter_event(event_filter, &lost);
	expect("exec:70:mail exec:90:job lost ");
	exit_at(5, 5, 5, 0);
	exit_at(6, 6, 6, 0);
	exit_at(7, 8, 8, 0);
	expect("exit:5 ");
	assert_int_equal(told.left_out, 3);
	/* What ends without an exec that passed says nothing. */
	exit_at(8, 5, 5, 0);
	expect("");
}

/* Where arguments are missing that may match, the exec passes with a mark. */
static void test_incomplete(void **state)
{
	struct ebt_event ev = { .type = EBT_EVENT_EXEC, .mono_ns = 1 };

	(void)state;
	begin("zebra");
	ev.exec = (struct ebt_event_exec){ .pid = 5, .start_ns = 5, .args = ebt_bytes_from("a") };
	ebt_event_filter_event(event_filter, &ev);
	expect("");
	ev.exec.pid = 6;
	ev.exec.flags = EBT_EV_ARGS_TRUNCATED;
	ebt_event_filter_event(event_filter, &ev);
	expect("exec:6:? ");
	exit_at(2, 6, 5, 0);
	expect("exit:6 ");
	begin("zebra status:0");
	ebt_event_filter_event(event_filter, &ev);
	expect("");
	exit_at(2, 6, 5, 0);
	expect("exec:6:? exit:6 ");
	assert_int_equal(ebt_event_filter_unsure(event_filter), 1);
	assert_int_equal(ebt_event_filter_unsure(NULL), 0);
}

/* Conditions on the end give both in the order of the ends. */
static void test_ends(void **state)
{
	(void)state;
	begin("status:fail");
	exec_at(1, 5, "a", 0);
	exec_at(2, 6, "b", 0);
	exec_at(3, 7, "c", 0);
	exec_at(4, 8, "gone", -2);
	expect("exec:8:gone ");
	exit_at(5, 7, 7, 9);
	exit_at(6, 6, 6, 0);
	exit_at(7, 5, 5, 3 << 8);
	expect("exec:7:c exit:7 exec:5:a exit:5 ");
	begin("a status:running");
	exec_at(1, 5, "a", 0);
	exec_at(2, 6, "a", 0);
	exec_at(3, 7, "b", 0);
	exit_at(4, 5, 5, 0);
	expect("");
	ebt_event_filter_finish(event_filter);
	expect("exec:6:a ");
	assert_int_equal(ebt_event_filter_given_up(event_filter), 0);
}

/* A program ends with the next exec of its process, too. */
static void test_replaced(void **state)
{
	(void)state;
	begin("comm:a");
	exec_at(1, 5, "a", 0);
	exec_at(2, 5, "a2", 0);
	exec_at(3, 5, "nothing", -2);
	exec_at(4, 5, "b", 0);
	exit_at(5, 5, 5, 0);
	expect("exec:5:a exec:5:a2 replaced:5 ");
	begin("run>10ns");
	exec_at(100, 5, "a", 0);
	exec_at(200, 5, "b", 0);
	exit_at(205, 5, 5, 0);
	expect("exec:5:a replaced:5 ");
	begin("run<10ns not comm:b");
	exec_at(100, 5, "a", 0);
	exec_at(105, 5, "b", 0);
	exit_at(900, 5, 5, 0);
	expect("exec:5:a replaced:5 ");
	/* from the fork on, and only of a program that its process ended with */
	begin("life>150ns");
	exec_at(100, 5, "a", 0);
	exec_at(200, 5, "b", 0);
	exit_at(205, 5, 5, 0);
	exec_at(300, 190, "c", 0);
	exit_at(320, 190, 190, 0);
	expect("exec:5:b exit:5 ");
	/* an exit that was lost */
	begin("not status:fail");
	exec_at(1, 5, "a", 0);
	exit_at(10, 5, 9, 0);
	expect("exec:5:a ");
}

/* What waits is bounded; the oldest is given up, and counted. */
static void test_bounds(void **state)
{
	static const char args[1 << 20];

	(void)state;
	begin("status:fail");
	for (uint32_t i = 1; i <= 100; i++) {
		struct ebt_event ev = { .type = EBT_EVENT_EXEC, .mono_ns = i };

		ev.exec = (struct ebt_event_exec){ .pid = i,
						   .start_ns = i,
						   .comm = ebt_bytes_from("a"),
						   .args = { args, sizeof(args) } };
		ebt_event_filter_event(event_filter, &ev);
	}
	assert_true(ebt_event_filter_given_up(event_filter) >= 36 &&
		    ebt_event_filter_given_up(event_filter) < 40);
	exit_at(200, 1, 1, 1);
	expect("");
	exit_at(201, 100, 100, 1);
	expect("exec:100:a exit:100 ");
}

static void test_new(void **state)
{
	struct ebt_event_filter *s;

	(void)state;
	assert_int_equal(ebt_event_filter_new(&s, "  ", model, &ops, &told), 0);
	assert_null(s);
	assert_int_equal(ebt_event_filter_new(&s, "uid:x", model, &ops, &told), -EINVAL);
	assert_null(s);
	assert_int_equal(ebt_event_filter_given_up(NULL), 0);
	ebt_event_filter_free(&s);
	ebt_event_filter_free(&event_filter);
	ebt_model_free(&model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_at_once), cmocka_unit_test(test_incomplete),
		cmocka_unit_test(test_ends),	cmocka_unit_test(test_replaced),
		cmocka_unit_test(test_bounds),	cmocka_unit_test(test_new),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
