/* SPDX-License-Identifier: BSD-3-Clause */
/* What keys and the mouse do in the lists. */
#include <stdio.h>

#include "screen_fixture.h"

static void test_follow(void **state)
{
	(void)state;
	view_exec(&v, 9001, "newest");
	assert_shows(&v, "newest"); /* follows at start */
	view_key(&v, EBT_KEY_PGUP);
	view_draw(&v);
	for (uint32_t i = 0; i < 60; i++)
		view_exec(&v, 9100 + i, "later");
	assert_hides(&v, "later"); /* stands where one reads */
	view_key(&v, 'F');
	assert_shows(&v, "later");
	view_key(&v, EBT_KEY_UP);
	view_draw(&v);
	view_exec(&v, 9300, "after-up");
	assert_hides(&v, "after-up");
	view_key(&v, EBT_KEY_END);
	view_exec(&v, 9301, "after-end");
	assert_shows(&v, "after-end");
}

/* Rows that fall out of the history do not move what is read. */
static void test_view_stands_still(void **state)
{
	struct view small;
	const char *before;
	_cleanup_free_ char *first = NULL;

	(void)state;
	view_open(&small, 100, 30, true);
	ebt_model_free(&small.feed.model);
	ebt_ui_free(&small.ui);
	feed_new(&small.feed, 256 << 10);
	struct ebt_ui_options options = { .screens = ebt_ui_screens,
					  .unicode = true,
					  .color = true };

	assert_int_equal(ebt_ui_new(&small.ui, &options, small.feed.model), 0);
	view_key(&small, '2');
	feed_script(&small.feed);
	view_draw(&small);
	view_key(&small, EBT_KEY_UP);
	before = strstr(view_draw(&small), "TIME"); /* list and below */
	first = strndup(before, strcspn(before, "\n") + 600);
	for (uint32_t i = 0; i < 150; i++) {
		struct feed_exec e = { .pid = 20000 + i,
				       .ppid = 1,
				       .comm = "x",
				       .exe = "/bin/filler",
				       .args = ARGS("filler\0of\0the\0history") };

		feed_exec(&small.feed, &e);
	}
	assert_memory_equal(strstr(view_draw(&small), "TIME"), first, strlen(first));
	view_close(&small);
}

static void test_pause_events(void **state)
{
	(void)state;
	view_key(&v, 'Z');
	assert_true(ebt_ui_paused(v.ui));
	assert_shows(&v, "PAUSED 0 held");
	for (uint32_t i = 0; i < 7; i++)
		view_exec(&v, 9000 + i, "meanwhile");
	assert_shows(&v, "PAUSED 7 held");
	assert_hides(&v, "meanwhile");
	view_key(&v, EBT_KEY_END); /* the end of what is shown */
	assert_hides(&v, "meanwhile");
	view_key(&v, EBT_KEY_HOME);
	assert_shows(&v, "make -j4 all"); /* scrolls while paused */
	view_key(&v, 'Z');
	assert_hides(&v, "PAUSED");
	view_key(&v, EBT_KEY_END);
	assert_shows(&v, "meanwhile"); /* nothing is lost */
}

static void test_pause_top(void **state)
{
	(void)state;
	view_key(&v, '3');
	view_draw(&v);
	view_key(&v, 'Z');
	for (uint32_t i = 0; i < 50; i++)
		view_exec(&v, 9000 + i, "/usr/bin/busy");
	v.feed.now += SEC;
	feed_tick(&v.feed);
	assert_hides(&v, "busy");
	assert_shows(&v, "PAUSED 50 held");
	view_key(&v, 'Z');
	assert_shows(&v, "busy");
}

static void test_pause_tree(void **state)
{
	(void)state;
	view_key(&v, 't');
	view_key(&v, 'Z');
	view_draw(&v);
	view_exec(&v, 9000, "sapling");
	assert_hides(&v, "sapling");
	view_key(&v, 'Z');
	view_key(&v, EBT_KEY_F4);
	view_type(&v, "sapling\r");
	assert_shows(&v, "sapling");
}

