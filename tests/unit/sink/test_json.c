/* SPDX-License-Identifier: BSD-3-Clause */
/* jansson is the strict reader here: whatever it refuses is not JSON. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <jansson.h>
#include <signal.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "sink_test.h"

/* The object of one event. Checks the form of the line on the way. */
static json_t *object_of(struct ebt_sink_options o, const struct ebt_event *ev)
{
	json_error_t error;
	json_t *object;
	size_t len;
	char *line;

	o.format = EBT_SINK_JSON;
	line = test_line(o, ev, &len);
	assert_non_null(line);
	assert_true(len > 2 && line[len - 1] == '\n');
	assert_int_equal(strlen(line), len);
	assert_ptr_equal(strchr(line, '\n'), line + len - 1);
	/* What a terminal would act on is never sent. */
	for (size_t i = 0; i < len - 1; i++)
		assert_true((unsigned char)line[i] >= 0x20 && line[i] != 0x7f);
	object = json_loadb(line, len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
	if (!object)
		fail_msg("%s at %d: %.300s", error.text, error.position, line);
	free(line);
	return object;
}

static const char *text(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_string(value))
		fail_msg("%s is not a string", key);
	return json_string_value(value);
}

static int64_t number(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_integer(value))
		fail_msg("%s is not a whole number", key);
	return json_integer_value(value);
}

static size_t unbase64(const char *in, char *out)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned bits = 0, have = 0;
	size_t n = 0;

	assert_int_equal(strlen(in) % 4, 0);
	for (; *in && *in != '='; in++) {
		const char *d = strchr(digits, *in);

		assert_non_null(d);
		bits = bits << 6 | (unsigned)(d - digits);
		have += 6;
		if (have >= 8) {
			have -= 8;
			out[n++] = (char)(bits >> have);
		}
	}
	assert_true(strlen(in) <= 2);
	return n;
}

static void a_plain_exec(void **state)
{
	struct ebt_event ev = test_exec(BYTES("ls\0-l\0"));
	_cleanup_free_ char *line = NULL;
	size_t len;

	line = test_line((struct ebt_sink_options){ .format = EBT_SINK_JSON }, &ev, &len);
	/* The whole text once, so that order and form are fixed. */
	assert_string_equal(
		line,
		"{\"v\":1,\"type\":\"exec\",\"ts\":\"2026-11-21T09:15:02.123456789Z\","
		"\"mono_ns\":123456789,\"cpu\":3,\"seq\":17,\"pid\":4242,\"ppid\":1,\"tid\":4242,"
		"\"uid\":1000,\"euid\":0,\"gid\":100,\"loginuid\":null,\"comm\":\"ls\","
		"\"filename\":\"/bin/ls\",\"cgroup_id\":77,\"pid_ns\":4026531836,"
		"\"mnt_ns\":4026531841,\"vpid\":4242,\"script\":false,\"ret\":0,"
		"\"args\":[\"ls\",\"-l\"],\"args_bytes\":6,\"args_captured\":6,\"flags\":[],"
		"\"argc\":2,\"egid\":101,\"sessionid\":null,\"start_ns\":99,\"parent_start_ns\":1,\"parent_comm\":\"init\"}"
		"\n");
}

