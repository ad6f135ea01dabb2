/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/core/ui.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "ui/core/foot.h"
#include "ui/core/frozen.h"
#include "ui/core/head.h"
#include "ui/core/ui_state.h"

#define COPY_MAX	((size_t)128 << 20) /* the longest line of JSON is a bit shorter */
#define HINT_BODY_LEAST 12		    /* on a lower screen every line is needed */
#define PROGRESS_NS	100000000u	    /* update interval of the time that a retune takes */

static const struct ebt_ui_status no_status = { .transport = "ring" };

int ebt_ui_new(struct ebt_ui **out, const struct ebt_ui_options *options, struct ebt_model *model)
{
	_cleanup_free_ struct ebt_ui *ui = calloc(1, sizeof(*ui));
	struct ebt_snapshot snap;

	if (!ui)
		return -ENOMEM;
	ui->model = model;
	ui->options = *options;
	if (options->settings)
		ui->settings = *options->settings;
	else
		ebt_settings_default(&ui->settings);
	if (!ui->options.delay_ms)
		ui->options.delay_ms = 1000;
	if (!ui->options.color)
		ui->settings.theme = (unsigned)ebt_theme_find("monochrome");
	ui->status = &no_status;
	/* The model may have a filter already, of --filter. */
	ebt_snapshot_take(model, &(struct ebt_query){ .list = EBT_LIST_NONE }, 0, &snap);
	snprintf(ui->filter, sizeof(ui->filter), "%s", snap.filter);
	ui->screen = ebt_ui_has_tab(ui, ui->settings.screen)
			     ? (enum ebt_ui_screen)ui->settings.screen
			     : EBT_SCREEN_OVERVIEW;
	ui->before_tree = ui->screen == EBT_SCREEN_TREE ? EBT_SCREEN_OVERVIEW : ui->screen;
	ui->events.follow = true;
	ui->labs.source = ui->labs.insn = -1;
	ui->scratch.limit = (size_t)8 << 20;
	ui->copied.limit = COPY_MAX;
	if (ebt_ui_ops(ui)->enter)
		ebt_ui_ops(ui)->enter(ui);
	ui->hint = true;
	ui->dirty = true;
	*out = TAKE_PTR(ui);
	return 0;
}

void ebt_ui_free(struct ebt_ui **uip)
{
	struct ebt_ui *ui = *uip;

	if (!ui)
		return;
	for (unsigned i = 0; i < EBT_SCREEN_MAX; i++) {
		if (ebt_ui_screen_ops(ui, i)->close)
			ebt_ui_screen_ops(ui, i)->close(ui);
	}
	ebt_frozen_drop_all(ui);
	ebt_matcher_deinit(&ui->matcher);
	ebt_expr_free(&ui->search_expr);
	ebt_buf_free(&ui->scratch);
	ebt_buf_free(&ui->copied);
	free(ui);
	*uip = NULL;
}

void ebt_ui_set_status(struct ebt_ui *ui, const struct ebt_ui_status *status)
{
	ui->status = status ? status : &no_status;
}

void ebt_ui_set_profiles(struct ebt_ui *ui, struct ebt_profiles *profiles)
{
	ui->profiles = profiles;
	if (profiles && ui->settings.screen == EBT_SCREEN_PROFILES)
		ebt_ui_go(ui, EBT_SCREEN_PROFILES);
}

void ebt_ui_set_lab(struct ebt_ui *ui, const struct ebt_listing *lab)
{
	ui->lab = lab;
	ui->labs.source = ui->labs.insn = -1;
	ui->dirty = true;
}

/* Hash everything that a frame depends on except the clock: if it changes, there is something to
 * draw. */
static uint64_t mark_of(const struct ebt_ui *ui, const struct ebt_snapshot *snap)
{
	uint64_t mark = snap->execs * 31 + snap->exits;

	mark = mark * 31 + snap->failures + snap->running;
	mark = mark * 31 + snap->lost_total + snap->cut;
	mark = mark * 31 + snap->total.c.seen + snap->ring_used;
	mark = mark * 31 + ui->status->generation;
	return mark * 2 + ui->status->compiling;
}

