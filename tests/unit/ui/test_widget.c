/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/tui/widget.h"
#include "ui_test.h"

static struct ebt_grid grid;
static struct ebt_buf buf;

static const char *row(void)
{
	ebt_buf_reset(&buf);
	assert_int_equal(ebt_grid_text(&grid, &buf, false), 0);
	return buf.data;
}

static int setup(void **state)
{
	(void)state;
	ebt_grid_resize(&grid, 10, 1);
	grid.unicode = true;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	ebt_grid_free(&grid);
	ebt_buf_free(&buf);
	return 0;
}

static void test_bar(void **state)
{
	(void)state;
	ebt_bar(&grid, 0, 0, 4, 0.5);
	assert_string_equal(row(), "━━──\n");
	ebt_bar(&grid, 0, 0, 4, 0);
	assert_string_equal(row(), "────\n");
	ebt_bar(&grid, 0, 0, 4, 0.001); /* a little is not nothing */
	assert_string_equal(row(), "╸───\n");
	ebt_bar(&grid, 0, 0, 4, 7);
	assert_string_equal(row(), "━━━━\n");
	grid.unicode = false;
	ebt_bar(&grid, 0, 0, 4, 0.6);
	assert_string_equal(row(), "||:.\n");
	ebt_bar(&grid, 3, 0, 3, 1); /* no room */
	assert_string_equal(row(), "||:.\n");
}

static void test_spark(void **state)
{
	const uint16_t values[] = { 9, 0, 1, 50, 100 };

	(void)state;
	ebt_spark(&grid, 0, 0, 4, EBT_ROLE_BAR1, values, 5, 0);
	assert_string_equal(row(), "▁ ▁▇\n"); /* the last cell stands for two */
	ebt_grid_clear(&grid);
	ebt_spark(&grid, 0, 0, 7, EBT_ROLE_BAR1, values, 5, 0);
	assert_string_equal(row(), "  ▁ ▁▄▇\n"); /* newest at the right */
	grid.unicode = false;
	ebt_grid_clear(&grid);
	ebt_spark(&grid, 0, 0, 4, EBT_ROLE_BAR1, values, 5, 0);
	assert_string_equal(row(), ". .#\n");
}

static void test_graph(void **state)
{
	const uint8_t values[] = { 0, 25, 50, 100 };

	(void)state;
	ebt_grid_resize(&grid, 4, 2);
	ebt_graph(&grid, 0, 0, 4, 2, EBT_ROLE_BAR1, values, 4, 100);
	assert_string_equal(row(), "   █\n ▄██\n");
}

static void test_prompt(void **state)
{
	struct ebt_prompt p;

	(void)state;
	ebt_prompt_set(&p, "Find", "ab");
	assert_true(ebt_prompt_key(&p, 0xe9));	 /* é */
	assert_true(ebt_prompt_key(&p, 0x6f22)); /* 漢 */
	assert_string_equal(p.text, "abé漢");
	ebt_prompt_key(&p, EBT_KEY_LEFT);
	ebt_prompt_key(&p, EBT_KEY_BACKSPACE);
	assert_string_equal(p.text, "ab漢");
	ebt_prompt_key(&p, EBT_KEY_DELETE);
	assert_string_equal(p.text, "ab");
	assert_false(ebt_prompt_key(&p, 7));	/* control bytes are not text */
	assert_false(ebt_prompt_key(&p, 0x9b)); /* C1 neither */
	assert_false(ebt_prompt_key(&p, EBT_KEY_F5));
	ebt_prompt_set(&p, "Find", "one two  ");
	ebt_prompt_key(&p, EBT_KEY_CTRL_W);
	assert_string_equal(p.text, "one ");
	ebt_prompt_key(&p, EBT_KEY_HOME);
	assert_false(ebt_prompt_key(&p, EBT_KEY_BACKSPACE));
	ebt_prompt_key(&p, EBT_KEY_END);
	ebt_prompt_key(&p, EBT_KEY_CTRL_U);
	assert_string_equal(p.text, "");
	for (int i = 0; i < 2 * EBT_PROMPT_MAX; i++)
		ebt_prompt_key(&p, 'x');
	assert_int_equal(p.len, EBT_PROMPT_MAX - 1);
	assert_int_equal(strlen(p.text), EBT_PROMPT_MAX - 1);
}

static void test_prompt_scrolls(void **state)
{
	struct ebt_prompt p;

	(void)state;
	ebt_prompt_set(&p, "F", "0123456789");
	ebt_prompt_draw(&p, &grid, 0, 0, 10);
	assert_string_equal(row(), "F: 456789\n"); /* the cursor is in the last cell */
	assert_int_equal(grid.cursor_x, 9);
	ebt_prompt_key(&p, EBT_KEY_HOME);
	ebt_prompt_draw(&p, &grid, 0, 0, 10);
	assert_string_equal(row(), "F: 0123456\n");
	assert_int_equal(grid.cursor_x, 3);
}

static void test_menu(void **state)
{
	const struct ebt_menu_item items[] = { { .text = "one" },
					       { .text = "two", .marked = true },
					       { .text = "three" } };
	struct ebt_menu menu = { .title = "T", .items = items, .count = 3, .selected = 2 };

	(void)state;
	ebt_grid_resize(&grid, 8, 3);
	ebt_menu_draw(&menu, &grid, 0, 0, 8, 3); /* two rows: scrolled to the selection */
	assert_string_equal(row(), " T\n*two\n three\n");
	assert_int_equal(ebt_menu_hit(&menu, 1, 1), 1);
	assert_int_equal(ebt_menu_hit(&menu, 1, 0), -1);
	assert_int_equal(ebt_menu_hit(&menu, 9, 1), -1);
	assert_true(ebt_menu_key(&menu, EBT_KEY_DOWN));
	assert_int_equal(menu.selected, 2);
	assert_true(ebt_menu_key(&menu, EBT_KEY_HOME));
	assert_int_equal(menu.selected, 0);
	assert_false(ebt_menu_key(&menu, 'x'));
}

static void test_paragraph(void **state)
{
	(void)state;
	ebt_grid_resize(&grid, 8, 4);
	assert_int_equal(
		ebt_paragraph(&grid, 0, 0, 8, 4, EBT_ROLE_TEXT, "one two three\nabcdefghijk"), 4);
	assert_string_equal(row(), "one two\nthree\nabcdefgh\nijk\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_bar, setup, teardown),
		cmocka_unit_test_setup_teardown(test_spark, setup, teardown),
		cmocka_unit_test_setup_teardown(test_graph, setup, teardown),
		cmocka_unit_test_setup_teardown(test_prompt, setup, teardown),
		cmocka_unit_test_setup_teardown(test_prompt_scrolls, setup, teardown),
		cmocka_unit_test_setup_teardown(test_menu, setup, teardown),
		cmocka_unit_test_setup_teardown(test_paragraph, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
