/* SPDX-License-Identifier: BSD-3-Clause */
/* The way from a group to its execs, to details, to what belongs to them, and back the same way. */
#include "screen_fixture.h"

static void assert_way(const char *crumbs)
{
	assert_shows(&v, crumbs);
	assert_int_equal(strncmp(v.text.data, crumbs, strlen(crumbs)), 0);
}

static void esc_to(const char *crumbs)
{
	view_key(&v, EBT_KEY_ESC);
	assert_way(crumbs);
}

static void test_group_exec_and_back(void **state)
{
	(void)state;
	view_key(&v, '1');
	view_draw(&v);
	view_key(&v, '/');
	view_type(&v, "^cc1$\r");
	view_key(&v, EBT_KEY_ENTER);
	assert_way(" Overview >  cc1 ");
	assert_shows(&v, "cc1 -quiet");
	assert_hides(&v, "cc -O2");
	assert_hides(&v, "git commit");
	view_key(&v, EBT_KEY_UP);
	view_draw(&v);
	view_key(&v, EBT_KEY_ENTER);
	assert_way(" Overview > cc1 >  cc1 54");
	assert_shows(&v, "Arguments (19");
	view_key(&v, 'P');
	assert_way(" Overview > cc1 > cc1 54");
	assert_shows(&v, "Process 54");
	esc_to(" Overview > cc1 >  cc1 54");
	esc_to(" Overview >  cc1 ");
	esc_to(" Overview  Events  Top ");
	view_key(&v, '2'); /* Events itself is not limited */
	assert_shows(&v, "git commit");
}

/* New execs of the group come into its list, others do not. */
static void test_it_goes_on(void **state)
{
	(void)state;
	view_key(&v, '1');
	view_draw(&v);
	view_key(&v, '/');
	view_type(&v, "^git$\r");
	view_key(&v, EBT_KEY_ENTER);
	assert_way(" Overview >  git ");
	view_exec(&v, 9001, "git");
	view_exec(&v, 9002, "other");
	assert_shows(&v, "9001");
	assert_hides(&v, "9002");
	view_key(&v, 'Z');
	view_exec(&v, 9003, "git");
	assert_hides(&v, "9003");
	assert_shows(&v, "9001");
	view_key(&v, 'Z');
	assert_shows(&v, "9003");
	view_key(&v, EBT_KEY_F4);
	view_type(&v, "commit\r");
	assert_hides(&v, "9001");
	assert_shows(&v, "git commit");
}

static void details_of(const char *pattern)
{
	view_key(&v, '2');
	view_draw(&v);
	view_key(&v, '/');
	view_type(&v, pattern);
	view_key(&v, EBT_KEY_ENTER);
	view_draw(&v);
}

static void test_related(void **state)
{
	(void)state;
	details_of("^cc -O2\r\r");
	assert_way(" Events >  cc 5000");
	view_key(&v, 'c');
	assert_shows(&v, " >  children of 5000");
	assert_shows(&v, "cc1 -quiet");
	assert_shows(&v, "as -I include");
	assert_hides(&v, "make  ");
	esc_to(" Events >  cc 5000");
	view_key(&v, 's');
	assert_shows(&v, " >  children of 2000 make ");
	assert_hides(&v, "cc1 -quiet");
	esc_to(" Events >  cc 5000");
	view_key(&v, 'g');
	assert_shows(&v, " >  cc ");
	assert_hides(&v, "cc1 -quiet");
	esc_to(" Events >  cc 5000");
	view_key(&v, 'u');
	assert_shows(&v, " >  user alice ");
	assert_shows(&v, "git commit");
	assert_hides(&v, "convert");
	esc_to(" Events >  cc 5000");
	view_key(&v, 'f');
	assert_shows(&v, "this is the first run");
	view_key(&v, 'l');
	assert_shows(&v, " Events > cc 5000 >  cc 5");
	view_key(&v, 'l');
	assert_shows(&v, "this is the slowest run");
	view_key(&v, 'f');
	assert_shows(&v, "Process 5000 cc");
	esc_to(" Events > cc 5000 >  cc 5");
	esc_to(" Events >  cc 5000 ");
}

/* A way that has no end keeps its beginning. */
static void test_long_way(void **state)
{
	(void)state;
	details_of("^git commit\r\r");
	for (int i = 0; i < 40; i++) {
		view_key(&v, 'u');
		view_draw(&v);
		view_key(&v, EBT_KEY_ENTER);
		view_draw(&v);
	}
	for (int i = 0; i < 40; i++)
		view_key(&v, EBT_KEY_ESC);
	assert_way(" Overview  Events ");
	assert_shows(&v, "convert");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_group_exec_and_back),
		T(test_it_goes_on),
		T(test_related),
		T(test_long_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
