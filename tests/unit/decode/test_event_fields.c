/* SPDX-License-Identifier: BSD-3-Clause */
/* test_event_fields.c - the table of fields holds together, and gives the values of events. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "decode/event_fields.h"

#define BYTES(s) ((struct ebt_bytes){ "" s, sizeof(s) - 1 })

static const char *user_of(const void *names, uint32_t uid)
{
	return uid == 1000 ? names : NULL;
}

static const char *cgroup_of(const void *names, uint64_t id)
{
	(void)names;
	if (id == (7 | EBT_CGROUP_V1))
		return "/v1";
	if (id == 11)
		return "/user.slice/user@1.service/kubepods-pod3b1a6f0e_8a44_4a53_9a6b_0c2d1e4f5a69"
		       ".slice/a.scope";
	return id == 9 ? "/docker/"
			 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
		       : NULL;
}

static const struct ebt_field_context context = {
	.user = user_of, .cgroup = cgroup_of, .names = "max", .mono_to_real_ns = 1000
};

static struct ebt_value value(const struct ebt_event *ev, const char *name)
{
	const struct ebt_field *f = ebt_field_find(ev->type, name);

	assert_non_null(f);
	return ebt_field_value(f, ev, &context);
}

static void assert_number(const struct ebt_event *ev, const char *name, uint64_t number)
{
	struct ebt_value v = value(ev, name);

	assert_int_equal(v.type, EBT_VALUE_NUMBER);
	assert_int_equal(v.number, number);
}

static void assert_kind(const struct ebt_event *ev, const char *name, enum ebt_value_type type)
{
	assert_int_equal(value(ev, name).type, type);
}

static void assert_words(const struct ebt_event *ev, const char *name, enum ebt_value_type type,
			 const char *words)
{
	struct ebt_value v = value(ev, name);

	assert_int_equal(v.type, type);
	assert_true(ebt_bytes_equal(v.bytes, ebt_bytes_from(words)));
}

/* Each row is complete, and no object has two members of one name. */
static void test_rows(void **state)
{
	(void)state;
	for (unsigned set = 0; set <= EBT_FIELDS_COMMON; set++) {
		size_t count, common_count;
		const struct ebt_field *rows = ebt_fields_of(set, &count);
		const struct ebt_field *common = ebt_fields_of(EBT_FIELDS_COMMON, &common_count);

		assert_true(count > 0);
		for (size_t i = 0; i < count; i++) {
			const struct ebt_field *f = &rows[i];
			char key[64];

			snprintf(key, sizeof(key), ",\"%s\":", f->name);
			assert_true(strlen(key) <= EBT_FIELD_KEY_MAX);
			assert_int_equal(f->key_len, strlen(key));
			assert_memory_equal(f->key, key, strlen(key));
			assert_non_null(f->help);
			assert_non_null(f->source);
			assert_true(f->since >= 1 && f->since <= EBT_FIELDS_VERSION);
			assert_true(!f->call == (f->read != EBT_READ_CALL));
			if (set != EBT_FIELDS_COMMON)
				assert_int_equal(f->types, 1u << set);
			for (size_t k = 0; k < i; k++)
				assert_string_not_equal(rows[k].name, f->name);
			for (size_t k = 0; set != EBT_FIELDS_COMMON && k < common_count; k++)
				assert_string_not_equal(common[k].name, f->name);
		}
	}
	{
		size_t count;

		assert_null(ebt_fields_of(EBT_FIELDS_COMMON + 1, &count));
		assert_int_equal(count, 0);
	}
}

static void test_find(void **state)
{
	(void)state;
	assert_string_equal(ebt_field_find(EBT_EVENT_EXEC, "pid")->source, "task_struct.tgid");
	assert_non_null(ebt_field_find(EBT_EVENT_LOST, "cpu"));
	assert_null(ebt_field_find(EBT_EVENT_LOST, "seq"));
	assert_null(ebt_field_find(EBT_EVENT_NOTE, "cpu"));
	assert_null(ebt_field_find(EBT_EVENT_EXIT, "args"));
	assert_null(ebt_field_find(EBT_EVENT_EXEC, "nothing"));
}

static void test_common(void **state)
{
	const struct ebt_event ev = {
		.type = EBT_EVENT_LOST, .cpu = 5, .mono_ns = 234, .lost = { EBT_LOST_BUSY, 3 }
	};

	(void)state;
	assert_number(&ev, "v", EBT_FIELDS_VERSION);
	assert_words(&ev, "type", EBT_VALUE_WORD, "lost");
	assert_kind(&ev, "ts", EBT_VALUE_TIME);
	assert_int_equal(value(&ev, "ts").number, 1234);
	assert_number(&ev, "mono_ns", 234);
	assert_number(&ev, "cpu", 5);
	assert_words(&ev, "cause", EBT_VALUE_WORD, "busy");
	assert_number(&ev, "count", 3);
}

