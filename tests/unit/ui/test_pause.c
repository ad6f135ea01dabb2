/* SPDX-License-Identifier: BSD-3-Clause */
/* A pause: every list stands still, and what is held is counted. */
#include <stdio.h>

#include "ui_test.h"

static struct view v;

static void open_view(size_t history_bytes)
{
	struct ebt_ui_options options = { .screens = ebt_ui_screens,
					  .unicode = true,
					  .color = true };

	view_open(&v, 100, 30, true);
	ebt_ui_free(&v.ui);
	ebt_model_free(&v.feed.model);
	feed_new(&v.feed, history_bytes);
	assert_int_equal(ebt_ui_new(&v.ui, &options, v.feed.model), 0);
	view_key(&v, '2');
	ebt_ui_set_status(v.ui, &v.status);
}

static int setup(void **state)
{
	(void)state;
	open_view(256 << 10);
	feed_script(&v.feed);
	view_draw(&v);
	return 0;
}

static int setup_empty(void **state)
{
	(void)state;
	open_view(256 << 10);
	view_draw(&v);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	view_close(&v);
	return 0;
}

static void run_many(uint32_t n, const char *name)
{
	for (uint32_t i = 0; i < n; i++)
		view_exec(&v, 20000 + i, name);
	v.feed.now += SEC;
	feed_tick(&v.feed);
}

/* The history runs over in a pause: it says so, and not that nothing has come. */
static void test_forgotten(void **state)
{
	(void)state;
	view_key(&v, 'Z');
	assert_hides(&v, "forgotten");
	run_many(3000, "filler");
	assert_shows(&v, "PAUSED 3000 held");
	assert_shows(&v, "What stood still here is forgotten");
	assert_shows(&v, "Z ends the pause");
	assert_hides(&v, "waiting for the first exec");
	view_key(&v, EBT_KEY_ENTER); /* on nothing */
	assert_int_equal(ebt_ui_current(v.ui), EBT_SCREEN_EVENTS);
	view_key(&v, 'Z');
	assert_shows(&v, "filler");
	assert_hides(&v, "forgotten");
}

static void test_before_the_first(void **state)
{
	(void)state;
	view_key(&v, 'Z');
	assert_shows(&v, "waiting for the first exec");
	v.status.filters = "-m never";
	assert_shows(&v, "waiting for the first exec, filtered by -m never");
	v.status.filters = NULL;
	run_many(3, "first");
	assert_shows(&v, "paused before the first exec came");
	assert_hides(&v, "waiting for the first exec");
	view_key(&v, 'Z');
	assert_shows(&v, "first");
}

/* Each list keeps its copy while another one is looked at. */
static void test_across_screens(void **state)
{
	static const char to[] = { '4', '3', '2', '3', '5', '3', '4', '2', '1', '4' };

	(void)state;
	view_key(&v, '3');
	view_draw(&v);
	view_key(&v, 'Z');
	run_many(200, "/usr/bin/crowd");
	for (size_t i = 0; i < sizeof(to); i++) {
		view_key(&v, (unsigned char)to[i]);
		assert_hides(&v, "crowd");
		assert_shows(&v, "PAUSED 200 held");
	}
	view_key(&v, 'Z');
	view_key(&v, '3');
	assert_shows(&v, "crowd");
	view_key(&v, '2');
	view_key(&v, 'Z'); /* in Events; Top is held too */
	run_many(200, "/usr/bin/later");
	view_key(&v, '3');
	assert_hides(&v, "later");
}

/* A filter in a pause looks at what is there then: nothing of that is held. */
static void test_filter(void **state)
{
	(void)state;
	view_key(&v, 'Z');
	run_many(7, "meanwhile");
	assert_shows(&v, "PAUSED 7 held");
	view_key(&v, EBT_KEY_F4);
	view_type(&v, "meanwhile\r");
	assert_shows(&v, "meanwhile");
	assert_shows(&v, "PAUSED 0 held");
	run_many(2, "afterwards");
	assert_shows(&v, "PAUSED 2 held");
	assert_hides(&v, "afterwards");
	view_key(&v, '3');
	assert_shows(&v, "meanwhile");
	assert_hides(&v, "afterwards");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_forgotten),
		T(test_across_screens),
		T(test_filter),
		cmocka_unit_test_setup_teardown(test_before_the_first, setup_empty, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
