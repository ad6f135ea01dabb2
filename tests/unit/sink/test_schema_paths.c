/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * test_schema_paths.c - every field of an event stands in ECS and in OCSF where its row in the table
 * says, with its value, unless the row says that it is left out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "decode/event_fields.h"
#include "model/model.h"
#include "schema_test.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
/* A kubelet that a user's manager runs: the only kind of path that has a user unit and a pod. */
#define CONTAINER                                                                      \
	"/user.slice/user-1000.slice/user@1000.service/kubelet.slice/kubelet-kubepods" \
	"-pod3b1a6f0e_8a44_4a53_9a6b_0c2d1e4f5a69.slice/cri-containerd-" ID ".scope"

static struct ebt_event full_exec(void)
{
	struct ebt_event ev = test_exec(BYTES("ls\0-l\0"));
	struct ebt_event_exec *e = &ev.exec;

	e->tid = 4243;
	e->vpid = 17;
	e->loginuid = 1001;
	e->sessionid = 8;
	e->envc = 1;
	e->exe_ino = 31;
	e->exe_dev = 32;
	e->ret = -2;
	e->flags = EBT_EV_HAS_EXE | EBT_EV_HAS_CWD | EBT_EV_HAS_ENV | EBT_EV_HAS_TTY |
		   EBT_EV_SCRIPT | EBT_EV_ARGS_LOST;
	e->env = BYTES("A=b\0");
	e->env_bytes = e->env_captured = 4;
	e->prev_comm = BYTES("bash");
	e->tty = BYTES("pts/3");
	e->exe = BYTES("/usr/bin/ls");
	e->cwd = BYTES("/home");
	return ev;
}

static struct ebt_event full_homeo(void)
{
	return (struct ebt_event){
		.type = EBT_EVENT_HOMEO,
		.mono_ns = 123456789,
		.homeo = {
			.level = EBT_HOMEO_WARNING, .pid = 4242, .tid = 4243, .slot = 7,
			.missed = 3, .lfc = 4, .max_lfc = 5,
			.train_count = 100, .count = 99, .anomalies = 2,
			.event = BYTES("anomaly"), .exe = BYTES("/usr/bin/x"),
			.comm = BYTES("comm"), .call = BYTES("openat"),
			.cause = BYTES("3 of 8 pairs were never seen"),
		},
	};
}

static json_t *schema_object(enum ebt_sink_format format, const struct ebt_event *ev,
			     const struct ebt_model *names)
{
	struct ebt_sink_options o = { .format = format, .boot_id = "boot", .names = names };
	json_error_t error;
	size_t len;
	char *line = test_line(o, ev, &len);
	json_t *object = json_loadb(line, len, JSON_REJECT_DUPLICATES, &error);

	if (!object)
		fail_msg("%s: %.300s", error.text, line);
	free(line);
	return object;
}

static const char *context_user(const void *names, uint32_t uid)
{
	return ebt_model_user(names, uid);
}

static const char *context_cgroup(const void *names, uint64_t id)
{
	return ebt_model_cgroup(names, id);
}

/* Where both have the value as it is, it must be the same. Other values were turned into another form:
 * a time, the name of an error, an object. */
static bool schema_same(const json_t *got, const struct ebt_value *v)
{
	char number[24];

	snprintf(number, sizeof(number), "%llu", (unsigned long long)v->number);
	switch (v->type) {
	case EBT_VALUE_NUMBER:
		if (json_is_integer(got) && json_integer_value(got) < 1000000000000)
			return (uint64_t)json_integer_value(got) == v->number;
		return json_is_integer(got) || strchr(json_string_value(got), 'T') ||
		       strcmp(json_string_value(got), number) == 0;
	case EBT_VALUE_BOOL:
		return json_is_boolean(got)
			       ? json_is_true(got) == !!v->number
			       : strcmp(json_string_value(got), v->number ? "true" : "false") == 0;
	case EBT_VALUE_TEXT:
		return json_is_string(got) && strlen(json_string_value(got)) == v->bytes.len &&
		       memcmp(json_string_value(got), v->bytes.data, v->bytes.len) == 0;
	default:
		return true;
	}
}

static void schema_check_row(const struct ebt_field *f, const char *path, const json_t *object,
			     const struct ebt_value *v)
{
	const json_t *got;

	if (!path)
		fail_msg("%s: its row says neither where ECS and OCSF have it nor NOT_MAPPED",
			 f->name);
	/* Flags are labels of their own. */
	if (strcmp(path, "labels.flags") == 0)
		path = "labels.args_lost";
	if (!*path || v->type == EBT_VALUE_UNKNOWN || v->type == EBT_VALUE_NONE)
		return;
	got = at(object, path);
	if (!got)
		fail_msg("%s: there is nothing at %s", f->name, path);
	if (!schema_same(got, v))
		fail_msg("%s: another value stands at %s: %s", f->name, path,
			 json_dumps(got, JSON_ENCODE_ANY));
}