/* What is known of an exec, and what is not. */
static void test_exec(void **state)
{
	struct ebt_event ev = { .type = EBT_EVENT_EXEC };
	struct ebt_event_exec *e = &ev.exec;

	(void)state;
	e->ppid = e->uid = e->loginuid = e->vpid = e->argc = EBT_EV_UNSET;
	assert_number(&ev, "pid", 0);
	assert_kind(&ev, "ppid", EBT_VALUE_UNKNOWN);
	assert_kind(&ev, "loginuid", EBT_VALUE_NONE);
	assert_kind(&ev, "vpid", EBT_VALUE_UNKNOWN);
	assert_kind(&ev, "pid_ns", EBT_VALUE_UNKNOWN);
	assert_kind(&ev, "argc", EBT_VALUE_UNKNOWN);
	assert_kind(&ev, "tty", EBT_VALUE_UNKNOWN);
	assert_kind(&ev, "exe", EBT_VALUE_UNKNOWN);
	assert_kind(&ev, "cwd", EBT_VALUE_UNKNOWN);
	assert_kind(&ev, "env", EBT_VALUE_UNKNOWN);
	assert_kind(&ev, "env_bytes", EBT_VALUE_UNKNOWN);
	assert_kind(&ev, "user", EBT_VALUE_UNKNOWN);
	assert_kind(&ev, "cgroup_id", EBT_VALUE_UNKNOWN);
	assert_kind(&ev, "cgroup", EBT_VALUE_UNKNOWN);
	assert_kind(&ev, "container", EBT_VALUE_UNKNOWN);
	assert_kind(&ev, "exe_dev", EBT_VALUE_UNKNOWN);
	assert_kind(&ev, "start_ns", EBT_VALUE_UNKNOWN);
	assert_kind(&ev, "prev_comm", EBT_VALUE_UNKNOWN);
	assert_kind(&ev, "parent_comm", EBT_VALUE_UNKNOWN);
	assert_kind(&ev, "comm", EBT_VALUE_TEXT);
	assert_kind(&ev, "script", EBT_VALUE_BOOL);
	assert_int_equal(value(&ev, "script").number, 0);

	e->flags =
		EBT_EV_HAS_TTY | EBT_EV_HAS_EXE | EBT_EV_HAS_CWD | EBT_EV_HAS_ENV | EBT_EV_SCRIPT;
	assert_kind(&ev, "tty", EBT_VALUE_NONE);
	assert_kind(&ev, "env", EBT_VALUE_STRINGS);
	assert_int_equal(value(&ev, "script").number, 1);
	e->tty = BYTES("pts/1");
	e->exe = BYTES("/bin/a");
	e->prev_comm = BYTES("sh");
	e->parent_comm = BYTES("make");
	e->ret = -2;
	e->exe_ino = 8;
	e->exe_dev = 0;
	e->uid = 1000;
	e->vpid = 3;
	e->loginuid = 0;
	e->cgroup_id = 7 | EBT_CGROUP_V1;
	assert_words(&ev, "tty", EBT_VALUE_TEXT, "pts/1");
	assert_words(&ev, "exe", EBT_VALUE_TEXT, "/bin/a");
	assert_words(&ev, "prev_comm", EBT_VALUE_TEXT, "sh");
	assert_words(&ev, "parent_comm", EBT_VALUE_TEXT, "make");
	assert_kind(&ev, "ret", EBT_VALUE_SIGNED);
	assert_int_equal((int64_t)value(&ev, "ret").number, -2);
	assert_number(&ev, "exe_dev", 0);
	assert_words(&ev, "user", EBT_VALUE_TEXT, "max");
	assert_number(&ev, "vpid", 3);
	assert_number(&ev, "loginuid", 0);
	assert_number(&ev, "cgroup_id", 7);
	assert_words(&ev, "cgroup", EBT_VALUE_TEXT, "/v1");
	assert_kind(&ev, "container", EBT_VALUE_UNKNOWN);
	e->cgroup_id = 9;
	assert_kind(&ev, "container", EBT_VALUE_CONTAINER);
	assert_kind(&ev, "unit", EBT_VALUE_UNKNOWN);
	assert_kind(&ev, "user_unit", EBT_VALUE_UNKNOWN);
	assert_kind(&ev, "pod_uid", EBT_VALUE_UNKNOWN);
	e->cgroup_id = 11;
	assert_words(&ev, "unit", EBT_VALUE_TEXT, "user@1.service");
	assert_words(&ev, "user_unit", EBT_VALUE_TEXT, "a.scope");
	assert_words(&ev, "pod_uid", EBT_VALUE_TEXT, "3b1a6f0e-8a44-4a53-9a6b-0c2d1e4f5a69");
	e->cgroup_id = 10;
	assert_kind(&ev, "unit", EBT_VALUE_UNKNOWN);
	assert_number(&ev, "cgroup_id", 10);
	assert_kind(&ev, "cgroup", EBT_VALUE_UNKNOWN);
}