static void a_full_exec(void **state)
{
	struct ebt_event ev = test_exec(BYTES("sh\0"));
	struct ebt_event_exec *e = &ev.exec;
	json_t *o, *list;

	e->flags = EBT_EV_HAS_EXE | EBT_EV_HAS_CWD | EBT_EV_HAS_ENV | EBT_EV_HAS_TTY |
		   EBT_EV_SCRIPT | 0xff | EBT_EV_EXE_DELETED | EBT_EV_CWD_DELETED |
		   EBT_EV_FILENAME_TRUNCATED | EBT_EV_EXE_UNREACHABLE | EBT_EV_CWD_UNREACHABLE;
	e->loginuid = 1000;
	e->sessionid = 3;
	e->ret = -2;
	e->tty = BYTES("pts0");
	e->prev_comm = BYTES("bash");
	e->exe = BYTES("/usr/bin/dash");
	e->cwd = BYTES("/");
	e->env = BYTES("A=1\0B=\0");
	e->env_bytes = 100;
	e->env_captured = 7;
	e->envc = 9;
	e->exe_dev = 8 << 20 | 1;
	e->exe_ino = UINT64_MAX >> 1;
	o = object_of((struct ebt_sink_options){ 0 }, &ev);
	assert_int_equal(number(o, "loginuid"), 1000);
	assert_int_equal(number(o, "sessionid"), 3);
	assert_int_equal(number(o, "ret"), -2);
	assert_string_equal(text(o, "tty"), "pts0");
	assert_string_equal(text(o, "prev_comm"), "bash");
	assert_string_equal(text(o, "exe"), "/usr/bin/dash");
	assert_string_equal(text(o, "cwd"), "/");
	assert_true(json_is_true(json_object_get(o, "script")));
	list = json_object_get(o, "env");
	assert_int_equal(json_array_size(list), 2);
	assert_string_equal(json_string_value(json_array_get(list, 1)), "B=");
	assert_int_equal(number(o, "env_bytes"), 100);
	assert_int_equal(number(o, "env_captured"), 7);
	assert_int_equal(number(o, "exe_ino"), (int64_t)(UINT64_MAX >> 1));
	list = json_object_get(o, "flags");
	assert_int_equal(json_array_size(list), 13);
	assert_string_equal(json_string_value(json_array_get(list, 0)), "args_truncated");
	assert_string_equal(json_string_value(json_array_get(list, 1)), "args_fault");
	assert_string_equal(json_string_value(json_array_get(list, 2)), "args_lost");
	json_decref(o);
}

static void what_is_unknown_is_left_out(void **state)
{
	static const char *const keys[] = { "tty",  "prev_comm", "exe",	 "cwd",	      "cgroup",
					    "env",  "env_bytes", "envc", "pid_ns",    "mnt_ns",
					    "vpid", "tid",	 "gid",	 "cgroup_id", "exe_ino" };
	struct ebt_event ev = test_exec(BYTES(""));
	json_t *o;

	ev.exec.pid_ns = ev.exec.mnt_ns = ev.exec.vpid = 0;
	ev.exec.tid = ev.exec.gid = EBT_EV_UNSET;
	ev.exec.cgroup_id = 0;
	o = object_of((struct ebt_sink_options){ 0 }, &ev);
	for (size_t i = 0; i < EBT_ARRAY_SIZE(keys); i++)
		if (json_object_get(o, keys[i]))
			fail_msg("%s is there", keys[i]);
	assert_int_equal(json_array_size(json_object_get(o, "args")), 0);
	json_decref(o);
	/* No terminal is known to be none. */
	ev.exec.flags |= EBT_EV_HAS_TTY;
	o = object_of((struct ebt_sink_options){ 0 }, &ev);
	assert_true(json_is_null(json_object_get(o, "tty")));
	json_decref(o);
}

static void exits(void **state)
{
	struct ebt_event ev = test_exit(3 << 8);
	json_t *o = object_of((struct ebt_sink_options){ 0 }, &ev);

	assert_string_equal(text(o, "type"), "exit");
	assert_string_equal(text(o, "ts"), "2026-11-21T09:15:02.223456789Z");
	assert_int_equal(number(o, "pid"), 4242);
	assert_int_equal(number(o, "exit_code"), 3);
	assert_true(json_is_null(json_object_get(o, "signal")));
	assert_int_equal(number(o, "utime_ns"), 400000);
	assert_int_equal(number(o, "stime_ns"), 100000);
	assert_int_equal(number(o, "maxrss_bytes"), 2 << 20);
	assert_int_equal(number(o, "lifetime_ns"), 1230000);
	assert_string_equal(text(o, "comm"), "ls");
	json_decref(o);
	ev = test_exit(SIGSEGV | 0x80);
	o = object_of((struct ebt_sink_options){ 0 }, &ev);
	assert_true(json_is_null(json_object_get(o, "exit_code")));
	assert_int_equal(number(o, "signal"), SIGSEGV);
	assert_true(json_is_true(json_object_get(o, "core_dumped")));
	json_decref(o);
}

