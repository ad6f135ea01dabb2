/* SPDX-License-Identifier: BSD-3-Clause */
/* Every screen of the scripted machine at fixed sizes, against tests/golden/. With
 * EBT_UPDATE_GOLDEN=1 the files are written anew; look at them before you commit them. */
#include <stdio.h>

#include "ui_test.h"

struct shot {
	const char *name;
	uint32_t keys[4]; /* to get there from Events */
};

static const struct shot shots[] = {
	{ "overview", { '1' } },
	{ "events", { '2' } },
	{ "top", { '3' } },
	{ "tree", { '4' } },
	{ "buffers", { '5' } },
	{ "lab", { '6' } },
	{ "details", { EBT_KEY_UP, EBT_KEY_UP, EBT_KEY_UP, EBT_KEY_ENTER } },
	{ "help", { EBT_KEY_F1 } },
	{ "setup", { EBT_KEY_F2 } },
	{ "columns", { EBT_KEY_F2, EBT_KEY_TAB, EBT_KEY_TAB } },
	{ "sort", { '3', EBT_KEY_F6 } },
	{ "wrap", { 'w' } },
	{ "paused", { 'Z' } },
};

struct size {
	int width, height;
};

static const struct size sizes[] = { { 40, 10 }, { 80, 24 }, { 132, 40 }, { 250, 70 } };

static void read_golden(const char *path, struct ebt_buf *out)
{
	_cleanup_fclose_ FILE *f = fopen(path, "r");
	char part[4096];
	size_t n;

	while (f && (n = fread(part, 1, sizeof(part), f)) > 0)
		ebt_buf_append(out, part, n);
	if (!f)
		ebt_buf_puts(out, "");
}

static void write_golden(const char *path, const struct ebt_buf *text)
{
	_cleanup_fclose_ FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text->data, 1, text->len, f), text->len);
}

static const char *next_line(const char *text, size_t *len)
{
	*len = strcspn(text, "\n");
	return text[*len] ? text + *len + 1 : text + *len;
}

static void print_diff(const char *path, const char *want, const char *got)
{
	size_t a, b;

	print_message("--- %s\n+++ drawn now\n", path);
	for (int line = 1; *want || *got; line++) {
		const char *w = want, *g = got;

		want = next_line(want, &a);
		got = next_line(got, &b);
		if (a != b || memcmp(w, g, a) != 0)
			print_message("@@ %d\n-%.*s\n+%.*s\n", line, (int)a, w, (int)b, g);
	}
}

static int check(struct view *v, const char *name, const char *variant, bool roles)
{
	_cleanup_buf_ struct ebt_buf want = { 0 }, got = { 0 };
	const char *update = getenv("EBT_UPDATE_GOLDEN");
	char path[128];

	snprintf(path, sizeof(path), "tests/golden/ui-%s-%dx%d%s.txt", name, v->grid.width,
		 v->grid.height, variant);
	ebt_ui_draw(v->ui, &v->grid, v->feed.now);
	assert_int_equal(ebt_grid_text(&v->grid, &got, roles), 0);
	if (update && *update == '1') {
		write_golden(path, &got);
		return 0;
	}
	read_golden(path, &want);
	if (want.len == got.len && memcmp(want.data, got.data, got.len) == 0)
		return 0;
	print_diff(path, want.data ? want.data : "", got.data);
	return 1;
}

static int shoot(const struct shot *shot, const struct size *size, const char *variant,
		 bool unicode, bool roles)
{
	struct view v;
	int bad;

	view_open(&v, size->width, size->height, unicode);
	feed_script(&v.feed);
	view_draw(&v);
	for (int i = 0; i < 4 && shot->keys[i]; i++) {
		view_key(&v, shot->keys[i]);
		view_draw(&v);
	}
	view_key(&v, '~'); /* no action: a message gives way to the F-key bar */
	bad = check(&v, shot->name, variant, roles);
	view_close(&v);
	return bad;
}

static void test_sizes(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < EBT_ARRAY_SIZE(shots); i++)
		for (size_t s = 0; s < EBT_ARRAY_SIZE(sizes); s++)
			bad += shoot(&shots[i], &sizes[s], "", true, false);
	assert_int_equal(bad, 0);
}

/* The Overview has the most to leave out: also where it has no room for its second table. */
static void test_overview(void **state)
{
	static const struct size more[] = { { 20, 5 }, { 40, 12 }, { 60, 16 }, { 132, 43 } };
	int bad = 0;

	(void)state;
	for (size_t s = 0; s < EBT_ARRAY_SIZE(more); s++)
		bad += shoot(&shots[0], &more[s], "", true, false);
	assert_int_equal(bad, 0);
}

static void test_ascii(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < EBT_ARRAY_SIZE(shots); i++)
		bad += shoot(&shots[i], &sizes[1], "-ascii", false, false);
	assert_int_equal(bad, 0);
}

static void test_roles(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < EBT_ARRAY_SIZE(shots); i++)
		bad += shoot(&shots[i], &sizes[1], "-roles", true, true);
	assert_int_equal(bad, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_overview),
		cmocka_unit_test(test_ascii),
		cmocka_unit_test(test_roles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
