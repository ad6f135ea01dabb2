/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "base/cleanup.h"
#include "sink_test.h"

static void line_is(struct ebt_sink_options o, const struct ebt_event *ev, const char *want)
{
	size_t len;
	_cleanup_free_ char *line = test_line(o, ev, &len);

	assert_non_null(line);
	assert_string_equal(line, want);
}

static void execs(void **state)
{
	struct ebt_sink_options o = { .format = EBT_SINK_TEXT };
	struct ebt_event ev = test_exec(BYTES("ls\0-l\0my file\0"));

	line_is(o, &ev, "09:15:02.123 exec    4242       1 1000     0       ls -l 'my file'\n");
	ev.exec.ret = -ENOENT;
	ev.exec.ppid = EBT_EV_UNSET;
	ev.exec.uid = EBT_EV_UNSET;
	line_is(o, &ev,
		"09:15:02.123 exec    4242       ? ?        ENOENT  (/bin/ls) ls -l 'my file'\n");
	ev = test_exec(BYTES(""));
	line_is(o, &ev, "09:15:02.123 exec    4242       1 1000     0       (/bin/ls)\n");
	ev.exec.filename = BYTES("");
	line_is(o, &ev, "09:15:02.123 exec    4242       1 1000     0       (ls)\n");
}

/* Events of all kinds have the same columns. */
static void columns_of_all(void **state)
{
	struct ebt_sink_options o = { .format = EBT_SINK_TEXT,
				      .columns = "what,pid,uid,result,command" };
	struct ebt_event ev = test_exec(BYTES("ls\0-l\0"));

	line_is(o, &ev, "exec    4242  1000 0       ls -l\n");
	ev = test_exit(1 << 8);
	line_is(o, &ev, "exit    4242  1000 1       [ls]\n");
	ev = (struct ebt_event){ .type = EBT_EVENT_LOST,
				 .cpu = 3,
				 .lost = { EBT_LOST_RING, 7, 1000 } };
	line_is(o, &ev,
		"lost       -  1000 ring    "
		"[7 events on CPU 3: the ring was full (a larger --ring helps)]\n");
	ev = (struct ebt_event){ .type = EBT_EVENT_NOTE, .note.text = BYTES("hello\n") };
	line_is(o, &ev, "note       -     - -       [hello\\n]\n");
}

static void dates(void **state)
{
	struct ebt_sink_options o = { .format = EBT_SINK_TEXT, .date = true };
	struct ebt_event ev = test_exec(BYTES("ls\0"));

	setenv("TZ", "XST-5:45", 1);
	tzset();
	line_is(o, &ev, "2026-11-21T15:00:02.123+05:45 exec    4242       1 1000     0       ls\n");
	o.columns = "date,pid";
	line_is(o, &ev, "2026-11-21T15:00:02.123+05:45    4242\n");
	setenv("TZ", "UTC", 1);
	tzset();
}

static void what_is_missing_is_said(void **state)
{
	struct ebt_sink_options o = { .format = EBT_SINK_TEXT };
	struct ebt_event ev = test_exec(BYTES("ls\0-l"));

	ev.exec.args_bytes = 900;
	ev.exec.flags = EBT_EV_ARGS_TRUNCATED;
	line_is(o, &ev,
		"09:15:02.123 exec    4242       1 1000     0       "
		"ls -l [5 of 900 bytes: cut by --args]\n");
	ev.exec.flags = EBT_EV_ARGS_LOST | EBT_EV_ARGS_FAULT;
	line_is(o, &ev,
		"09:15:02.123 exec    4242       1 1000     0       "
		"ls -l [5 of 900 bytes: the rest was lost] [some bytes were unreadable]\n");
}

