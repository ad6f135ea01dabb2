/* SPDX-License-Identifier: BSD-3-Clause */
/* Terminals without colours, and with direct ones. */
#include <locale.h>

#include "base/cleanup.h"
#include "term_fixture.h"

/* A title, a cursor row and a tab, in the theme of the program's start. */
static int shows_roles(void)
{
	struct ebt_term *term = open_term();
	struct ebt_grid *grid;

	if (!term)
		return 1;
	grid = ebt_term_grid(term);
	ebt_grid_clear(grid);
	ebt_grid_puts(grid, 0, 1, 40, EBT_ROLE_DIM, "dim");
	ebt_grid_puts(grid, 0, 2, 40, EBT_ROLE_BAD, "bad");
	ebt_grid_puts(grid, 0, 3, 40, EBT_ROLE_SELECTED, "selected");
	ebt_term_paint(term);
	ebt_term_free(&term);
	return 0;
}

/* Without colours attributes tell the cursor's row and the titles from the rest. */
static void test_no_colors(void **state)
{
	static const char *const terms[] = { "vt100", "vt220", "xterm-mono" };

	for (size_t i = 0; i < EBT_ARRAY_SIZE(terms); i++) {
		if (i) {
			teardown(state);
			setup(state);
		}
		term_name = terms[i];
		assert_int_equal(collect(start(shows_roles)), 0);
		assert_non_null(strstr(sent, "7m")); /* alone, or behind a reset */
	}
}

/* What can neither reverse nor colour has a character at the cursor's row. */
static void test_no_reverse(void **state)
{
	(void)state;
	term_name = "vt52";
	if (collect(start(shows_roles)) == 1)
		skip(); /* the package ncurses-term has its description */
	assert_non_null(strstr(sent, ">elected"));
	assert_null(strstr(sent, ">im"));
}

/* There a colour number is red, green and blue: 244 of the palette would be a blue. */
static void test_direct_colors(void **state)
{
	(void)state;
	term_name = "xterm-direct";
	if (collect(start(shows_roles)) == 1)
		skip(); /* the package ncurses-term has its description */
	assert_non_null(strstr(sent, "128:128:128")); /* dim, grey */
	assert_non_null(strstr(sent, "31m"));	      /* bad, red */
	assert_non_null(strstr(sent, "46m"));	      /* selected, on cyan */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_no_colors, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_reverse, setup, teardown),
		cmocka_unit_test_setup_teardown(test_direct_colors, setup, teardown),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
