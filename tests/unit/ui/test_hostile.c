/* SPDX-License-Identifier: BSD-3-Clause */
/* Texts made by an attacker, through every screen: no unsafe byte is in the grid, and the widths
 * of the cells add up. */
#include <stdio.h>

#include "base/text.h"
#include "ui_test.h"

#define RLO  "\xe2\x80\xae"
#define ZWSP "\xe2\x80\x8b"

static const char *const nasty[] = {
	"\x1b[2J\x1b[H",
	"\x1b]0;title\x07",
	"\x1b]52;c;ZXZpbA==\x07",
	"\x1bP$q\"p\x1b\\",
	"\x9b"
	"31m\x90\x9d\x9c", /* C1 as bytes */
	"\xc2\x9b"
	"31m", /* C1 as UTF-8 */
	"a\tb\nc\rd\be\ff\vg\ah\x7f",
	"\xff\xfe\xc0\xaf\xe0\x80\xaf\xed\xa0\x80\xf5\x80\x80\x80", /* invalid */
	"cut\xe6\xbc",
	"evil" RLO "gpj.exe",
	"hid" ZWSP "den\xe2\x80\x8d\xef\xbb\xbf\xc2\xad",
	"line\xe2\x80\xa8sep\xe2\x80\xa9",
	"\xf3\xa0\x81\x81tag",
	"\xee\x80\x80private",
	"漢字かな交じり文漢字かな交じり文",
	"e\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85\xcc\x86\xcc\x87\xcc\x88\xcc\x89\xcc\x8a",
	"\xcc\x81lone mark",
	"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7",
	"'; rm -rf / #",
	"%n%s%n",
};

static bool is_bad_codepoint(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || (c >= 0x200b && c <= 0x200f) ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
	       (c >= 0xe000 && c <= 0xf8ff) || (c >= 0xd800 && c <= 0xdfff) || c >= 0xe0000;
}

static void check_text(const struct ebt_cell *cell, bool unicode)
{
	const unsigned char *p = (const unsigned char *)cell->text;
	struct ebt_bytes bytes = { cell->text, cell->len };

	assert_true(ebt_text_is_utf8(bytes));
	for (size_t i = 0; i < cell->len;) {
		uint32_t c = p[i];
		size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

		assert_true(i + n <= cell->len);
		c = n == 1 ? c : n == 2 ? c & 0x1f : n == 3 ? c & 0x0f : c & 0x07;
		for (size_t k = 1; k < n; k++)
			c = c << 6 | (p[i + k] & 0x3f);
		if (is_bad_codepoint(c))
			fail_msg("U+%04X is in the grid", (unsigned)c);
		if (!unicode)
			assert_true(c < 0x7f);
		i += n;
	}
}

static void check_grid(const struct ebt_grid *grid)
{
	for (int y = 0; y < grid->height; y++) {
		int width = 0;

		for (int x = 0; x < grid->width; x++) {
			const struct ebt_cell *cell = ebt_grid_at(grid, x, y);

			assert_true(cell->len <= EBT_CELL_LEN && cell->width <= 2);
			assert_true(cell->role < EBT_ROLE_MAX);
			if (cell->width == 0) { /* right half: the left one is there */
				assert_int_equal(cell->len, 0);
				assert_true(x > 0);
				assert_int_equal(ebt_grid_at(grid, x - 1, y)->width, 2);
			} else {
				assert_true(cell->len >= 1);
				check_text(cell, grid->unicode);
			}
			if (cell->width == 2) {
				assert_true(x + 1 < grid->width);
				assert_int_equal(ebt_grid_at(grid, x + 1, y)->width, 0);
			}
			width += cell->width;
		}
		assert_int_equal(width, grid->width);
	}
}

/* One process with the text everywhere an attacker can put it. */
static void feed_nasty(struct feed *f, uint32_t pid, const char *text, bool failed)
{
	_cleanup_buf_ struct ebt_buf args = { 0 };
	struct feed_exec e = { .pid = pid,
			       .ppid = pid - 1,
			       .uid = 1000 + pid,
			       .cpu = pid % FEED_CPUS,
			       .comm = text,
			       .exe = text,
			       .cwd = text,
			       .ret = failed ? -13 : 0,
			       .flags = EBT_EV_SCRIPT | EBT_EV_ARGS_FAULT };

	ebt_buf_append(&args, text, strlen(text) + 1);
	ebt_buf_append(&args, "-x", 3);
	ebt_buf_append(&args, text, strlen(text) + 1);
	e.args = (struct ebt_bytes){ args.data, args.len };
	e.env = e.args;
	ebt_model_set_user(f->model, e.uid, text);
	f->now += 3 * MS;
	feed_exec(f, &e);
}