static void test_exit(void **state)
{
	struct ebt_event ev = { .type = EBT_EVENT_EXIT, .exit = { .status = 3 << 8, .uid = 1000 } };

	(void)state;
	assert_number(&ev, "exit_code", 3);
	assert_kind(&ev, "signal", EBT_VALUE_NONE);
	assert_kind(&ev, "core_dumped", EBT_VALUE_UNKNOWN);
	assert_words(&ev, "user", EBT_VALUE_TEXT, "max");
	ev.exit.status = 11 | 0x80;
	assert_kind(&ev, "exit_code", EBT_VALUE_NONE);
	assert_number(&ev, "signal", 11);
	assert_int_equal(value(&ev, "core_dumped").number, 1);
	ev.exit.status = 9;
	assert_kind(&ev, "core_dumped", EBT_VALUE_BOOL);
	assert_int_equal(value(&ev, "core_dumped").number, 0);
}

static void test_homeo(void **state)
{
	struct ebt_event ev = { .type = EBT_EVENT_HOMEO,
				.homeo = { .level = EBT_HOMEO_WARNING,
					   .count = 4,
					   .lfc = 5,
					   .max_lfc = 6,
					   .anomalies = 7 } };

	(void)state;
	assert_words(&ev, "level", EBT_VALUE_WORD, "warning");
	assert_kind(&ev, "call", EBT_VALUE_UNKNOWN);
	assert_kind(&ev, "count", EBT_VALUE_UNKNOWN);
	assert_kind(&ev, "missed", EBT_VALUE_UNKNOWN);
	assert_kind(&ev, "lfc", EBT_VALUE_UNKNOWN);
	assert_kind(&ev, "max_lfc", EBT_VALUE_UNKNOWN);
	assert_kind(&ev, "anomalies", EBT_VALUE_UNKNOWN);
	ev.homeo.call = BYTES("read");
	ev.homeo.missed = 1;
	assert_number(&ev, "count", 4);
	assert_number(&ev, "missed", 1);
	assert_number(&ev, "lfc", 5);
	assert_number(&ev, "max_lfc", 6);
	assert_number(&ev, "anomalies", 7);
}

static void test_flags(void **state)
{
	uint32_t all = 0;

	(void)state;
	for (size_t i = 0; i < ebt_event_flags_count; i++) {
		assert_true(ebt_event_flags[i].bit > all);
		all |= ebt_event_flags[i].bit;
		assert_non_null(ebt_event_flags[i].help);
	}
	assert_false(all & (EBT_EV_SCRIPT | EBT_EV_HAS_EXE | EBT_EV_HAS_CWD | EBT_EV_HAS_ENV |
			    EBT_EV_HAS_TTY));
	assert_true(all & EBT_EV_ARGS_LOST);
	assert_string_equal(ebt_event_flags[2].name, "args_lost");
	assert_string_equal(ebt_event_flags[ebt_event_flags_count - 1].name, "match_unknown");
}

static void test_type_names(void **state)
{
	(void)state;
	assert_string_equal(ebt_event_type_name(EBT_EVENT_EXEC), "exec");
	assert_string_equal(ebt_event_type_name(EBT_EVENT_HOMEO), "homeostasis");
	assert_string_equal(ebt_event_type_name(EBT_EVENT_REPLACED), "replaced");
	assert_string_equal(ebt_value_type_name(EBT_VALUE_NUMBER), "number");
	assert_string_equal(ebt_value_type_name(EBT_VALUE_CONTAINER), "object");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),   cmocka_unit_test(test_find),
		cmocka_unit_test(test_common), cmocka_unit_test(test_exec),
		cmocka_unit_test(test_exit),   cmocka_unit_test(test_homeo),
		cmocka_unit_test(test_flags),  cmocka_unit_test(test_type_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
