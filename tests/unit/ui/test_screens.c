/* SPDX-License-Identifier: BSD-3-Clause */
/* What keys do in details and the Lab; requests, messages, pace. */
#include <stdio.h>

#include "screen_fixture.h"

static void assert_selected(const char *text)
{
	const char *line = view_role(&v, EBT_ROLE_SELECTED);

	if (!strstr(line, text))
		fail_msg("the cursor is on \"%s\", not on \"%s\"", line, text);
}

static void test_details(void **state)
{
	(void)state;
	view_key(&v, '/');
	view_type(&v, "^git commit\r");
	view_key(&v, EBT_KEY_ENTER);
	assert_int_equal(ebt_ui_current(v.ui), EBT_SCREEN_DETAILS);
	assert_shows(&v, "Arguments (4, 37 bytes)");
	assert_shows(&v, "    3    22 it's done: \"all\" of it"); /* number, length, as it is */
	assert_shows(&v, "exited with status 0 after 12.0ms");
	view_key(&v, 'P');
	assert_shows(&v, "Process 1201 bash");
	view_key(&v, EBT_KEY_ESC); /* back the same way */
	assert_int_equal(ebt_ui_current(v.ui), EBT_SCREEN_DETAILS);
	assert_shows(&v, "exited with status 0 after 12.0ms");
	view_key(&v, EBT_KEY_ESC);
	assert_int_equal(ebt_ui_current(v.ui), EBT_SCREEN_EVENTS);
}

static void test_details_search(void **state)
{
	(void)state;
	view_key(&v, EBT_KEY_HOME); /* make, with its environment */
	view_draw(&v);
	view_key(&v, EBT_KEY_ENTER);
	view_draw(&v);
	view_key(&v, '/');
	view_type(&v, "term=xterm\r");
	assert_string_equal(view_role(&v, EBT_ROLE_MATCH), "TERM=xterm");
	view_key(&v, '/');
	view_type(&v, "alice\r");
	assert_string_equal(view_role(&v, EBT_ROLE_MATCH), "alice");
	for (int i = 0; i < 12; i++) {
		view_key(&v, i % 3 ? 'n' : 'N');
		assert_string_equal(view_role(&v, EBT_ROLE_MATCH), "alice");
	}
}

/* The details of an exec with `times` arguments of len letters a; "qqq" is in the last at `at`. */
static void open_long(size_t times, size_t len, size_t at)
{
	_cleanup_buf_ struct ebt_buf args = { 0 };
	_cleanup_free_ char *text = malloc(len + 1);
	struct feed_exec e = { .pid = 9000, .ppid = 1201, .comm = "long", .exe = "long" };

	memset(text, 'a', len);
	text[len] = '\0';
	for (size_t i = 0; i < times; i++) {
		if (i == times - 1)
			memcpy(text + at, "qqq", 3);
		ebt_buf_append(&args, text, len + 1);
	}
	e.args = (struct ebt_bytes){ args.data, args.len };
	v.feed.now += MS;
	feed_exec(&v.feed, &e);
	view_draw(&v);
	view_key(&v, EBT_KEY_ENTER);
	view_draw(&v);
}

/* A pattern that matches nothing at all, everywhere, finds what is not empty. */
static void test_details_search_empty(void **state)
{
	(void)state;
	open_long(12, 500, 410);
	view_key(&v, '/');
	view_type(&v, "q*\r");
	assert_string_equal(view_role(&v, EBT_ROLE_MATCH), "qqq");
	view_key(&v, '/');
	view_type(&v, "qq"); /* while it is typed, each time from where it began */
	assert_string_equal(view_role(&v, EBT_ROLE_MATCH), "qq");
	view_type(&v, "q");
	assert_string_equal(view_role(&v, EBT_ROLE_MATCH), "qqq");
	view_key(&v, EBT_KEY_ENTER);
	view_key(&v, 'N'); /* round, to itself */
	assert_string_equal(view_role(&v, EBT_ROLE_MATCH), "qqq");
	view_key(&v, '/');
	view_type(&v, "~*\r");
	view_key(&v, 'N');
	assert_shows(&v, "not found");
}

