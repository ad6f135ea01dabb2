/* SPDX-License-Identifier: BSD-3-Clause */
/* The setup screen: values are changed, asked for and refused; columns; themes. */
#include <stdio.h>

#include "screen_fixture.h"

static void test_retune(void **state)
{
	struct ebt_ui_request req;

	(void)state;
	view_key(&v, 'S');
	view_draw(&v);
	view_key(&v, EBT_KEY_F5);
	assert_shows(&v, "nothing to apply");
	view_key(&v, EBT_KEY_DOWN); /* ring */
	view_key(&v, EBT_KEY_RIGHT);
	view_key(&v, EBT_KEY_DOWN); /* arguments: all */
	view_key(&v, EBT_KEY_LEFT);
	view_key(&v, EBT_KEY_DOWN); /* environment: off */
	view_key(&v, EBT_KEY_RIGHT);
	assert_shows(&v, "Not applied yet");
	view_key(&v, EBT_KEY_F5);
	assert_true(ebt_ui_next_request(v.ui, &req));
	assert_int_equal(req.type, EBT_REQ_RETUNE);
	assert_int_equal(req.tuning.ring_bytes, 8u << 20);
	assert_int_equal(req.tuning.args_limit_bytes, 1u << 20);
	assert_int_equal(req.tuning.env_limit_bytes, 64);
	assert_int_equal(req.tuning.scratch_bytes, 8192);
	v.status.tuning = req.tuning;
	v.status.compiling = true;
	v.status.compiling_since_ns = v.feed.now - 1500 * MS;
	assert_shows(&v, "compiling 1.50s");
}

static void type_value(const char *text)
{
	view_key(&v, EBT_KEY_ENTER);
	view_key(&v, EBT_KEY_CTRL_U);
	view_type(&v, text);
	view_key(&v, EBT_KEY_ENTER);
}

static void test_retune_typed(void **state)
{
	struct ebt_ui_request req;

	(void)state;
	view_key(&v, EBT_KEY_F2);
	type_value("100");
	assert_shows(&v, "Scratch: \"100\" is not between 512 and 32K");
	type_value("16K");
	view_key(&v, EBT_KEY_DOWN);
	type_value("5000000");
	assert_shows(&v, "not a power of two");
	view_key(&v, EBT_KEY_F5);
	assert_true(ebt_ui_next_request(v.ui, &req));
	assert_int_equal(req.tuning.scratch_bytes, 16384);
	assert_int_equal(req.tuning.ring_bytes, 4u << 20);
}

/* Others change what runs (--auto, `tune`) while a value is typed: only that one is asked for. */
static void test_retune_beside_others(void **state)
{
	struct ebt_ui_request req;

	(void)state;
	view_key(&v, EBT_KEY_F2);
	type_value("16K");
	v.status.tuning.ring_bytes = 1u << 20;
	snprintf(v.status.tuning.filter[EBT_UI_COMM], EBT_UI_FILTER_LEN, "make");
	assert_shows(&v, "Scratch        8.0K  > 16K");
	assert_shows(&v, "Ring           1.0M             k");
	view_key(&v, EBT_KEY_F5);
	assert_true(ebt_ui_next_request(v.ui, &req));
	assert_int_equal(req.shown.scratch_bytes, 8192);
	assert_int_equal(req.tuning.scratch_bytes, 16384);
	assert_int_equal(req.shown.ring_bytes, 1u << 20);
	assert_int_equal(req.tuning.ring_bytes, 1u << 20);
	assert_string_equal(req.tuning.filter[EBT_UI_COMM], "make");
	/* As somebody else wanted it, too: no wish any more, and what they do next is shown. */
	v.status.tuning.scratch_bytes = 16384;
	view_draw(&v);
	v.status.tuning.scratch_bytes = 4096;
	assert_shows(&v, "Scratch        4.0K             p");
	view_key(&v, EBT_KEY_F5);
	assert_shows(&v, "nothing to apply");
}

/* A refusal takes nothing away that was typed; what is typed after it is not what was refused. */
static void test_retune_refused(void **state)
{
	struct ebt_ui_request req;

	(void)state;
	view_key(&v, EBT_KEY_F2);
	type_value("1001");
	assert_shows(&v, "Scratch: 1001 is not a multiple of 8");
	type_value("1000");
	view_key(&v, EBT_KEY_F5);
	assert_int_equal(request(), EBT_REQ_RETUNE);
	v.status.refused = "no memory";
	assert_shows(&v, "Refused, what ran runs on: no memory");
	assert_shows(&v, "> 1000");
	view_key(&v, EBT_KEY_DOWN);
	view_key(&v, EBT_KEY_RIGHT);
	assert_shows(&v, "Not applied yet: F5");
	view_key(&v, EBT_KEY_F5);
	assert_true(ebt_ui_next_request(v.ui, &req));
	assert_int_equal(req.tuning.scratch_bytes, 1000);
	assert_int_equal(req.tuning.ring_bytes, 8u << 20);
	assert_shows(&v, "Refused, what ran runs on: no memory");
}