static void losses_and_notes(void **state)
{
	static const char *const causes[] = { "ring", "busy", "unknown" };
	struct ebt_event ev = { .type = EBT_EVENT_LOST, .cpu = 5, .mono_ns = 1 };
	json_t *o;

	for (int cause = EBT_LOST_RING; cause <= EBT_LOST_UNKNOWN; cause++) {
		ev.lost.cause = (enum ebt_lost_cause)cause;
		ev.lost.count = 1ull << 40;
		ev.lost.uid = cause ? EBT_EV_UNSET : 1000;
		o = object_of((struct ebt_sink_options){ 0 }, &ev);
		assert_string_equal(text(o, "type"), "lost");
		assert_string_equal(text(o, "cause"), causes[cause]);
		assert_int_equal(number(o, "cpu"), 5);
		assert_int_equal(number(o, "count"), 1ll << 40);
		assert_null(json_object_get(o, "seq"));
		if (cause)
			assert_null(json_object_get(o, "uid"));
		else
			assert_int_equal(number(o, "uid"), 1000);
		json_decref(o);
	}
	ev = (struct ebt_event){ .type = EBT_EVENT_NOTE, .note.text = BYTES("clock \"stepped\"") };
	o = object_of((struct ebt_sink_options){ 0 }, &ev);
	assert_string_equal(text(o, "type"), "note");
	assert_string_equal(text(o, "text"), "clock \"stepped\"");
	json_decref(o);
}

/* Every byte, and every kind of invalid UTF-8, comes back exactly through args_b64. */
static void bytes_that_are_not_utf8(void **state)
{
	char args[3 * 255], back[4096];
	struct ebt_event ev;
	json_t *o;
	size_t n = 0;

	for (int c = 1; c < 256; c++) {
		args[n++] = (char)c;
		args[n++] = 'x';
		args[n++] = '\0';
	}
	ev = test_exec((struct ebt_bytes){ args, n });
	ev.exec.comm = BYTES("\xff");
	ev.exec.filename = BYTES("/tmp/\xc0\xaf");
	o = object_of((struct ebt_sink_options){ 0 }, &ev);
	assert_int_equal(json_array_size(json_object_get(o, "args")), 255);
	for (int c = 1; c < 256; c++) {
		const char *arg =
			json_string_value(json_array_get(json_object_get(o, "args"), c - 1));

		if (c < 0x80) {
			assert_int_equal(arg[0], c);
			assert_string_equal(arg + 1, "x");
		} else {
			assert_string_equal(arg, "\xef\xbf\xbdx");
		}
	}
	assert_int_equal(unbase64(text(o, "args_b64"), back), n);
	assert_memory_equal(back, args, n);
	assert_string_equal(text(o, "comm"), "\xef\xbf\xbd");
	assert_string_equal(text(o, "comm_b64"), "/w==");
	assert_string_equal(text(o, "filename"), "/tmp/\xef\xbf\xbd\xef\xbf\xbd");
	assert_int_equal(unbase64(text(o, "filename_b64"), back), 7);
	json_decref(o);
}

/* Valid text is the same text when read back, whatever is in it. */
static void text_survives(void **state)
{
	static const struct ebt_bytes cases[] = {
		BYTES("plain"),
		BYTES("quote \" and \\ and / in text that is longer than a word"),
		BYTES("\x01\x1b[31m\a\b\f\n\r\t\v\x7f"),
		BYTES("h\xc3\xa9llo \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x98\x80"),
		BYTES("\xe2\x80\xae bidi \xe2\x80\x8b zero \xc2\x9b C1 \xf3\xa0\x81\x81 tag"),
		BYTES("e\xcc\x81 \xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81 marks"),
		BYTES("\xef\xbf\xbd replacement, \xef\xbf\xbe not a character, \xf4\x8f\xbf\xbf "
		      "last"),
		BYTES("\xee\x80\x80 private \xef\xb8\x8f selector"),
	};

	for (size_t i = 0; i < EBT_ARRAY_SIZE(cases); i++) {
		char args[256];
		struct ebt_event ev;
		json_t *o, *arg;

		/* at each distance from the eight-byte steps */
		for (size_t pad = 0; pad < 9; pad++) {
			memset(args, 'p', pad);
			memcpy(args + pad, cases[i].data, cases[i].len + 1);
			ev = test_exec((struct ebt_bytes){ args, pad + cases[i].len + 1 });
			o = object_of((struct ebt_sink_options){ 0 }, &ev);
			arg = json_array_get(json_object_get(o, "args"), 0);
			assert_int_equal(json_string_length(arg), pad + cases[i].len);
			assert_memory_equal(json_string_value(arg), args, pad + cases[i].len);
			assert_null(json_object_get(o, "args_b64"));
			json_decref(o);
		}
	}
}

