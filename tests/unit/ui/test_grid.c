/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui_test.h"

static const char *text_of(struct ebt_grid *grid, struct ebt_buf *buf)
{
	ebt_buf_reset(buf);
	assert_int_equal(ebt_grid_text(grid, buf, false), 0);
	return buf->data;
}

static void test_clipping(void **state)
{
	_cleanup_buf_ struct ebt_buf buf = { 0 };
	struct ebt_grid grid = { 0 };

	(void)state;
	assert_int_equal(ebt_grid_resize(&grid, 5, 2), 0);
	grid.unicode = true;
	ebt_grid_puts(&grid, -2, 0, 99, EBT_ROLE_TEXT, "abcdefghij");
	ebt_grid_puts(&grid, 1, 1, 3, EBT_ROLE_TEXT, "xyz");
	ebt_grid_puts(&grid, 0, 2, 5, EBT_ROLE_TEXT, "below");
	ebt_grid_puts(&grid, 0, -1, 5, EBT_ROLE_TEXT, "above");
	assert_string_equal(text_of(&grid, &buf), "cdefg\n xy\n");
	ebt_grid_free(&grid);
}

static void test_wide(void **state)
{
	_cleanup_buf_ struct ebt_buf buf = { 0 };
	struct ebt_grid grid = { 0 };
	struct ebt_bytes text = ebt_bytes_from("漢字x");

	(void)state;
	ebt_grid_resize(&grid, 5, 1);
	grid.unicode = true;
	ebt_grid_bytes(&grid, 0, 0, 5, EBT_ROLE_TEXT, text, 0, true);
	assert_string_equal(text_of(&grid, &buf), "漢字x\n");
	assert_int_equal(ebt_grid_at(&grid, 0, 0)->width, 2);
	assert_int_equal(ebt_grid_at(&grid, 1, 0)->width, 0);
	/* overwriting either half leaves no other half */
	ebt_grid_puts(&grid, 1, 0, 5, EBT_ROLE_TEXT, "A");
	assert_string_equal(text_of(&grid, &buf), " A字x\n");
	ebt_grid_puts(&grid, 2, 0, 5, EBT_ROLE_TEXT, "B");
	assert_string_equal(text_of(&grid, &buf), " AB x\n");
	/* no room for the second half: the mark */
	ebt_grid_clear(&grid);
	ebt_grid_bytes(&grid, 0, 0, 3, EBT_ROLE_TEXT, text, 0, true);
	assert_string_equal(text_of(&grid, &buf), "漢…\n");
	/* the left edge cuts a character: what is left of it is blank */
	ebt_grid_clear(&grid);
	ebt_grid_bytes(&grid, 0, 0, 5, EBT_ROLE_TEXT, text, 1, true);
	assert_string_equal(text_of(&grid, &buf), " 字x\n");
	ebt_grid_free(&grid);
}

static void test_escapes_and_marks(void **state)
{
	_cleanup_buf_ struct ebt_buf buf = { 0 };
	struct ebt_grid grid = { 0 };
	struct ebt_bytes text = ebt_bytes_from("a\x1b[mb");

	(void)state;
	ebt_grid_resize(&grid, 8, 1);
	grid.unicode = true;
	ebt_grid_bytes(&grid, 0, 0, 8, EBT_ROLE_TEXT, text, 0, true);
	assert_string_equal(text_of(&grid, &buf), "a\\e[mb\n");
	assert_int_equal(ebt_grid_at(&grid, 0, 0)->role, EBT_ROLE_TEXT);
	assert_int_equal(ebt_grid_at(&grid, 1, 0)->role, EBT_ROLE_ESCAPED);
	assert_int_equal(ebt_grid_at(&grid, 2, 0)->role, EBT_ROLE_ESCAPED);
	/* an escape is shown whole or not at all */
	ebt_grid_clear(&grid);
	ebt_grid_bytes(&grid, 0, 0, 2, EBT_ROLE_TEXT, text, 0, true);
	assert_string_equal(text_of(&grid, &buf), "a…\n");
	ebt_grid_clear(&grid);
	ebt_grid_bytes(&grid, 0, 0, 8, EBT_ROLE_TEXT, text, 2, true);
	assert_string_equal(text_of(&grid, &buf), " [mb\n");
	ebt_grid_free(&grid);
}

static void test_ascii(void **state)
{
	_cleanup_buf_ struct ebt_buf buf = { 0 };
	struct ebt_grid grid = { 0 };

	(void)state;
	ebt_grid_resize(&grid, 10, 1);
	ebt_grid_bytes(&grid, 0, 0, 10, EBT_ROLE_TEXT, ebt_bytes_from("é"), 0, true);
	assert_string_equal(text_of(&grid, &buf), "\\u00e9\n");
	ebt_grid_bytes(&grid, 0, 0, 3, EBT_ROLE_TEXT, ebt_bytes_from("abcdef"), 0, true);
	assert_string_equal(text_of(&grid, &buf), "ab+0e9\n");
	ebt_grid_free(&grid);
}

static void test_right(void **state)
{
	_cleanup_buf_ struct ebt_buf buf = { 0 };
	struct ebt_grid grid = { 0 };

	(void)state;
	ebt_grid_resize(&grid, 6, 1);
	ebt_grid_right(&grid, 1, 0, 6, EBT_ROLE_TEXT, "12");
	assert_string_equal(text_of(&grid, &buf), "    12\n");
	ebt_grid_right(&grid, 3, 0, 6, EBT_ROLE_TEXT, "98765");
	assert_string_equal(text_of(&grid, &buf), "   765\n");
	ebt_grid_free(&grid);
}

static void test_sizes(void **state)
{
	struct ebt_grid grid = { 0 };

	(void)state;
	assert_int_equal(ebt_grid_resize(&grid, 0, -3), 0);
	assert_int_equal(grid.width, 1);
	assert_int_equal(grid.height, 1);
	assert_int_equal(ebt_grid_resize(&grid, 1 << 20, 1 << 20), 0);
	assert_int_equal(grid.width, EBT_GRID_MAX);
	/* outside is blank, not a crash */
	assert_int_equal(ebt_grid_at(&grid, -1, 5)->text[0], ' ');
	assert_int_equal(ebt_grid_at(&grid, 0, EBT_GRID_MAX)->text[0], ' ');
	ebt_grid_free(&grid);
}

static void test_role_letters(void **state)
{
	char seen[256] = { 0 };

	(void)state;
	for (int role = 0; role < EBT_ROLE_MAX; role++) {
		unsigned char letter = (unsigned char)ebt_role_letter((enum ebt_role)role);

		assert_true(letter > ' ' && letter < 127);
		assert_int_equal(seen[letter]++, 0);
		assert_string_not_equal(ebt_role_name((enum ebt_role)role), "?");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clipping),
		cmocka_unit_test(test_wide),
		cmocka_unit_test(test_escapes_and_marks),
		cmocka_unit_test(test_ascii),
		cmocka_unit_test(test_right),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_role_letters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