/* What came of the values is there whole on the smallest screen that is usual. */
static void test_refused_at_80x24(void **state)
{
	static const char why[] =
		"--cgroup /system.slice/there-is-no-such.service: there is no such "
		"cgroup of the v2 hierarchy (/sys/fs/cgroup/unified); the last "
		"line of /proc/PID/cgroup names that of a process";

	(void)state;
	view_close(&v);
	view_open(&v, 80, 24, true);
	view_key(&v, EBT_KEY_F2);
	assert_shows(&v, "F5 applies");
	view_key(&v, EBT_KEY_RIGHT);
	assert_shows(&v, "Not applied yet: F5");
	assert_shows(&v, "Cgroup    "); /* no value makes way for it */
	view_key(&v, EBT_KEY_F5);
	v.status.refused = why;
	assert_shows(&v, "Refused, what ran runs on: --cgroup");
	assert_shows(&v, "line of /proc/PID/cgroup names that of a process\n");
	assert_shows(&v, "Cgroup    ");
}

static void test_setup_columns(void **state)
{
	(void)state;
	view_key(&v, EBT_KEY_F2);
	view_key(&v, EBT_KEY_TAB);
	view_key(&v, EBT_KEY_TAB); /* columns of Events */
	assert_shows(&v, "[x] TIME");
	view_key(&v, ' ');
	assert_shows(&v, "[ ] TIME");
	view_key(&v, EBT_KEY_F8); /* CPU behind PID */
	view_key(&v, EBT_KEY_F6);
	assert_int_equal(request(), EBT_REQ_SAVE);
	assert_int_equal(ebt_ui_settings(v.ui)->events.id[0], EBT_RC_PID);
	assert_int_equal(ebt_ui_settings(v.ui)->events.id[1], EBT_RC_CPU);
	view_key(&v, EBT_KEY_END);
	view_key(&v, ' '); /* a hidden one */
	view_key(&v, EBT_KEY_ESC);
	assert_hides(&v, "TIME ");
	assert_int_equal(ebt_ui_current(v.ui), EBT_SCREEN_EVENTS);
}

static void test_command_column_stays(void **state)
{
	(void)state;
	view_key(&v, EBT_KEY_F2);
	view_key(&v, EBT_KEY_TAB);
	view_key(&v, EBT_KEY_TAB);
	for (int i = 0; i < ebt_ui_settings(v.ui)->events.count; i++)
		view_key(&v, EBT_KEY_DOWN);
	view_key(&v, EBT_KEY_UP); /* the last shown: COMMAND */
	view_key(&v, ' ');
	assert_shows(&v, "[x] COMMAND");
}

static void test_theme(void **state)
{
	unsigned before = ebt_ui_theme(v.ui);

	(void)state;
	view_key(&v, EBT_KEY_F2);
	view_key(&v, EBT_KEY_TAB);
	view_key(&v, EBT_KEY_RIGHT);
	assert_int_equal(request(), EBT_REQ_THEME);
	assert_int_not_equal(ebt_ui_theme(v.ui), before);
}

static void test_refusal(void **state)
{
	_cleanup_buf_ struct ebt_buf log = { 0 };

	(void)state;
	view_key(&v, 'e');
	assert_shows(&v, "no retune was refused");
	assert_int_equal(ebt_ui_current(v.ui), EBT_SCREEN_EVENTS);
	v.status.refused = "the BPF text does not compile";
	v.status.refusal =
		ebt_bytes_from("note: before\nx.c:1: error: no such thing\n\tu32 zero;\n\t^\n");
	view_key(&v, EBT_KEY_F2);
	assert_shows(&v, "Refused, what ran runs on: the BPF text does not compile (e: all of it)");
	view_key(&v, 'e');
	assert_int_equal(ebt_ui_current(v.ui), EBT_SCREEN_REFUSAL);
	assert_shows(&v, "line 2 of 4");
	assert_shows(&v, "\n x.c:1: error: no such thing\n         u32 zero;\n         ^\n");
	view_key(&v, EBT_KEY_UP);
	assert_shows(&v, "line 1 of 4");
	assert_shows(&v, "note: before");
	view_key(&v, EBT_KEY_RIGHT);
	assert_hides(&v, "note: before");
	view_key(&v, EBT_KEY_ESC);
	assert_int_equal(ebt_ui_current(v.ui), EBT_SCREEN_SETUP);
	view_key(&v, EBT_KEY_ESC);

	/* A log says at its end what is wrong. */
	for (int i = 1; i <= 1000; i++)
		ebt_buf_printf(&log, "%d: (bf) r1 = r%d\n", i, i % 10);
	v.status.refusal = (struct ebt_bytes){ log.data, log.len };
	view_key(&v, 'e');
	assert_shows(&v, "1000: (bf) r1 = r0");
	view_key(&v, EBT_KEY_HOME);
	assert_shows(&v, "line 1 of 1000");
	view_key(&v, EBT_KEY_PGUP);
	view_key(&v, EBT_KEY_PGDN);
	assert_hides(&v, " 2: (bf)");
	view_key(&v, EBT_KEY_END);
	assert_shows(&v, "1000: (bf) r1 = r0");
	/* It is read, and there is another one, or none. */
	v.status.refusal = ebt_bytes_from("short\n");
	view_key(&v, EBT_KEY_UP);
	assert_shows(&v, "line 1 of 1");
	v.status.refusal = (struct ebt_bytes){ 0 };
	view_key(&v, EBT_KEY_END);
	view_draw(&v);
	view_key(&v, 'q');
	assert_int_equal(ebt_ui_current(v.ui), EBT_SCREEN_EVENTS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_retune),		T(test_retune_typed),	      T(test_retune_beside_others),
		T(test_retune_refused), T(test_refused_at_80x24),     T(test_refusal),
		T(test_setup_columns),	T(test_command_column_stays), T(test_theme),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
