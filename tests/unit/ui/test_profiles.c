/* SPDX-License-Identifier: BSD-3-Clause */
/* The screen Profiles: what it draws at several sizes, the cursor, the keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ui/screens/profiles.h"

static const struct ebt_profile_row rows[] = {
	{ .slot = 1,
	  .exe = "/usr/bin/ls",
	  .state = EBT_PROFILE_NORMAL,
	  .calls = 1234,
	  .pairs = 140,
	  .changed_s = 65,
	  .anomalies = 3,
	  .lfc = 2,
	  .max_lfc = 5 },
	{ .slot = 2,
	  .exe = "/usr/sbin/cron",
	  .calls = 99000,
	  .pairs = 300,
	  .changed_s = UINT64_MAX },
	{ .slot = 3,
	  .exe = "/tmp/\x1b[2Jevil",
	  .state = EBT_PROFILE_FROZEN,
	  .calls = 800,
	  .normal_in_s = 3600,
	  .threads = 2 },
};

static struct ebt_profiles *made(void)
{
	struct ebt_profiles *s;

	assert_int_equal(ebt_profiles_new(&s), 0);
	assert_int_equal(ebt_profiles_set(s, rows, 3), 0);
	return s;
}

static char *drawn(struct ebt_profiles *s, int width, int height)
{
	struct ebt_grid grid = { 0 };
	struct ebt_buf text = { 0 };

	assert_int_equal(ebt_grid_resize(&grid, width, height), 0);
	ebt_profiles_head(s, "head");
	ebt_profiles_draw(s, &grid);
	assert_int_equal(ebt_grid_text(&grid, &text, false), 0);
	ebt_grid_free(&grid);
	return text.data;
}

static void key(struct ebt_profiles *s, uint32_t k, enum ebt_profiles_act want)
{
	struct ebt_ui_input in = { .key = k };

	assert_int_equal(ebt_profiles_key(s, &in), want);
}

static void test_frame(void **state)
{
	struct ebt_profiles *s = made();
	char *text;

	ebt_profiles_event(s, true, "10:00:00 anomaly 42 /usr/bin/ls");
	text = drawn(s, 100, 12);
	assert_string_equal(
		text,
		"head\n"
		"STATE     CALLS  PAIRS CHANGED  NORMAL   ANOM  LFC  MAX  THR EXE\n"
		"normal     1234    140   1m05s       -      3    2    5    0 /usr/bin/ls\n"
		"training  99000    300       -       -      0    0    0    0 /usr/sbin/cron\n"
		"frozen      800      0      0s   1h00m      0    0    0    2 /tmp/\\e[2Jevil\n"
		"\n\n"
		"EVENTS\n"
		"\n\n"
		"10:00:00 anomaly 42 /usr/bin/ls\n"
		"F1 help  n normalize  s sensitize  t tolerize  i inspect  w save  o order  q "
		"quit\n");
	free(text);
	ebt_profiles_free(&s);
}

/* Every size, also those without room: nothing out of bounds (ASan). */
static void test_sizes(void **state)
{
	struct ebt_profiles *s = made();

	for (int width = 1; width < 120; width += 7) {
		for (int height = 1; height < 30; height++)
			free(drawn(s, width, height));
	}
	ebt_profiles_free(&s);
}

static void test_keys(void **state)
{
	struct ebt_profiles *s = made();

	/* By care: the one with LFC, then by calls. */
	assert_int_equal(ebt_profiles_selected(s)->slot, 1);
	key(s, EBT_KEY_DOWN, EBT_PROFILES_NONE);
	assert_int_equal(ebt_profiles_selected(s)->slot, 2);
	/* The cursor stays on its program. */
	key(s, 'o', EBT_PROFILES_NONE);
	assert_int_equal(ebt_profiles_selected(s)->slot, 2);
	assert_int_equal(ebt_profiles_set(s, rows + 1, 2), 0);
	assert_int_equal(ebt_profiles_selected(s)->slot, 2);
	key(s, EBT_KEY_END, EBT_PROFILES_NONE);
	key(s, EBT_KEY_DOWN, EBT_PROFILES_NONE);
	assert_int_equal(ebt_profiles_selected(s)->slot, 3);
	key(s, 'n', EBT_PROFILES_NORMALIZE);
	key(s, 's', EBT_PROFILES_SENSITIZE);
	key(s, 't', EBT_PROFILES_TOLERIZE);
	key(s, 'i', EBT_PROFILES_INSPECT);
	key(s, 'w', EBT_PROFILES_SAVE);
	key(s, 'q', EBT_PROFILES_QUIT);
	/* Nothing there: no verb. */
	assert_int_equal(ebt_profiles_set(s, NULL, 0), 0);
	key(s, 'n', EBT_PROFILES_NONE);
	key(s, EBT_KEY_UP, EBT_PROFILES_NONE);
	assert_null(ebt_profiles_selected(s));
	ebt_profiles_free(&s);
}

static void test_inspect(void **state)
{
	struct ebt_profiles *s = made();
	struct ebt_buf text = { 0 };
	char *drawing;

	for (int i = 0; i < 40; i++)
		ebt_buf_printf(&text, "pair %d\n", i);
	ebt_profiles_show(s, &text);
	assert_null(text.data);
	key(s, EBT_KEY_PGDN, EBT_PROFILES_NONE);
	drawing = drawn(s, 40, 10);
	assert_non_null(strstr(drawing, "pair "));
	free(drawing);
	key(s, EBT_KEY_END, EBT_PROFILES_NONE);
	key(s, EBT_KEY_DOWN, EBT_PROFILES_NONE);
	drawing = drawn(s, 40, 10);
	assert_non_null(strstr(drawing, "pair 39"));
	free(drawing);
	key(s, EBT_KEY_ESC, EBT_PROFILES_NONE);
	drawing = drawn(s, 60, 10);
	assert_non_null(strstr(drawing, "cron"));
	free(drawing);
	ebt_profiles_free(&s);
}

/* Nobody has moved the cursor: it is on its program all the same, whatever comes to the top. */
static void test_stays(void **state)
{
	struct ebt_profile_row now[3];
	struct ebt_profiles *s = made();

	assert_int_equal(ebt_profiles_selected(s)->slot, 1);
	memcpy(now, rows, sizeof(now));
	now[2].lfc = 100;
	assert_int_equal(ebt_profiles_set(s, now, 3), 0);
	assert_int_equal(ebt_profiles_selected(s)->slot, 1);
	/* All gone, and others there. */
	assert_int_equal(ebt_profiles_set(s, now, 0), 0);
	assert_null(ebt_profiles_selected(s));
	assert_int_equal(ebt_profiles_set(s, now + 1, 1), 0);
	assert_int_equal(ebt_profiles_selected(s)->slot, 2);
	assert_int_equal(ebt_profiles_set(s, now, 3), 0);
	assert_int_equal(ebt_profiles_selected(s)->slot, 2);
	ebt_profiles_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_frame), cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_keys),  cmocka_unit_test(test_inspect),
		cmocka_unit_test(test_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