/* Tab completes the word; what it may be is listed above the prompt until the next key. */
static void test_filter_completion(void **state)
{
	(void)state;
	view_key(&v, EBT_KEY_F4);
	view_type(&v, "us");
	view_key(&v, EBT_KEY_TAB);
	assert_shows(&v, "Filter: user:");
	assert_shows(&v, "user needs a value");
	view_key(&v, EBT_KEY_CTRL_U);
	view_type(&v, "not status:");
	view_key(&v, EBT_KEY_TAB);
	assert_shows(&v, " status:fail status:ok status:running");
	view_type(&v, "r");
	view_key(&v, EBT_KEY_TAB);
	assert_shows(&v, "Filter: not status:running");
	assert_hides(&v, "status:fail");
	view_key(&v, EBT_KEY_CTRL_U);
	view_type(&v, "comm:zzz");
	view_key(&v, EBT_KEY_TAB);
	assert_shows(&v, "nothing that was seen goes on like this");
	view_key(&v, EBT_KEY_ESC);
	assert_hides(&v, " FILTER ");
	/* in the search as well */
	view_type(&v, "/sig");
	view_key(&v, EBT_KEY_TAB);
	assert_shows(&v, "Search: signal:");
	view_key(&v, EBT_KEY_ESC);
}

static void test_filter(void **state)
{
	(void)state;
	view_key(&v, EBT_KEY_F4);
	view_type(&v, "^git (commit|push)\r");
	assert_shows(&v, "git commit");
	assert_hides(&v, "main.o");
	assert_shows(&v, " FILTER ");
	view_key(&v, EBT_KEY_TAB); /* on Top over the names of the groups */
	assert_shows(&v, "nothing matches the filter");
	view_key(&v, EBT_KEY_F4);
	view_key(&v, EBT_KEY_HOME);
	view_key(&v, EBT_KEY_DELETE);
	view_key(&v, EBT_KEY_END);
	view_type(&v, "|git$\r");
	assert_shows(&v, "/usr/bin/git");
	assert_hides(&v, "/usr/bin/make");
	/* A bad pattern leaves the old filter, and stays in the prompt to be corrected. */
	view_key(&v, '\\');
	view_key(&v, EBT_KEY_CTRL_U);
	view_type(&v, "git a[\r");
	assert_shows(&v, "Filter: git a[");
	assert_shows(&v, "POSIX extended");
	view_type(&v, "b]");
	assert_hides(&v, "POSIX extended");
	view_key(&v, EBT_KEY_CTRL_C); /* Ctrl-C changes nothing */
	view_key(&v, '2');
	assert_hides(&v, "main.o");
	assert_shows(&v, "git commit");
	/* Esc takes the filter away, as an empty text does. */
	view_key(&v, EBT_KEY_F4);
	view_type(&v, "zzz");
	view_key(&v, EBT_KEY_ESC);
	assert_shows(&v, "main.o");
	assert_hides(&v, " FILTER ");
	view_key(&v, EBT_KEY_F4);
	view_type(&v, "^git commit\r");
	assert_hides(&v, "main.o");
	/* The command line of one exec is not complete, so it may match. */
	assert_shows(&v, " FILTER ^git commit, 1 unsure ");
	assert_shows(&v, "? run");
	view_key(&v, EBT_KEY_F4);
	view_key(&v, EBT_KEY_CTRL_U);
	view_key(&v, EBT_KEY_ENTER);
	assert_shows(&v, "main.o");
	assert_hides(&v, " FILTER ");
}

/* A row whose text ends left of the window has a mark there: it is not empty. */
static void test_scrolled_out(void **state)
{
	(void)state;
	view_exec(&v, 9001, "short");
	view_exec(&v, 9002,
		  "long-enough-to-be-seen-when-all-else-has-gone-to-the-left-of-the-window");
	for (int i = 0; i < 5; i++)
		view_key(&v, EBT_KEY_RIGHT);
	assert_shows(&v, "‹");
	assert_hides(&v, "short");
	view_key(&v, '0');
	view_key(&v, '^');
	for (int i = 0; i < 5; i++)
		view_key(&v, EBT_KEY_LEFT);
	assert_hides(&v, "‹");
	assert_shows(&v, "short");
}

