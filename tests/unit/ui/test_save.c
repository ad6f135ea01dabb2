/* SPDX-License-Identifier: BSD-3-Clause */
/* W: the menu, the name, and what the answers do to the prompt. */
#include <errno.h>
#include <stdio.h>

#include "screen_fixture.h"

static struct ebt_ui_save asked(void)
{
	struct ebt_ui_request req = { 0 };

	assert_true(ebt_ui_next_request(v.ui, &req));
	assert_int_equal(req.type, EBT_REQ_SAVE_EXECS);
	return req.save;
}

static void name(const char *text)
{
	view_key(&v, EBT_KEY_CTRL_U);
	view_type(&v, text);
	view_key(&v, EBT_KEY_ENTER);
}

static void test_menu(void **state)
{
	struct ebt_ui_save save;

	(void)state;
	view_key(&v, 'W');
	assert_shows(&v, "JSON, list");
	view_key(&v, EBT_KEY_DOWN);
	view_key(&v, EBT_KEY_ENTER);
	assert_shows(&v, "File: execs-20261121-0916");
	name("a.csv");
	save = asked();
	assert_string_equal(save.path, "a.csv");
	assert_int_equal(save.format, EBT_SINK_CSV);
	assert_false(save.whole || save.replace || save.until_id);
	/* It stays until the file is begun. */
	assert_shows(&v, "File: a.csv");
	ebt_ui_save_answer(v.ui, 0, "");
	assert_hides(&v, "File:");
	/* The whole history, as it was when it was paused. */
	view_key(&v, 'Z');
	view_draw(&v);
	view_key(&v, 'W');
	view_key(&v, EBT_KEY_END);
	view_key(&v, EBT_KEY_ENTER);
	assert_shows(&v, ".rec");
	name("b.rec");
	save = asked();
	assert_true(save.recording && save.whole && save.until_id);
	/* Esc leaves it. */
	view_key(&v, EBT_KEY_ESC);
	assert_hides(&v, "File:");
	view_key(&v, 'W');
	view_key(&v, EBT_KEY_ESC);
	assert_hides(&v, "JSON, list");
}

static void test_refused(void **state)
{
	(void)state;
	view_key(&v, 'W');
	view_key(&v, EBT_KEY_ENTER);
	name("/no/such");
	asked();
	ebt_ui_save_answer(v.ui, -ENOENT, "there is no directory /no");
	assert_shows(&v, "there is no directory /no");
	assert_shows(&v, "File: /no/such");
	view_type(&v, "x");
	assert_hides(&v, "there is no directory");
	assert_shows(&v, "File: /no/suchx");
	/* An answer that comes late is a message. */
	view_key(&v, EBT_KEY_ENTER);
	asked();
	view_key(&v, EBT_KEY_ESC);
	ebt_ui_save_answer(v.ui, -ENOENT, "there is no directory /no");
	assert_shows(&v, "not saved: there is no directory /no");
}

static void test_replace(void **state)
{
	struct ebt_ui_save save;

	(void)state;
	view_key(&v, 'W');
	view_key(&v, EBT_KEY_ENTER);
	name("a.json");
	asked();
	ebt_ui_save_answer(v.ui, -EEXIST, "");
	assert_shows(&v, "a.json is there: replace it?");
	view_key(&v, EBT_KEY_ESC);
	assert_shows(&v, "File: a.json");
	view_key(&v, EBT_KEY_ENTER);
	assert_false(asked().replace);
	ebt_ui_save_answer(v.ui, -EEXIST, "");
	view_key(&v, EBT_KEY_ENTER);
	save = asked();
	assert_true(save.replace);
	assert_string_equal(save.path, "a.json");
	ebt_ui_save_answer(v.ui, 0, "");
	assert_hides(&v, "File:");
}

int main(void)
{
	const struct CMUnitTest tests[] = { T(test_menu), T(test_refused), T(test_replace) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