/* An argument is longer than what is searched at once. */
static void test_details_search_long(void **state)
{
	(void)state;
	open_long(2, 70000, 66030);
	view_key(&v, '/');
	view_type(&v, "qqq\r");
	assert_string_equal(view_role(&v, EBT_ROLE_MATCH), "qqq");
	view_key(&v, 'N');
	assert_string_equal(view_role(&v, EBT_ROLE_MATCH), "qqq");
}

/* What is looked at stays when the history forgets it, and what ends meanwhile is shown ended. */
static void test_details_live(void **state)
{
	uint64_t start;

	(void)state;
	view_exec(&v, 9000, "short");
	start = v.feed.now;
	view_draw(&v);
	view_key(&v, EBT_KEY_ENTER);
	assert_shows(&v, "running for");
	v.feed.now += 30 * MS;
	feed_exit(&v.feed, 9000, start, 0, 3 << 8);
	assert_shows(&v, "exited with status 3");
	ebt_model_clear(v.feed.model);
	assert_shows(&v, "Process 9000 short");
}

static bool nobody_is_there(uint32_t pid, uint64_t start_ns, void *arg)
{
	return false;
}

/* An end that nobody saw is not the end by another exec. */
static void test_unknown_end(void **state)
{
	(void)state;
	view_exec(&v, 9000, "unseen");
	assert_shows(&v, "run ");
	for (int i = 0; i < 2; i++)
		ebt_model_reap(v.feed.model, nobody_is_there, NULL, v.feed.now);
	assert_shows(&v, "9000    1201 alice      ? ");
	view_key(&v, '\\');
	view_type(&v, "unseen\r");
	view_key(&v, EBT_KEY_F5);
	assert_shows(&v, "\xe2\x80\xa0 unseen"); /* marked as ended in the tree */
	view_key(&v, '2');
	view_draw(&v);
	view_key(&v, EBT_KEY_ENTER);
	assert_shows(&v, "ended, and how is not known");
}

static const char *describe(const struct ebt_row *row, void *arg)
{
	(void)arg;
	return row->pid == 9000 ? "ELF 64-bit \x1b[1m" : NULL;
}

static void test_describe(void **state)
{
	struct ebt_ui_options options = { .screens = ebt_ui_screens,
					  .unicode = true,
					  .describe_exe = describe };

	(void)state;
	ebt_ui_free(&v.ui);
	assert_int_equal(ebt_ui_new(&v.ui, &options, v.feed.model), 0);
	view_key(&v, '2');
	view_exec(&v, 9000, "elf");
	ebt_grid_resize(&v.grid, 100, 60);
	view_draw(&v);
	view_key(&v, EBT_KEY_ENTER);
	assert_shows(&v, "ELF 64-bit \\e[1m");
	/* without colours the theme is the monochrome one */
	assert_string_equal(ebt_themes[ebt_ui_theme(v.ui)].name, "monochrome");
}

static void test_requests(void **state)
{
	(void)state;
	view_key(&v, 'X'); /* asked first */
	assert_int_equal(request(), EBT_REQ_NONE);
	view_key(&v, EBT_KEY_ENTER);
	assert_int_equal(request(), EBT_REQ_CLEAR);
	view_key(&v, EBT_KEY_CTRL_L);
	assert_int_equal(request(), EBT_REQ_REDRAW);
	view_key(&v, '/'); /* from within a prompt too */
	view_key(&v, EBT_KEY_CTRL_Z);
	assert_int_equal(request(), EBT_REQ_SUSPEND);
	view_key(&v, EBT_KEY_ESC);
	view_key(&v, '6');
	assert_int_equal(request(), EBT_REQ_LAB);
	view_key(&v, EBT_KEY_CTRL_C);
	assert_int_equal(request(), EBT_REQ_QUIT);
	assert_int_equal(request(), EBT_REQ_NONE);
	/* nobody takes them: the queue is bounded and the last counts */
	for (int i = 0; i < 100; i++)
		view_key(&v, EBT_KEY_CTRL_L);
	view_key(&v, 'q');
	enum ebt_ui_request_type last = EBT_REQ_NONE, one;

	while ((one = request()) != EBT_REQ_NONE)
		last = one;
	assert_int_equal(last, EBT_REQ_QUIT);
}