static void assert_selected(const char *text)
{
	const char *line = view_role(&v, EBT_ROLE_SELECTED);

	if (!strstr(line, text))
		fail_msg("the cursor is on \"%s\", not on \"%s\"", line, text);
}

static void test_search(void **state)
{
	(void)state;
	view_key(&v, '/');
	view_type(&v, "check\\.sh");
	assert_selected("check.sh"); /* while typing */
	view_key(&v, EBT_KEY_ENTER);
	assert_selected("check.sh");
	uint64_t first = 0;
	_cleanup_free_ char *at = strdup(view_role(&v, EBT_ROLE_SELECTED));

	(void)first;
	view_key(&v, 'n');
	assert_selected("check.sh");
	assert_string_not_equal(view_role(&v, EBT_ROLE_SELECTED), at);
	view_key(&v, 'N');
	assert_string_equal(view_role(&v, EBT_ROLE_SELECTED), at);
	for (int i = 0; i < 7; i++) /* seven of them: around */
		view_key(&v, 'n');
	assert_string_equal(view_role(&v, EBT_ROLE_SELECTED), at);
	view_key(&v, '/');
	view_type(&v, "no such thing");
	assert_shows(&v, "may match");
	assert_selected("rm -f build");
	view_key(&v, EBT_KEY_ESC);
	assert_string_equal(view_role(&v, EBT_ROLE_SELECTED), at);
	view_key(&v, '/');
	view_type(&v, "pid:99999999");
	assert_shows(&v, "not found");
	view_key(&v, EBT_KEY_CTRL_U);
	view_type(&v, "no such thing\r");
	assert_shows(&v, "not found for certain; this one may match");
}

static void test_search_top(void **state)
{
	(void)state;
	view_key(&v, '3');
	view_draw(&v);
	view_key(&v, EBT_KEY_F3);
	view_type(&v, "cc1$\r");
	assert_selected("linux-gnu/12/cc1"); /* a long path is cut on the left */
	view_key(&v, EBT_KEY_DOWN);
	view_key(&v, 'N');
	assert_selected("linux-gnu/12/cc1");
}

/* A capital makes case count: htop's rule. */
static void test_search_case(void **state)
{
	(void)state;
	view_key(&v, '/');
	view_type(&v, "GIT COMMIT");
	assert_shows(&v, "may match"); /* an exec whose arguments are incomplete */
	view_key(&v, EBT_KEY_CTRL_U);
	view_type(&v, "git commit");
	assert_selected("git commit");
}

static void test_sort(void **state)
{
	(void)state;
	view_key(&v, '3');
	assert_shows(&v, "RATE/s▽");
	view_key(&v, EBT_KEY_F6);
	assert_shows(&v, "Sort by");
	view_key(&v, EBT_KEY_DOWN);
	view_key(&v, EBT_KEY_DOWN);
	view_key(&v, EBT_KEY_ENTER);
	assert_shows(&v, "COUNT▽");
	view_key(&v, 'I');
	assert_shows(&v, "COUNT△");
	view_key(&v, 'P');
	assert_shows(&v, "CPU%▽");
	view_key(&v, '<');
	view_key(&v, EBT_KEY_ESC);
	assert_shows(&v, "CPU%▽");
	assert_hides(&v, "Sort by");
	view_key(&v, 'g');
	view_key(&v, EBT_KEY_END); /* cgroup */
	view_key(&v, EBT_KEY_UP);  /* user */
	view_key(&v, EBT_KEY_ENTER);
	assert_shows(&v, "www-data");
	assert_int_equal(ebt_ui_settings(v.ui)->group_by, EBT_GROUP_USER);
}

