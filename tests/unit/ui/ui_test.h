/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ui_test.h - a view on the scripted machine, and ways to press its keys and read its screen.
 */
#ifndef EBT_TESTS_UI_UI_TEST_H
#define EBT_TESTS_UI_UI_TEST_H

/* cmocka wants these before it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feed.h"

struct view {
	struct feed feed;
	struct ebt_ui *ui;
	struct ebt_grid grid;
	struct ebt_ui_status status;
	struct ebt_buf text;
};

static inline void view_open(struct view *v, int width, int height, bool unicode)
{
	struct ebt_ui_options options = {
		.screens = ebt_ui_screens, .unicode = unicode, .color = true, .mouse = true
	};

	setenv("TZ", "UTC", 1);
	*v = (struct view){ .status = feed_status() };
	feed_new(&v->feed, 0);
	assert_int_equal(ebt_ui_new(&v->ui, &options, v->feed.model), 0);
	assert_int_equal(ebt_grid_resize(&v->grid, width, height), 0);
	ebt_ui_set_status(v->ui, &v->status);
	ebt_ui_set_lab(v->ui, &feed_lab);
	ebt_ui_key(v->ui, '2'); /* Events */
}

static inline void view_close(struct view *v)
{
	ebt_ui_free(&v->ui);
	ebt_grid_free(&v->grid);
	ebt_buf_free(&v->text);
	feed_free(&v->feed);
}

/* An exec a millisecond later; its only argument is its name. */
static inline void view_exec(struct view *v, uint32_t pid, const char *name)
{
	_cleanup_buf_ struct ebt_buf args = { 0 };
	struct feed_exec e = { .pid = pid, .ppid = 1201, .uid = 1000, .comm = name, .exe = name };

	ebt_buf_append(&args, name, strlen(name) + 1);
	e.args = (struct ebt_bytes){ args.data, args.len };
	v->feed.now += MS;
	feed_exec(&v->feed, &e);
}

static inline const char *view_draw(struct view *v)
{
	ebt_ui_draw(v->ui, &v->grid, v->feed.now);
	ebt_buf_reset(&v->text);
	assert_int_equal(ebt_grid_text(&v->grid, &v->text, false), 0);
	return v->text.data;
}

static inline void view_key(struct view *v, uint32_t key)
{
	ebt_ui_key(v->ui, key);
}

static inline void view_type(struct view *v, const char *text)
{
	for (; *text; text++)
		ebt_ui_key(v->ui, (unsigned char)*text);
}

/* Draws and looks for a text. */
#define assert_shows(v, s)                                                               \
	do {                                                                             \
		if (!strstr(view_draw(v), s))                                            \
			fail_msg("\"%s\" is not on the screen:\n%s", s, (v)->text.data); \
	} while (0)
#define assert_hides(v, s)                                                           \
	do {                                                                         \
		if (strstr(view_draw(v), s))                                         \
			fail_msg("\"%s\" is on the screen:\n%s", s, (v)->text.data); \
	} while (0)

/* The text of the cells that have a role. */
static inline const char *view_role(struct view *v, enum ebt_role role)
{
	ebt_ui_draw(v->ui, &v->grid, v->feed.now);
	ebt_buf_reset(&v->text);
	for (int y = 0; y < v->grid.height; y++)
		for (int x = 0; x < v->grid.width; x++) {
			const struct ebt_cell *cell = ebt_grid_at(&v->grid, x, y);

			if (cell->role == role)
				ebt_buf_append(&v->text, cell->text, cell->len);
		}
	return v->text.data ? v->text.data : "";
}

#endif