/* Frames follow the real clock; the contents of a replay have a clock of their own. */
static uint64_t data_ns(const struct ebt_ui *ui, uint64_t now_ns)
{
	return ui->status->data_now_ns ? ui->status->data_now_ns : now_ns;
}

static uint64_t frame_ns(const struct ebt_ui *ui)
{
	bool live = ui->screen == EBT_SCREEN_EVENTS && !ui->paused;

	return (uint64_t)(live ? EBT_FRAME_MS : ui->options.delay_ms) * 1000000u;
}

int ebt_ui_timeout_ms(struct ebt_ui *ui, uint64_t now_ns)
{
	struct ebt_query none = { .list = EBT_LIST_NONE };
	uint64_t age = now_ns > ui->drawn_ns ? now_ns - ui->drawn_ns : 0;
	uint64_t due = 1000000000u;
	struct ebt_snapshot snap;

	if (ui->dirty || !ui->drawn_ns || age >= due)
		return 0;
	if (ui->status->compiling && PROGRESS_NS < due)
		due = PROGRESS_NS;
	if (frame_ns(ui) < due) {
		ebt_snapshot_take(ui->model, &none, data_ns(ui, now_ns), &snap);
		if (mark_of(ui, &snap) != ui->drawn_mark)
			due = frame_ns(ui);
	}
	return age >= due ? 0 : (int)((due - age + 999999u) / 1000000u);
}

static void draw_body(struct ebt_ui *ui, struct ebt_grid *grid)
{
	const struct ebt_screen_ops *ops = ebt_ui_ops(ui);

	for (int y = 0; y < grid->height && y < EBT_GRID_MAX; y++)
		ui->line_row[y] = -1;
	if (ui->body_end > ui->body_y)
		ops->draw(ui, grid, ui->body_y, ui->body_end);
	if (!ui->panel)
		return;
	/* The panel covers the left of the list, as wide as it needs. */
	int width = ebt_menu_width(&ui->menu) + 3;
	int full = width + 42;

	ebt_menu_draw(&ui->menu, grid, 0, ui->body_y,
		      grid->width >= full + 20 ? full
		      : width < grid->width    ? width
					       : grid->width,
		      ui->body_end);
}

/* Show what to press first in the line above the F-key bar, for the first seconds. */
static void draw_hint(struct ebt_ui *ui, struct ebt_grid *grid, uint64_t now_ns)
{
	int y = ui->body_end - 1;

	if (!ui->hint_until_ns)
		ui->hint_until_ns = now_ns + EBT_HINT_NS;
	ui->hint = ui->hint && now_ns < ui->hint_until_ns;
	if (!ui->hint || y < HINT_BODY_LEAST)
		return;
	ui->body_end--;
	ebt_grid_puts(grid, 1, y, grid->width, EBT_ROLE_LABEL,
		      "Enter opens the selected row, Tab the next screen, F1 explains this one");
}

static void age_message(struct ebt_ui *ui, uint64_t now_ns)
{
	if (!ui->message_new)
		return;
	if (!ui->message_until_ns)
		ui->message_until_ns = now_ns + EBT_MESSAGE_NS;
	else if (now_ns >= ui->message_until_ns)
		ui->message_new = false;
}

void ebt_ui_draw(struct ebt_ui *ui, struct ebt_grid *grid, uint64_t now_ns)
{
	/* fetch no rows but their number, because the header shows how many a pause holds back */
	struct ebt_query none = { .list = EBT_LIST_EVENTS };

	ebt_grid_clear(grid);
	grid->unicode = ui->options.unicode;
	ui->now_ns = data_ns(ui, now_ns);
	ui->hit_count = 0;
	age_message(ui, now_ns);
	ebt_snapshot_take(ui->model, &none, ui->now_ns, &ui->snap);
	ui->drawn_mark = mark_of(ui, &ui->snap);
	if (ui->snap.lost_total > ui->lost_seen)
		ui->lost_ns = ui->now_ns;
	ui->lost_seen = ui->snap.lost_total;
	ui->body_y = ebt_head_draw(ui, grid);
	ui->body_end = grid->height >= 3 ? grid->height - 1 : grid->height;
	draw_hint(ui, grid, now_ns);
	draw_body(ui, grid);
	ebt_foot_draw(ui, grid);
	ui->drawn_ns = now_ns;
	ui->dirty = false;
}