/* Where a text stands on the screen. */
static void find_text(const char *text, int *x, int *y)
{
	size_t len = strlen(text);

	view_draw(&v);
	for (*y = 0; *y < v.grid.height; ++*y)
		for (*x = 0; *x + (int)len <= v.grid.width; ++*x) {
			size_t i = 0;

			while (i < len && ebt_grid_at(&v.grid, *x + (int)i, *y)->text[0] == text[i])
				i++;
			if (i == len)
				return;
		}
	fail_msg("\"%s\" is not on the screen", text);
}

static void click(const char *text)
{
	int x, y;

	find_text(text, &x, &y);
	ebt_ui_mouse(v.ui, EBT_MOUSE_LEFT, x, y);
}

static void test_mouse(void **state)
{
	(void)state;
	click("Top");
	assert_int_equal(ebt_ui_current(v.ui), EBT_SCREEN_TOP);
	click("COUNT");
	assert_shows(&v, "COUNT▽");
	click("COUNT"); /* again: the other way */
	assert_shows(&v, "COUNT△");
	click("gcc-12");
	assert_selected("gcc-12");
	click("gcc-12"); /* the selected one: its execs */
	assert_int_equal(ebt_ui_current(v.ui), EBT_SCREEN_EVENTS);
	assert_shows(&v, " Top >  x86_64-linux-gnu-gcc-12 ");
	view_key(&v, EBT_KEY_ESC);
	assert_int_equal(ebt_ui_current(v.ui), EBT_SCREEN_TOP);
	click("SortBy");
	assert_shows(&v, "Sort by");
	click("FAILED ");
	assert_shows(&v, "FAILED▽");
	click("Help");
	assert_int_equal(ebt_ui_current(v.ui), EBT_SCREEN_HELP);
	ebt_ui_mouse(v.ui, EBT_MOUSE_WHEEL_DOWN, 5, 15);
	assert_hides(&v, " General");
	click("Back");
	click("Events");
	view_draw(&v);
	ebt_ui_mouse(v.ui, EBT_MOUSE_WHEEL_UP, 5, 15);
	assert_selected("git commit"); /* three rows above the newest */
	click("Quit");
	assert_int_equal(request(), EBT_REQ_QUIT);
}

static void test_tree(void **state)
{
	(void)state;
	view_key(&v, EBT_KEY_F5);
	assert_int_equal(ebt_ui_current(v.ui), EBT_SCREEN_TREE);
	view_key(&v, '/');
	view_type(&v, "make -j4\r");
	assert_selected("make -j4");
	assert_shows(&v, "┬ † cc -O2");
	view_key(&v, '-');
	assert_hides(&v, "† cc -O2");
	assert_shows(&v, "[+");
	view_key(&v, ' ');
	assert_shows(&v, "┬ † cc -O2");
	view_key(&v, 'P'); /* to the parent */
	assert_selected("-bash");
	view_key(&v, '*');
	assert_hides(&v, "make -j4");
	view_key(&v, '*');
	assert_shows(&v, "make -j4");
	view_key(&v, 't');
	assert_int_equal(ebt_ui_current(v.ui), EBT_SCREEN_EVENTS);
}

static void test_scroll_long_lines(void **state)
{
	(void)state;
	view_key(&v, '/');
	view_type(&v, "cc1\r");
	assert_hides(&v, "ccq8RzX1.s\n");
	view_key(&v, '$');
	assert_shows(&v, "ccq8RzX1.s");
	view_key(&v, '^');
	view_key(&v, 'w');
	assert_shows(&v, "ccq8RzX1.s");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_follow),
		T(test_view_stands_still),
		T(test_pause_events),
		T(test_pause_top),
		T(test_pause_tree),
		T(test_filter),
		T(test_filter_completion),
		T(test_scrolled_out),
		T(test_search),
		T(test_search_top),
		T(test_search_case),
		T(test_sort),
		T(test_mouse),
		T(test_tree),
		T(test_scroll_long_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