static uint32_t lcg(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void random_bytes(void **state)
{
	_cleanup_buf_ struct ebt_buf want = { 0 };
	static char args[70000], back[70000];
	uint32_t seed = 11;

	for (int round = 0; round < 400; round++) {
		size_t len = round < 380 ? lcg(&seed) % 200 : 60000 + lcg(&seed) % 9000;
		bool ascii = lcg(&seed) % 2;
		struct ebt_bytes rest, arg;
		struct ebt_event ev;
		json_t *o, *list;
		size_t i = 0;

		for (size_t k = 0; k < len; k++)
			args[k] = (char)(lcg(&seed) % (ascii ? 128 : 256));
		ev = test_exec((struct ebt_bytes){ args, len });
		o = object_of((struct ebt_sink_options){ 0 }, &ev);
		list = json_object_get(o, "args");
		rest = ev.exec.args;
		while (ebt_text_next_arg(&rest, &arg)) {
			json_t *got = json_array_get(list, i++);

			ebt_buf_reset(&want);
			ebt_text_repair_utf8(&want, arg);
			assert_int_equal(json_string_length(got), want.len);
			if (want.len)
				assert_memory_equal(json_string_value(got), want.data, want.len);
		}
		assert_int_equal(json_array_size(list), i);
		if (ebt_text_is_utf8(ev.exec.args)) {
			assert_null(json_object_get(o, "args_b64"));
		} else {
			assert_int_equal(unbase64(text(o, "args_b64"), back), len);
			assert_memory_equal(back, args, len);
		}
		json_decref(o);
	}
}

/* The largest that the kernel lets through, all of it bytes that cost most. */
static void largest_event(void **state)
{
	size_t len = 6u << 20;
	_cleanup_free_ char *args = malloc(len), *back = malloc(len + 3);
	struct ebt_event ev;
	json_t *o;

	memset(args, '\x01', len);
	args[5] = '\xff';
	ev = test_exec((struct ebt_bytes){ args, len });
	ev.exec.flags |= EBT_EV_HAS_ENV;
	ev.exec.env = ev.exec.args;
	o = object_of((struct ebt_sink_options){ 0 }, &ev);
	assert_int_equal(unbase64(text(o, "args_b64"), back), len);
	assert_memory_equal(back, args, len);
	assert_int_equal(json_string_length(json_array_get(json_object_get(o, "env"), 0)), len + 2);
	json_decref(o);
}

static void names_of_cgroups(void **state)
{
	struct ebt_model_options mo = { .ncpu = 1 };
	struct ebt_model *model = NULL;
	struct ebt_event ev = test_exec(BYTES("ls\0"));
	json_t *o;

	assert_int_equal(ebt_model_new(&model, &mo), 0);
	ebt_model_set_cgroup(model, 77, "/system.slice/a\x1b.service");
	o = object_of((struct ebt_sink_options){ .names = model }, &ev);
	assert_string_equal(text(o, "cgroup"), "/system.slice/a\x1b.service");
	json_decref(o);
	ev.exec.cgroup_id = 78;
	o = object_of((struct ebt_sink_options){ .names = model }, &ev);
	assert_null(json_object_get(o, "cgroup"));
	assert_int_equal(number(o, "cgroup_id"), 78);
	json_decref(o);
	ebt_model_free(&model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plain_exec),
		cmocka_unit_test(a_full_exec),
		cmocka_unit_test(what_is_unknown_is_left_out),
		cmocka_unit_test(exits),
		cmocka_unit_test(losses_and_notes),
		cmocka_unit_test(bytes_that_are_not_utf8),
		cmocka_unit_test(text_survives),
		cmocka_unit_test(random_bytes),
		cmocka_unit_test(largest_event),
		cmocka_unit_test(names_of_cgroups),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