/* Return how many fields of the event had a value that could be looked for. */
static unsigned schema_check(const struct ebt_event *ev)
{
	const unsigned sets[] = { EBT_FIELDS_COMMON, ev->type };
	struct ebt_model_options options = { .history_bytes = 1 << 16, .ncpu = 4 };
	struct ebt_model *model = NULL;
	json_t *ecs, *ocsf;
	unsigned known = 0;

	assert_int_equal(ebt_model_new(&model, &options), 0);
	ebt_model_set_user(model, 1000, "max");
	ebt_model_set_user(model, 0, "root");
	ebt_model_set_cgroup(model, 77, CONTAINER);
	ecs = schema_object(EBT_SINK_ECS, ev, model);
	ocsf = schema_object(EBT_SINK_OCSF, ev, model);
	for (size_t s = 0; s < 2; s++) {
		const struct ebt_field_context context = { .user = context_user,
							   .cgroup = context_cgroup,
							   .names = model,
							   .mono_to_real_ns = TEST_BASE_NS };
		size_t count;
		const struct ebt_field *rows = ebt_fields_of(sets[s], &count);

		for (size_t i = 0; i < count; i++) {
			struct ebt_value v;

			if (!(rows[i].types & 1u << ev->type))
				continue;
			v = ebt_field_value(&rows[i], ev, &context);
			schema_check_row(&rows[i], rows[i].ecs, ecs, &v);
			schema_check_row(&rows[i], rows[i].ocsf, ocsf, &v);
			known += v.type != EBT_VALUE_UNKNOWN && v.type != EBT_VALUE_NONE;
		}
	}
	json_decref(ecs);
	json_decref(ocsf);
	ebt_model_free(&model);
	return known;
}

static unsigned fields_of(enum ebt_event_type type)
{
	size_t count, common, all = 0;
	const struct ebt_field *rows = ebt_fields_of(EBT_FIELDS_COMMON, &common);

	ebt_fields_of(type, &count);
	for (size_t i = 0; i < common; i++)
		all += rows[i].types >> type & 1;
	return (unsigned)(all + count);
}

/* Every field has a value here, so that none is passed over. */
static void test_exec_paths(void **state)
{
	struct ebt_event ev = full_exec();

	(void)state;
	assert_int_equal(schema_check(&ev), fields_of(EBT_EVENT_EXEC));
}

static void test_exit_paths(void **state)
{
	struct ebt_event exited = test_exit(3 << 8), killed = test_exit(11 | 0x80);

	(void)state;
	exited.exit.has_login = killed.exit.has_login = true;
	exited.exit.loginuid = killed.exit.loginuid = 1001;
	exited.exit.sessionid = killed.exit.sessionid = 8;
	/* It has either an exit code, or a signal and whether a core was dumped. */
	assert_int_equal(schema_check(&exited), fields_of(EBT_EVENT_EXIT) - 2);
	assert_int_equal(schema_check(&killed), fields_of(EBT_EVENT_EXIT) - 1);
}

static void test_other_paths(void **state)
{
	struct ebt_event lost = {
		.type = EBT_EVENT_LOST, .cpu = 5, .mono_ns = 234, .lost = { EBT_LOST_BUSY, 3 }
	};
	struct ebt_event homeo = full_homeo();

	(void)state;
	assert_int_equal(schema_check(&lost), fields_of(EBT_EVENT_LOST));
	assert_int_equal(schema_check(&homeo), fields_of(EBT_EVENT_HOMEO));
}

/* A value that is not known does not appear, and neither does one that is known to be none. */
static void test_unknown_is_left_out(void **state)
{
	struct ebt_event ev = test_exec(BYTES("ls\0"));
	json_t *o = object_of(EBT_SINK_ECS, &ev);

	(void)state;
	assert_non_null(at(o, "labels.cpu"));
	assert_null(at(o, "labels.loginuid"));
	assert_null(at(o, "labels.tty"));
	assert_null(at(o, "labels.exe_dev"));
	assert_null(at(o, "labels.args_lost"));
	json_decref(o);
	o = object_of(EBT_SINK_OCSF, &ev);
	assert_null(at(o, "unmapped.sessionid"));
	assert_null(at(o, "unmapped.tty"));
	assert_int_equal(json_array_size(at(o, "unmapped.flags")), 0);
	json_decref(o);
}

/* The exit of a recording of an earlier version has no login, in no output. */
static void test_exit_without_login(void **state)
{
	struct ebt_event ev = test_exit(0);
	json_t *o;

	(void)state;
	o = object_of(EBT_SINK_JSON, &ev);
	assert_null(at(o, "loginuid"));
	json_decref(o);
	o = object_of(EBT_SINK_ECS, &ev);
	assert_null(at(o, "labels.loginuid"));
	json_decref(o);
	o = object_of(EBT_SINK_OCSF, &ev);
	assert_null(at(o, "process.auid"));
	assert_null(at(o, "process.session"));
	json_decref(o);
	ev.exit.has_login = true;
	ev.exit.loginuid = ev.exit.sessionid = EBT_EV_UNSET;
	o = object_of(EBT_SINK_JSON, &ev);
	assert_true(json_is_null(at(o, "loginuid")));
	json_decref(o);
	o = object_of(EBT_SINK_OCSF, &ev);
	assert_null(at(o, "process.auid"));
	assert_null(at(o, "process.session"));
	json_decref(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exec_paths),
		cmocka_unit_test(test_exit_paths),
		cmocka_unit_test(test_other_paths),
		cmocka_unit_test(test_unknown_is_left_out),
		cmocka_unit_test(test_exit_without_login),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
