/* SPDX-License-Identifier: BSD-3-Clause */
/* The answers to requests, on a kernel side in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "fake_kernel.h"
#include "homeostasis/requests.h"

static struct ebt_ph_monitor *monitor;
static char event_path[512];
static struct ebt_ph_rec event_rec;
static unsigned events;

static void on_event(const struct ebt_ph_rec *rec, const char *path, void *arg)
{
	events++;
	event_rec = *rec;
	snprintf(event_path, sizeof(event_path), "%s", path);
}

static int setup(void **state)
{
	struct ebt_ph_settings settings;
	char why[256];

	events = 0;
	fake_add(11);
	fake_add(12);
	fake_add(13);
	ebt_ph_settings_default(&settings);
	assert_int_equal(
		ebt_ph_monitor_new(&monitor, FAKE_KERNEL, NULL, &settings, why, sizeof(why)), 0);
	ebt_ph_monitor_listen(monitor, on_event, NULL);
	ebt_ph_monitor_set_path(monitor, 1, "/bin/one");
	ebt_ph_monitor_set_path(monitor, 2, "/opt/two");
	ebt_ph_monitor_set_path(monitor, 3, "/bin/two");
	return 0;
}

static int teardown(void **state)
{
	ebt_ph_monitor_free(&monitor);
	assert_null(monitor);
	assert_int_equal(fake.freed, 1);
	fake_reset();
	return 0;
}

/* Ask, and return the lines of the answer as an array that the caller releases. */
static json_t *ask(const char *request)
{
	const struct ebt_ph_asker who = { .uid = 0, .pid = 77 };
	_cleanup_buf_ struct ebt_buf out = { 0 };
	json_t *lines = json_array();
	char *line, *rest;

	assert_false(ebt_ph_answer(monitor, request, &who, &out));
	assert_true(out.len > 0);
	assert_int_equal(out.data[out.len - 1], '\n');
	ebt_buf_append(&out, "", 1);
	for (line = strtok_r(out.data, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		json_t *o = json_loads(line, 0, NULL);

		assert_non_null(o);
		json_array_append_new(lines, o);
	}
	return lines;
}

static const char *text(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	assert_non_null(s);
	return s;
}

static json_int_t number(const json_t *o, const char *key)
{
	assert_true(json_is_integer(json_object_get(o, key)));
	return json_integer_value(json_object_get(o, key));
}

static void expect_ok(const char *request)
{
	json_t *lines = ask(request), *last = json_array_get(lines, json_array_size(lines) - 1);

	assert_true(json_is_true(json_object_get(last, "ok")));
	json_decref(lines);
}

static void expect_refused(const char *request, const char *part)
{
	json_t *lines = ask(request), *o = json_array_get(lines, 0);

	assert_int_equal(json_array_size(lines), 1);
	assert_true(json_is_false(json_object_get(o, "ok")));
	if (!strstr(text(o, "error"), part))
		fail_msg("'%s' is answered with: %s", request, text(o, "error"));
	json_decref(lines);
}

static void test_unknown(void **state)
{
	_cleanup_buf_ struct ebt_buf out = { 0 };
	const struct ebt_ph_asker who = { 0 };

	expect_refused("", "not known");
	expect_refused("stat", "not known");
	expect_refused("statuses", "not known");
	assert_true(ebt_ph_answer(monitor, "events", &who, &out));
	assert_int_equal(out.len, 0);
}

static void test_profiles(void **state)
{
	json_t *lines, *o;

	fake.sets[1]->profile.state = EBT_PH_FROZEN;
	fake.sets[1]->profile.normal_at_ns = 5000000000;
	fake.sets[1]->profile.count_base = 100;
	fake.sets[1]->profile.anomalies = 3;
	fake.sets[1]->profile.anomalies_base = 4;
	fake.sets[2]->profile.state = EBT_PH_NORMAL;
	fake.sets[2]->profile.epoch_b = 9;
	fake.tasks[0] = (struct ebt_ph_task){
		.tid = 501, .profile = 2, .alf_epoch = 9, .lfc = 5, .max_lfc = 7
	};
	fake.tasks[1] = (struct ebt_ph_task){
		.tid = 502, .profile = 2, .alf_epoch = 8, .lfc = 50, .max_lfc = 70
	};
	fake.tasks[2] = (struct ebt_ph_task){
		.tid = 503, .profile = 2, .alf_epoch = 9, .lfc = 4, .max_lfc = 6
	};
	lines = ask("profiles");
	assert_int_equal(json_array_size(lines), 4);
	o = json_array_get(lines, 0);
	assert_int_equal(number(o, "slot"), 1);
	assert_string_equal(text(o, "exe"), "/bin/one");
	assert_string_equal(text(o, "key"), "1:b:2");
	assert_string_equal(text(o, "state"), "frozen");
	assert_int_equal(number(o, "calls"), 103);
	assert_int_equal(number(o, "train_count"), 3);
	assert_int_equal(number(o, "last_new"), 0);
	assert_int_equal(number(o, "new_calls"), 2);
	assert_int_equal(number(o, "distinct_calls"), 2);
	assert_int_equal(number(o, "anomalies"), 3);
	assert_int_equal(number(o, "anomalies_total"), 7);
	assert_int_equal(number(o, "normal_in_s"), 4);
	assert_int_equal(number(o, "threads"), 0);
	assert_true(json_is_false(json_object_get(o, "kill")));
	assert_non_null(json_object_get(o, "changed"));
	assert_null(json_object_get(o, "pairs"));
	o = json_array_get(lines, 1);
	assert_string_equal(text(o, "state"), "normal");
	assert_null(json_object_get(o, "normal_in_s"));
	assert_int_equal(number(o, "threads"), 3);
	assert_int_equal(number(o, "lfc"), 5);
	assert_int_equal(number(o, "max_lfc"), 7);
	assert_string_equal(text(json_array_get(lines, 2), "state"), "training");
	json_decref(lines);

	fake.sets[2]->profile.max_lfc = 9;
	lines = ask("profiles count");
	o = json_array_get(lines, 1);
	assert_int_equal(number(o, "max_lfc"), 9);
	assert_int_equal(number(o, "bytes"), 1234);
	assert_int_equal(number(json_array_get(lines, 0), "pairs"), 3);
	json_decref(lines);
	expect_refused("profiles all", "count, or nothing");
}

static void test_ps(void **state)
{
	uint32_t self = (uint32_t)getpid();
	json_t *lines, *o;

	fake.sets[1]->profile.epoch_b = 3;
	fake.tasks[0] = (struct ebt_ph_task){
		.tid = self, .profile = 1, .alf_epoch = 3, .lfc = 5, .max_lfc = 6, .count = 42
	};
	/* Neither a thread without a profile nor one that has ended is listed. */
	fake.tasks[1] = (struct ebt_ph_task){ .tid = self };
	fake.tasks[2] = (struct ebt_ph_task){ .tid = 0x7ffffff0, .profile = 1 };
	lines = ask("ps");
	assert_int_equal(json_array_size(lines), 2);
	o = json_array_get(lines, 0);
	assert_int_equal(number(o, "pid"), self);
	assert_int_equal(number(o, "tid"), self);
	assert_int_equal(number(o, "slot"), 1);
	assert_int_equal(number(o, "calls"), 42);
	assert_int_equal(number(o, "lfc"), 5);
	assert_int_equal(number(o, "max_lfc"), 6);
	assert_string_equal(text(o, "exe"), "/bin/one");
	assert_true(*text(o, "comm") != '\0');
	json_decref(lines);
	fake.tasks[0].alf_epoch = 2;
	lines = ask("ps");
	assert_int_equal(number(json_array_get(lines, 0), "lfc"), 0);
	assert_int_equal(number(json_array_get(lines, 0), "max_lfc"), 0);
	json_decref(lines);
}

static void test_status(void **state)
{
	json_t *lines, *o, *c, *s;

	fake.sets[1]->profile.state = EBT_PH_NORMAL | EBT_PH_FROZEN;
	fake.sets[2]->profile.state = EBT_PH_FROZEN;
	fake.counters = (struct ebt_ph_counters){ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13 };
	lines = ask("status");
	o = json_array_get(lines, 0);
	assert_int_equal(number(o, "training"), 1);
	assert_int_equal(number(o, "frozen"), 1);
	assert_int_equal(number(o, "normal"), 1);
	assert_int_equal(number(o, "table_bytes"), 4711);
	assert_int_equal(number(o, "profiles_max"), EBT_PH_PROFILES - 1);
	c = json_object_get(o, "counters");
	assert_int_equal(number(c, "adopted"), 1);
	assert_int_equal(number(c, "learned"), 2);
	assert_int_equal(number(c, "anomalies"), 3);
	assert_int_equal(number(c, "records"), 4);
	assert_int_equal(number(c, "ring_lost"), 5);
	assert_int_equal(number(c, "scratch_busy"), 6);
	assert_int_equal(number(c, "profiles_full"), 7);
	assert_int_equal(number(c, "rows_full"), 8);
	assert_int_equal(number(c, "tasks_full"), 9);
	assert_int_equal(number(c, "columns_full"), 10);
	assert_int_equal(number(c, "row_clashes"), 11);
	assert_int_equal(number(c, "denied"), 12);
	assert_int_equal(number(c, "frames_lost"), 13);
	assert_int_equal(number(c, "log_lost"), 0);
	s = json_object_get(o, "settings");
	assert_int_equal(number(s, "normal-wait"), 604800);
	assert_int_equal(number(s, "tolerize-limit"), 12);
	json_decref(lines);
}

static void test_inspect(void **state)
{
	json_t *lines = ask("inspect one"), *o, *before;

	/* Calls 0, 1, 0: (1 after 0 at 1), (0 after 1 at 1), (0 after 0 at 2). */
	assert_int_equal(json_array_size(lines), 3);
	o = json_array_get(lines, 0);
	before = json_object_get(o, "before");
	assert_int_equal(json_array_size(before), 2);
	assert_int_equal(number(json_array_get(before, 0), "a"), 2);
	assert_int_equal(number(json_array_get(before, 0), "b"), 0);
	assert_int_equal(number(json_array_get(before, 1), "a"), 1);
	before = json_object_get(json_array_get(lines, 1), "before");
	assert_int_equal(json_array_size(before), 1);
	assert_int_equal(number(json_array_get(before, 0), "a"), 1);
	assert_string_equal(text(json_array_get(before, 0), "call"), text(o, "call"));
	json_decref(lines);
}

static void test_find(void **state)
{
	fake.tasks[0] = (struct ebt_ph_task){ .tid = 4242, .profile = 2 };
	fake.tasks[1] = (struct ebt_ph_task){ .tid = 4243 };
	expect_ok("normalize /opt/two");
	assert_int_equal(fake.verb_slot, 2);
	expect_ok("normalize #3");
	assert_int_equal(fake.verb_slot, 3);
	expect_ok("normalize one");
	assert_int_equal(fake.verb_slot, 1);
	expect_ok("normalize 4242");
	assert_int_equal(fake.verb_slot, 2);
	expect_refused("normalize two", "several programs are called 'two'");
	expect_refused("normalize three", "no profile of 'three'");
	expect_refused("normalize ", "no profile of ''");
	expect_refused("normalize #0", "no profile of '#0'");
	expect_refused("normalize #4", "no profile of '#4'");
	expect_refused("normalize 4243", "no profile");
	expect_refused("normalize 4294971538", "no profile"); /* 2^32 + 4242 */
	expect_refused("normalize 1x", "no profile");
	/* A file that was replaced has two profiles of one path: the newer one is meant. */
	ebt_ph_monitor_set_path(monitor, 3, "/opt/two");
	expect_ok("normalize two");
	assert_int_equal(fake.verb_slot, 3);
}

static void test_verbs(void **state)
{
	expect_ok("normalize one");
	assert_int_equal(fake.verb, EBT_PH_NORMALIZE);
	assert_int_equal(event_rec.events, EBT_PH_EV_ASKED | EBT_PH_EV_NORMAL);
	assert_int_equal(event_rec.profile, 1);
	assert_int_equal(event_rec.pid, 77);
	assert_int_equal(event_rec.train_count, 3);
	assert_string_equal(event_path, "/bin/one");
	expect_ok("sensitize one");
	assert_int_equal(fake.verb, EBT_PH_SENSITIZE);
	assert_int_equal(event_rec.events, EBT_PH_EV_ASKED | EBT_PH_EV_SENSITIZED);
	expect_ok("tolerize one");
	assert_int_equal(fake.verb, EBT_PH_TOLERIZE);
	assert_int_equal(event_rec.events, EBT_PH_EV_ASKED | EBT_PH_EV_STOP_NORMAL);
	assert_int_equal(events, 3);
}

static void test_respond(void **state)
{
	json_t *lines;

	expect_refused("respond one", "then kill or default");
	expect_refused("respond one die", "then kill or default");
	expect_refused("respond none kill", "no profile");
	expect_ok("respond one kill");
	assert_int_equal(event_rec.events, EBT_PH_EV_NOTE);
	assert_non_null(strstr(event_path, "/bin/one above kill-limit are killed: set by root"));
	lines = ask("profiles");
	assert_true(json_is_true(json_object_get(json_array_get(lines, 0), "kill")));
	json_decref(lines);
	expect_ok("respond one default");
	assert_non_null(strstr(event_path, "are left alive: set by root"));
}

static void test_set(void **state)
{
	expect_refused("set", "a name and a value");
	expect_refused("set normal-wait", "a name and a value");
	expect_refused("set nonsense 1", "no setting 'nonsense'");
	expect_refused("set tolerize-limit 129", "1 to 128 are allowed");
	expect_ok("set tolerize-limit 20");
	assert_int_equal(fake.cfg.tolerize_limit, 20);
	assert_non_null(strstr(event_path, "tolerize-limit is 20 now: set by root"));
	expect_ok("set enforcing 1");
	fake.no_deny = "it is old";
	expect_refused("set enforcing 1", "it is old");
	expect_ok("set enforcing 0");
	fake.configure_error = -EIO;
	expect_refused("set tolerize-limit 21", "refused the setting");
}

static void test_save_nowhere(void **state)
{
	assert_false(ebt_ph_monitor_saves(monitor));
	expect_refused("save", "no directory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_unknown, setup, teardown),
		cmocka_unit_test_setup_teardown(test_profiles, setup, teardown),
		cmocka_unit_test_setup_teardown(test_ps, setup, teardown),
		cmocka_unit_test_setup_teardown(test_status, setup, teardown),
		cmocka_unit_test_setup_teardown(test_inspect, setup, teardown),
		cmocka_unit_test_setup_teardown(test_find, setup, teardown),
		cmocka_unit_test_setup_teardown(test_verbs, setup, teardown),
		cmocka_unit_test_setup_teardown(test_respond, setup, teardown),
		cmocka_unit_test_setup_teardown(test_set, setup, teardown),
		cmocka_unit_test_setup_teardown(test_save_nowhere, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