/* Pressing q cannot end a command that still runs by accident. */
static void test_questions(void **state)
{
	(void)state;
	view_key(&v, 'X');
	assert_shows(&v, "rows of the history?");
	view_key(&v, 'x'); /* no answer */
	assert_shows(&v, "rows of the history?");
	view_key(&v, EBT_KEY_ESC);
	assert_hides(&v, "rows of the history?");
	assert_int_equal(request(), EBT_REQ_NONE);

	v.status.command = "make";
	v.status.command_runs = true;
	view_key(&v, 'q');
	assert_shows(&v, "make still runs");
	view_key(&v, EBT_KEY_ESC);
	assert_int_equal(request(), EBT_REQ_NONE);
	view_key(&v, 'q');
	view_key(&v, EBT_KEY_ENTER);
	assert_int_equal(request(), EBT_REQ_QUIT);
	view_key(&v, EBT_KEY_F10);
	view_key(&v, 'k');
	assert_int_equal(request(), EBT_REQ_QUIT_AND_KILL);
	view_key(&v, EBT_KEY_CTRL_C);
	view_key(&v, EBT_KEY_CTRL_C);
	assert_int_equal(request(), EBT_REQ_QUIT_AND_KILL);
	/* The answers fit beside a long name and on a narrow screen. */
	v.status.command = "a-command-with-a-name-that-is-longer-than-the-screen-is-wide";
	ebt_grid_resize(&v.grid, 40, 12);
	view_key(&v, 'q');
	assert_shows(&v, "kKill it ");
	assert_shows(&v, "EscGo on");
	view_key(&v, EBT_KEY_ESC);
	v.status.command_runs = false;
	view_key(&v, 'q');
	assert_int_equal(request(), EBT_REQ_QUIT);
}

static void test_lab(void **state)
{
	(void)state;
	view_key(&v, '6');
	assert_shows(&v, "96 of 512 bytes");
	assert_selected("u32 slot = 0;");
	assert_true(strstr(view_role(&v, EBT_ROLE_MATCH), "r1 = 0") != NULL);
	view_key(&v, EBT_KEY_DOWN);
	assert_selected("scratch.lookup");
	assert_true(strstr(view_role(&v, EBT_ROLE_MATCH), "call bpf_map_lookup_elem") != NULL);
	view_key(&v, ' '); /* by instructions */
	view_key(&v, EBT_KEY_END);
	assert_selected("exit");
	assert_true(strstr(view_role(&v, EBT_ROLE_MATCH), "return 0;") != NULL);
	view_key(&v, EBT_KEY_ENTER);
	assert_shows(&v, "handle_exit");
	assert_shows(&v, "the source of this program is not known");
	ebt_ui_set_lab(v.ui, NULL);
	assert_shows(&v, "being fetched");
}

/* Frames cost nothing when nothing happens. */
static void test_timeout(void **state)
{
	(void)state;
	view_draw(&v);
	assert_int_equal(ebt_ui_timeout_ms(v.ui, v.feed.now), 1000);
	assert_int_equal(ebt_ui_timeout_ms(v.ui, v.feed.now + 400 * MS), 600);
	assert_int_equal(ebt_ui_timeout_ms(v.ui, v.feed.now + SEC), 0);
	view_key(&v, '~');
	assert_int_equal(ebt_ui_timeout_ms(v.ui, v.feed.now), 0); /* a key: at once */
	view_draw(&v);
	view_exec(&v, 9000, "x");
	assert_in_range(ebt_ui_timeout_ms(v.ui, v.feed.now), 1, 50); /* an event: soon */
	view_key(&v, '3');
	view_draw(&v);
	view_exec(&v, 9001, "x");
	assert_in_range(ebt_ui_timeout_ms(v.ui, v.feed.now), 900, 1000); /* Top: at its pace */
	ebt_ui_touch(v.ui);
	assert_int_equal(ebt_ui_timeout_ms(v.ui, v.feed.now), 0);
}

