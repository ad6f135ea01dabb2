/* SPDX-License-Identifier: BSD-3-Clause */
/* Events of homeostasis in ECS and OCSF: what the two require, and what is an alert. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "schema_test.h"

static struct ebt_event homeo(const char *name, enum ebt_homeo_level level)
{
	return (struct ebt_event){
		.type = EBT_EVENT_HOMEO,
		.mono_ns = 123456789,
		.homeo = {
			.level = level, .pid = 4242, .tid = 4243, .slot = 7,
			.missed = 3, .lfc = 4, .max_lfc = 5,
			.train_count = 100, .count = 99, .anomalies = 2,
			.event = ebt_bytes_from(name), .exe = BYTES("/usr/bin/\"x\xff"),
			.comm = BYTES("x"), .call = BYTES("openat"),
			.cause = BYTES("3 of 8 pairs were never seen"),
		},
	};
}

static void is_text(const json_t *object, const char *path, const char *want)
{
	const char *got = json_string_value(at(object, path));

	if (!got)
		fail_msg("%s is not a string", path);
	assert_string_equal(got, want);
}

static void is_number(const json_t *object, const char *path, int64_t want)
{
	const json_t *value = at(object, path);

	if (!json_is_integer(value))
		fail_msg("%s is not a whole number", path);
	assert_int_equal(json_integer_value(value), want);
}

static void test_ecs_alert(void **state)
{
	static const char *const alerts[] = { "anomaly", "tolerize_limit", "stop_normal",
					      "exec_denied" };

	for (size_t i = 0; i < sizeof(alerts) / sizeof(alerts[0]); i++) {
		struct ebt_event ev = homeo(alerts[i], EBT_HOMEO_WARNING);
		json_t *o = object_of(EBT_SINK_ECS, &ev);

		is_text(o, "@timestamp", "2026-11-21T09:15:02.123456789Z");
		is_text(o, "ecs.version", "9.4.0");
		is_text(o, "event.kind", "alert");
		is_text(o, "event.category.0", "intrusion_detection");
		is_text(o, "event.type.0", i == 3 ? "denied" : "info");
		is_text(o, "event.action", alerts[i]);
		is_text(o, "event.dataset", "execbig-top.homeostasis");
		is_text(o, "message", "3 of 8 pairs were never seen");
		is_text(o, "log.level", "warning");
		is_text(o, "rule.name", alerts[i]);
		is_number(o, "process.pid", 4242);
		is_number(o, "process.thread.id", 4243);
		is_text(o, "process.executable", "/usr/bin/\"x\xef\xbf\xbd");
		is_text(o, "process.name", "\"x\xef\xbf\xbd");
		is_text(o, "labels.call", "openat");
		is_text(o, "labels.lfc", "4");
		is_text(o, "host.name", "h");
		json_decref(o);
	}
}

static void test_ecs_event(void **state)
{
	static const struct {
		const char *name;
		enum ebt_homeo_level level;
	} events[] = {
		{ "frozen", EBT_HOMEO_INFO },
		{ "new_profile", EBT_HOMEO_INFO },
		{ "stop_normal", EBT_HOMEO_INFO }, /* somebody asked for it */
		{ "note", EBT_HOMEO_ERROR },
	};

	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		struct ebt_event ev = homeo(events[i].name, events[i].level);
		json_t *o = object_of(EBT_SINK_ECS, &ev);

		is_text(o, "event.kind", "event");
		is_text(o, "event.category.0", "process");
		is_text(o, "event.type.0", "info");
		is_text(o, "event.action", events[i].name);
		assert_null(at(o, "rule"));
		json_decref(o);
	}
}