static void show_all(struct view *v)
{
	static const uint32_t keys[] = { '2',		'w',	       EBT_KEY_RIGHT, EBT_KEY_RIGHT,
					 'w',		EBT_KEY_RIGHT, 'p',	      EBT_KEY_UP,
					 'p',		'3',	       'g',	      EBT_KEY_DOWN,
					 EBT_KEY_DOWN,	EBT_KEY_ENTER, EBT_KEY_RIGHT, '4',
					 EBT_KEY_END,	EBT_KEY_RIGHT, '5',	      '6',
					 '1',		EBT_KEY_DOWN,  '2',	      EBT_KEY_UP,
					 EBT_KEY_ENTER, EBT_KEY_PGDN,  'w',	      EBT_KEY_RIGHT,
					 EBT_KEY_ESC };
	static const int sizes[][2] = { { 7, 9 }, { 40, 10 }, { 80, 24 }, { 133, 41 } };

	for (size_t s = 0; s < EBT_ARRAY_SIZE(sizes); s++) {
		ebt_grid_resize(&v->grid, sizes[s][0], sizes[s][1]);
		for (size_t k = 0; k < EBT_ARRAY_SIZE(keys); k++) {
			view_key(v, keys[k]);
			ebt_ui_draw(v->ui, &v->grid, v->feed.now);
			check_grid(&v->grid);
		}
	}
}

static void nasty_texts(bool unicode)
{
	struct view v;

	view_open(&v, 80, 24, unicode);
	for (uint32_t i = 0; i < EBT_ARRAY_SIZE(nasty); i++)
		feed_nasty(&v.feed, 10 + i, nasty[i], i % 4 == 3);
	feed_tick(&v.feed);
	/* what the application passes on may be foreign as well */
	v.status.filters = v.status.recording = v.status.command = nasty[0];
	v.status.hooks = nasty[4];
	show_all(&v);
	ebt_ui_message(EBT_LOG_WARN, "message \x1b[31m \x9b", v.ui);
	ebt_ui_draw(v.ui, &v.grid, v.feed.now);
	check_grid(&v.grid);
	view_close(&v);
}

static void test_nasty_unicode(void **state)
{
	(void)state;
	nasty_texts(true);
}

static void test_nasty_ascii(void **state)
{
	(void)state;
	nasty_texts(false);
}

/* Every byte value, and pairs of lead bytes with anything. */
static void test_every_byte(void **state)
{
	struct view v;
	char text[300];
	size_t n = 0;

	(void)state;
	for (int c = 1; c < 256; c++)
		text[n++] = (char)c;
	text[n] = '\0';
	view_open(&v, 80, 24, true);
	feed_nasty(&v.feed, 10, text, false);
	for (int lead = 0xc0; lead < 0x100; lead++) {
		snprintf(text, sizeof(text), "%c%c|%c|%c%c%c|", lead, 0x9b, lead, lead, 0x80, 0x80);
		feed_nasty(&v.feed, 10 + (uint32_t)lead, text, false);
	}
	feed_tick(&v.feed);
	show_all(&v);
	view_close(&v);
}

/* A megabyte without a space, and one of escapes and wide characters. */
static void test_megabyte(void **state)
{
	size_t len = 1u << 20;
	_cleanup_free_ char *text = malloc(len + 1);
	struct view v;

	(void)state;
	assert_non_null(text);
	for (int round = 0; round < 3; round++) {
		static const char *const units[] = { "x", "\x1b[31m", "漢" };
		size_t unit = strlen(units[round]);

		view_open(&v, 80, 24, true);
		for (size_t i = 0; i < len; i++)
			text[i] = units[round][i % unit];
		text[len] = '\0';
		struct feed_exec e = { .pid = 10,
				       .ppid = 1,
				       .comm = "x",
				       .exe = "/bin/x",
				       .args = { text, len + 1 } };

		feed_exec(&v.feed, &e);
		feed_tick(&v.feed);
		show_all(&v);
		view_key(&v, '$');
		ebt_ui_draw(v.ui, &v.grid, v.feed.now);
		check_grid(&v.grid);
		view_close(&v);
	}
}

/* Random bytes from a small generator. */
static void test_random(void **state)
{
	uint32_t seed = 4242;
	struct view v;

	(void)state;
	view_open(&v, 80, 24, true);
	for (uint32_t i = 0; i < 60; i++) {
		char text[64];
		size_t n = 0;

		while (n < sizeof(text) - 1) {
			seed = seed * 1664525u + 1013904223u;
			text[n] = (char)(seed >> 24);
			n += text[n] != '\0';
		}
		text[n] = '\0';
		feed_nasty(&v.feed, 10 + i, text, i % 5 == 0);
	}
	feed_tick(&v.feed);
	show_all(&v);
	view_close(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nasty_unicode), cmocka_unit_test(test_nasty_ascii),
		cmocka_unit_test(test_every_byte),    cmocka_unit_test(test_megabyte),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