static void test_messages(void **state)
{
	(void)state;
	ebt_ui_message(EBT_LOG_WARN, "the compiler said no", v.ui);
	assert_shows(&v, "the compiler said no");
	v.feed.now += 10 * (uint64_t)SEC;
	view_draw(&v);
	assert_hides(&v, "the compiler said no");
	view_key(&v, '5'); /* kept there */
	ebt_grid_resize(&v.grid, 100, 50);
	assert_shows(&v, "the compiler said no");
}

static void assert_way(const uint32_t *keys, const enum ebt_ui_screen *back)
{
	while (*keys)
		view_key(&v, *keys++);
	do {
		view_key(&v, EBT_KEY_ESC);
		assert_int_equal(ebt_ui_current(v.ui), *back);
	} while (*back++ != EBT_SCREEN_EVENTS);
}

/* Help, setup and refusal lead to each other, and always back. */
static void test_way_back(void **state)
{
	static const uint32_t f[] = { EBT_KEY_F1, EBT_KEY_F2, EBT_KEY_F1, 0 },
			      letters[] = { 'S', 'h', 'C', 0 },
			      once[] = { EBT_KEY_F1, EBT_KEY_F2, 0 },
			      refusal[] = { 'S', 'e', EBT_KEY_F1, EBT_KEY_F2, 0 },
			      all[] = { 'e', EBT_KEY_F2, EBT_KEY_F1, EBT_KEY_F2, 'e', 0 },
			      details[] = { EBT_KEY_ENTER, EBT_KEY_F1, EBT_KEY_F2, EBT_KEY_F1, 0 };
	static const enum ebt_ui_screen list[] = { EBT_SCREEN_EVENTS },
					help[] = { EBT_SCREEN_HELP, EBT_SCREEN_EVENTS },
					from_details[] = { EBT_SCREEN_DETAILS, EBT_SCREEN_EVENTS };

	(void)state;
	v.status.refused = "the BPF text does not compile";
	v.status.refusal = ebt_bytes_from("x.c:1: error\n");
	assert_way(f, list);
	assert_way(letters, list);
	assert_way(once, help);
	assert_way(refusal, list);
	assert_way(all, list);
	assert_way(details, from_details);
}

static void test_accounting_broken(void **state)
{
	(void)state;
	assert_shows(&v, "losing events"); /* the script lost 12 */
	v.feed.now += 11 * (uint64_t)SEC;
	feed_tick(&v.feed);
	assert_shows(&v, "keeping up");
	v.feed.counters[1].seen += 3; /* three that are nowhere */
	v.feed.counters[1].lost_ring += 1;
	for (int i = 0; i < 4; i++) {
		v.feed.now += SEC;
		feed_tick(&v.feed);
	}
	assert_shows(&v, "Lost 13");
	assert_shows(&v, "accounting BROKEN");
	view_key(&v, '5');
	assert_shows(&v, "lost:ring 13");
}

/* What to press first goes by itself, or with the first key. */
static void test_hint(void **state)
{
	struct ebt_ui_options options = { .screens = ebt_ui_screens };

	(void)state;
	assert_hides(&v, "F1 explains"); /* a key was pressed */
	for (int key = 0; key < 2; key++) {
		ebt_ui_free(&v.ui);
		assert_int_equal(ebt_ui_new(&v.ui, &options, v.feed.model), 0);
		ebt_ui_set_status(v.ui, &v.status);
		assert_shows(&v, "Enter opens the selected row");
		v.feed.now += 9 * (uint64_t)SEC;
		assert_shows(&v, "F1 explains");
		if (key)
			view_key(&v, 'm');
		else
			v.feed.now += 1 * (uint64_t)SEC;
		assert_hides(&v, "F1 explains");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_details),
		T(test_details_search),
		T(test_details_search_empty),
		T(test_details_search_long),
		T(test_details_live),
		T(test_unknown_end),
		T(test_describe),
		T(test_requests),
		T(test_questions),
		T(test_lab),
		T(test_timeout),
		T(test_messages),
		T(test_accounting_broken),
		T(test_hint),
		T(test_way_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