/* Both name the parent, of an exec that failed too, and say nothing of a parent that is not known. */
static void test_parent_name(void **state)
{
	struct ebt_event ev = test_exec(BYTES("ls\0-l\0"));
	json_t *o;

	for (ev.exec.ret = 0; ev.exec.ret >= -2; ev.exec.ret -= 2) {
		o = object_of(EBT_SINK_ECS, &ev);
		is_number(o, "process.parent.pid", 1);
		is_text(o, "process.parent.name", "init");
		json_decref(o);
		o = object_of(EBT_SINK_OCSF, &ev);
		is_text(o, "process.parent_process.name", "init");
		is_text(o, "actor.process.name", "init");
		json_decref(o);
	}
	ev.exec.parent_comm = (struct ebt_bytes){ 0 };
	o = object_of(EBT_SINK_ECS, &ev);
	is_number(o, "process.parent.pid", 1);
	assert_null(at(o, "process.parent.name"));
	json_decref(o);
	ev.exec.ppid = EBT_EV_UNSET;
	o = object_of(EBT_SINK_OCSF, &ev);
	assert_null(at(o, "process.parent_process"));
	assert_null(at(o, "actor.process"));
	json_decref(o);
}

static void test_ocsf_finding(void **state)
{
	struct ebt_event ev = homeo("anomaly", EBT_HOMEO_WARNING);
	json_t *o = object_of(EBT_SINK_OCSF, &ev);

	is_number(o, "category_uid", 2);
	is_number(o, "class_uid", 2004);
	is_number(o, "activity_id", 1);
	is_number(o, "type_uid", 200401);
	is_number(o, "severity_id", 3);
	is_number(o, "status_id", 1);
	is_number(o, "time", 1795252502123);
	assert_true(json_is_true(at(o, "is_alert")));
	is_text(o, "finding_info.uid", "boot:4243:123456789");
	assert_true(json_string_length(at(o, "finding_info.title")) > 0);
	is_text(o, "finding_info.desc", "3 of 8 pairs were never seen");
	is_text(o, "finding_info.types.0", "anomaly");
	is_number(o, "finding_info.analytic.type_id", 2);
	is_text(o, "message", "3 of 8 pairs were never seen");
	is_number(o, "evidences.0.process.pid", 4242);
	is_text(o, "evidences.0.process.file.path", "/usr/bin/\"x\xef\xbf\xbd");
	is_number(o, "evidences.0.process.file.type_id", 1);
	is_text(o, "evidences.0.api.operation", "openat");
	is_text(o, "metadata.product.vendor_name", "execbig-top");
	is_text(o, "metadata.version", "1.9.0");
	is_number(o, "device.type_id", 0);
	is_number(o, "unmapped.lfc", 4);
	assert_null(at(o, "action_id"));
	json_decref(o);

	ev = homeo("exec_denied", EBT_HOMEO_WARNING);
	o = object_of(EBT_SINK_OCSF, &ev);
	is_number(o, "class_uid", 2004);
	is_number(o, "severity_id", 4);
	is_number(o, "action_id", 2);
	is_number(o, "disposition_id", 2);
	is_text(o, "metadata.profiles.1", "security_control");
	json_decref(o);
}

static void test_ocsf_base(void **state)
{
	struct ebt_event ev = homeo("thawed", EBT_HOMEO_INFO);
	json_t *o = object_of(EBT_SINK_OCSF, &ev);

	is_number(o, "category_uid", 0);
	is_number(o, "class_uid", 0);
	is_number(o, "activity_id", 99);
	is_number(o, "type_uid", 99);
	is_number(o, "severity_id", 1);
	is_number(o, "actor.process.pid", 4242);
	is_text(o, "unmapped.event", "thawed");
	is_text(o, "message", "3 of 8 pairs were never seen");
	assert_null(at(o, "finding_info"));
	json_decref(o);
	ev = homeo("note", EBT_HOMEO_WARNING);
	o = object_of(EBT_SINK_OCSF, &ev);
	is_number(o, "class_uid", 0);
	is_number(o, "severity_id", 2);
	json_decref(o);
}

/* Associations come with every exec. */
static void test_debug_is_out(void **state)
{
	struct ebt_event ev = homeo("associated", EBT_HOMEO_DEBUG);

	assert_null(object_of(EBT_SINK_ECS, &ev));
	assert_null(object_of(EBT_SINK_OCSF, &ev));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ecs_alert),   cmocka_unit_test(test_ecs_event),
		cmocka_unit_test(test_parent_name), cmocka_unit_test(test_ocsf_finding),
		cmocka_unit_test(test_ocsf_base),   cmocka_unit_test(test_debug_is_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
