/* SPDX-License-Identifier: BSD-3-Clause */
/* The texts of a row of the history: the same line of JSON as of the event, the command line for a shell. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sink/sink_test.h"
#include "excerpt/excerpt.h"
#include "model/model.h"

static struct ebt_model *model;

static int setup(void **state)
{
	struct ebt_model_options options = { .ncpu = 4, .mono_to_real_ns = TEST_BASE_NS };

	(void)state;
	assert_int_equal(ebt_model_new(&model, &options), 0);
	ebt_model_set_cgroup(model, 77, "/system.slice/cron.service");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	ebt_model_free(&model);
	return 0;
}

static struct ebt_row newest(void)
{
	struct ebt_row row = { 0 };

	assert_true(ebt_snapshot_row(model, ebt_snapshot_newest(model), &row));
	return row;
}

static void assert_same_json(const struct ebt_event *ev)
{
	struct ebt_sink_options o = { .format = EBT_SINK_JSON, .names = model };
	_cleanup_buf_ struct ebt_buf out = { 0 };
	struct ebt_row row;
	size_t len;
	char *line;

	ebt_model_event(model, ev);
	row = newest();
	assert_int_equal(ebt_excerpt_json(&row, model, &out), 0);
	line = test_line(o, ev, &len);
	assert_string_equal(out.data, line);
	free(line);
}

static void test_json(void **state)
{
	struct ebt_event ev = test_exec(BYTES("ls\0-l\0\xff\0"));

	(void)state;
	assert_same_json(&ev);
	/* Everything that the table of fields knows of an exec. */
	ev.seq++;
	ev.mono_ns += 10;
	ev.exec.pid++;
	ev.exec.flags = EBT_EV_HAS_EXE | EBT_EV_HAS_CWD | EBT_EV_HAS_ENV | EBT_EV_HAS_TTY |
			EBT_EV_SCRIPT | EBT_EV_ARGS_TRUNCATED;
	ev.exec.exe = BYTES("/bin/sh");
	ev.exec.cwd = BYTES("/tmp");
	ev.exec.tty = BYTES("pts/3");
	ev.exec.env = BYTES("A=1\0B=\0");
	ev.exec.env_bytes = ev.exec.env_captured = (uint32_t)ev.exec.env.len;
	ev.exec.envc = 2;
	ev.exec.sessionid = 4;
	ev.exec.loginuid = 1000;
	ev.exec.exe_dev = 8u << 20 | 1;
	ev.exec.exe_ino = 12345;
	ev.exec.prev_comm = BYTES("bash");
	assert_same_json(&ev);
	/* A failed exec. */
	ev.seq++;
	ev.mono_ns += 10;
	ev.exec.ret = -2;
	assert_same_json(&ev);
}

/* The exit of a row is the event that ended it. */
static void test_end(void **state)
{
	struct ebt_event ev = test_exec(BYTES("ls\0")), end = test_exit(256), got;
	struct ebt_row row;

	(void)state;
	ebt_model_event(model, &ev);
	row = newest();
	assert_false(ebt_excerpt_exit(&row, &got));
	end.exit.lifetime_ns = end.mono_ns - end.exit.start_ns;
	ebt_model_event(model, &end);
	row = newest();
	assert_true(ebt_excerpt_exit(&row, &got));
	assert_int_equal(got.mono_ns, end.mono_ns);
	assert_int_equal(got.seq, end.seq);
	assert_int_equal(got.cpu, end.cpu);
	assert_int_equal(got.exit.pid, end.exit.pid);
	assert_int_equal(got.exit.status, end.exit.status);
	assert_int_equal(got.exit.lifetime_ns, end.exit.lifetime_ns);
	assert_int_equal(got.exit.utime_ns, end.exit.utime_ns);
	assert_int_equal(got.exit.maxrss_bytes, end.exit.maxrss_bytes);
}

static void assert_command(const struct ebt_event *ev, const char *expected)
{
	_cleanup_buf_ struct ebt_buf out = { 0 };
	struct ebt_row row;

	ebt_model_event(model, ev);
	row = newest();
	assert_int_equal(ebt_excerpt_command(&row, 0, &out), 0);
	assert_string_equal(out.data, expected);
}

static void test_command(void **state)
{
	struct ebt_event ev = test_exec(BYTES("ls\0two words\0it's\0a\033b\0"));

	(void)state;
	assert_command(&ev, "ls 'two words' 'it'\\''s' $(printf 'a\\033b')");
	/* Without arguments it is the file. */
	ev.seq++;
	ev.exec.args = BYTES("");
	ev.exec.filename = BYTES("/opt/my tool");
	assert_command(&ev, "'/opt/my tool'");
	ev.seq++;
	ev.exec.filename = BYTES("");
	assert_command(&ev, "ls");
}

static void test_no_exec(void **state)
{
	_cleanup_buf_ struct ebt_buf out = { 0 };
	struct ebt_row seeded = { .seeded = true, .mono_ns = 1 };
	struct ebt_row homeo = { .kind = EBT_ROW_HOMEO,
				 .mono_ns = 1,
				 .args = BYTES("a cause\n\0") };

	(void)state;
	assert_int_equal(ebt_excerpt_json(&seeded, model, &out), -EINVAL);
	assert_int_equal(ebt_excerpt_json(&homeo, model, &out), -EINVAL);
	assert_int_equal(out.len, 0);
	/* A newline would run what is pasted. */
	assert_int_equal(ebt_excerpt_command(&homeo, 0, &out), 0);
	assert_string_equal(out.data, "a cause\\n");
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { T(test_json), T(test_end), T(test_command),
					    T(test_no_exec) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