static void hostile_bytes(void **state)
{
	struct ebt_sink_options o = { .format = EBT_SINK_TEXT };
	struct ebt_event ev = test_exec(BYTES("a\nb\0\x1b[2J\xe2\x80\xae\0h\xc3\xa9\0"));

	line_is(o, &ev,
		"09:15:02.123 exec    4242       1 1000     0       "
		"(/bin/ls) \"$(printf 'a\\nb')\" \"$(printf '\\033[2J\\342\\200\\256')\" 'h\xc3\xa9'\n");
	o.ascii = true;
	line_is(o, &ev,
		"09:15:02.123 exec    4242       1 1000     0       "
		"(/bin/ls) \"$(printf 'a\\nb')\" \"$(printf '\\033[2J\\342\\200\\256')\" $(printf 'h\\303\\251')\n");
	o.raw = true;
	line_is(o, &ev,
		"09:15:02.123 exec    4242       1 1000     0       "
		"(/bin/ls) a\nb \x1b[2J\xe2\x80\xae h\xc3\xa9\n");
	ev = test_exit(1 << 8);
	ev.exit.comm = BYTES("x\x1b]0;\a");
	o.raw = false;
	line_is(o, &ev,
		"09:15:02.223 exit    4242       1 1000     1       "
		"[x\\e]0;\\a] after 1.23ms, cpu 500us, max rss 2.0M\n");
}

static void exits_that_tell_something(void **state)
{
	struct ebt_sink_options o = { .format = EBT_SINK_TEXT };
	struct ebt_event ev = test_exit(0);

	line_is(o, &ev, "");
	ev = test_exit(SIGKILL);
	line_is(o, &ev,
		"09:15:02.223 exit    4242       1 1000     KILL    "
		"[ls] after 1.23ms, cpu 500us, max rss 2.0M\n");
}

static void losses_and_notes(void **state)
{
	struct ebt_sink_options o = { .format = EBT_SINK_TEXT };
	struct ebt_event ev = { .type = EBT_EVENT_LOST,
				.cpu = 2,
				.lost = { EBT_LOST_RING, 12, EBT_EV_UNSET } };

	line_is(o, &ev,
		"09:15:02.000 lost 12 events on CPU 2: the ring was full (a larger --ring "
		"helps)\n");
	ev.lost.cause = EBT_LOST_BUSY;
	line_is(o, &ev,
		"09:15:02.000 lost 12 events on CPU 2: both scratch slots of the CPU were taken\n");
	ev.lost.uid = 65534;
	line_is(o, &ev,
		"09:15:02.000 lost 12 events of user 65534 on CPU 2: both scratch slots of the CPU "
		"were taken\n");
	ev = (struct ebt_event){ .type = EBT_EVENT_NOTE, .note.text = BYTES("so\x1b") };
	line_is(o, &ev, "09:15:02.000 note so\\e\n");
}

static void users_and_header(void **state)
{
	struct ebt_model_options mo = { .ncpu = 1 };
	struct ebt_model *model = NULL;
	struct ebt_sink_options o = { .format = EBT_SINK_TEXT, .header = true };
	struct ebt_event ev = test_exec(BYTES("ls\0"));

	assert_int_equal(ebt_model_new(&model, &mo), 0);
	o.names = model;
	ebt_model_set_user(model, 1000, "kim");
	line_is(o, &ev,
		"TIME         WHAT     PID    PPID USER     RESULT  COMMAND\n"
		"09:15:02.123 exec    4242       1 kim      0       ls\n");
	o.header = false;
	ebt_model_set_user(model, 1000, "12345678");
	line_is(o, &ev, "09:15:02.123 exec    4242       1 12345678 0       ls\n");
	ebt_model_set_user(model, 1000, "123456789");
	line_is(o, &ev, "09:15:02.123 exec    4242       1 1234567+ 0       ls\n");
	ev.exec.uid = 4294967294u; /* a number is never cut */
	line_is(o, &ev, "09:15:02.123 exec    4242       1 4294967294 0       ls\n");
	ebt_model_free(&model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(execs),
		cmocka_unit_test(columns_of_all),
		cmocka_unit_test(dates),
		cmocka_unit_test(what_is_missing_is_said),
		cmocka_unit_test(hostile_bytes),
		cmocka_unit_test(exits_that_tell_something),
		cmocka_unit_test(losses_and_notes),
		cmocka_unit_test(users_and_header),
	};
	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
