/* SPDX-License-Identifier: BSD-3-Clause */
/* ui.c - life of the view: screens, requests, messages, frames. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "ui/core/ui_impl.h"

#define PROGRESS_NS 100000000u /* the time a retune takes is shown while it runs */

static const struct ebt_screen_ops *const screens[EBT_SCREEN_MAX] = {
	[EBT_SCREEN_EVENTS] = &ebt_screen_events,   [EBT_SCREEN_TOP] = &ebt_screen_top,
	[EBT_SCREEN_TREE] = &ebt_screen_tree,	    [EBT_SCREEN_BUFFERS] = &ebt_screen_buffers,
	[EBT_SCREEN_LAB] = &ebt_screen_lab,	    [EBT_SCREEN_PROFILES] = &ebt_screen_profiles,
	[EBT_SCREEN_DETAILS] = &ebt_screen_details, [EBT_SCREEN_HELP] = &ebt_screen_help,
	[EBT_SCREEN_SETUP] = &ebt_screen_setup,	    [EBT_SCREEN_REFUSAL] = &ebt_screen_refusal,
};

static const struct ebt_ui_status no_status = { .transport = "ring" };

const struct ebt_screen_ops *ebt_ui_screen_ops(unsigned screen)
{
	return screens[screen < EBT_SCREEN_MAX ? screen : 0];
}

bool ebt_ui_has_tab(const struct ebt_ui *ui, unsigned screen)
{
	return screen < EBT_SCREEN_TABS && (screen != EBT_SCREEN_PROFILES || ui->profiles);
}

const char *ebt_ui_screen_name(enum ebt_ui_screen screen)
{
	return ebt_ui_screen_ops(screen)->name;
}

int ebt_ui_screen_find(const char *name)
{
	for (int i = 0; i < EBT_SCREEN_TABS; i++)
		if (strcmp(screens[i]->name, name) == 0)
			return i;
	return -1;
}

const struct ebt_screen_ops *ebt_ui_ops(const struct ebt_ui *ui)
{
	return ebt_ui_screen_ops(ui->screen);
}

int ebt_ui_new(struct ebt_ui **out, const struct ebt_ui_options *options, struct ebt_model *model)
{
	_cleanup_free_ struct ebt_ui *ui = calloc(1, sizeof(*ui));

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
	ui->screen = ebt_ui_has_tab(ui, ui->settings.screen)
			     ? (enum ebt_ui_screen)ui->settings.screen
			     : EBT_SCREEN_EVENTS;
	ui->before_tree = ui->screen == EBT_SCREEN_TREE ? EBT_SCREEN_EVENTS : ui->screen;
	ui->events.follow = true;
	ui->labs.source = ui->labs.insn = -1;
	ui->scratch.limit = (size_t)8 << 20;
	if (screens[ui->screen]->enter)
		screens[ui->screen]->enter(ui);
	ui->dirty = true;
	*out = TAKE_PTR(ui);
	return 0;
}

void ebt_ui_free(struct ebt_ui **uip)
{
	struct ebt_ui *ui = *uip;

	if (!ui)
		return;
	ebt_details_close(&ui->details);
	ebt_frozen_drop_all(ui);
	if (ui->regex_valid)
		regfree(&ui->regex);
	ebt_matcher_deinit(&ui->matcher);
	ebt_buf_free(&ui->scratch);
	ebt_buf_free(&ui->window);
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

void ebt_ui_set_lab(struct ebt_ui *ui, const struct ebt_ui_lab *lab)
{
	ui->lab = lab;
	ui->labs.source = ui->labs.insn = -1;
	ui->dirty = true;
}

void ebt_ui_request(struct ebt_ui *ui, const struct ebt_ui_request *request)
{
	unsigned at = (ui->request_first + ui->request_count) % EBT_REQUESTS_MAX;

	if (ui->request_count == EBT_REQUESTS_MAX) /* nobody takes them: the newest counts */
		at = (at + EBT_REQUESTS_MAX - 1) % EBT_REQUESTS_MAX;
	else
		ui->request_count++;
	ui->requests[at] = *request;
}

bool ebt_ui_next_request(struct ebt_ui *ui, struct ebt_ui_request *request)
{
	if (!ui->request_count)
		return false;
	*request = ui->requests[ui->request_first];
	ui->request_first = (ui->request_first + 1) % EBT_REQUESTS_MAX;
	ui->request_count--;
	return true;
}

void ebt_ui_message(enum ebt_log_level level, const char *text, void *arg)
{
	struct ebt_ui *ui = arg;
	struct ebt_message *message = &ui->messages[ui->message_count++ % EBT_MESSAGES_MAX];

	message->level = level;
	message->real_ns = ui->snap.now_real_ns;
	snprintf(message->text, sizeof(message->text), "%s", text);
	ui->message_new = true;
	ui->message_until_ns = 0; /* set by the frame that shows it */
	ui->dirty = true;
}

void ebt_ui_say(struct ebt_ui *ui, enum ebt_log_level level, const char *fmt, ...)
{
	char text[EBT_MESSAGE_LEN];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	ebt_ui_message(level, text, ui);
}

void ebt_ui_hit(struct ebt_ui *ui, int x, int x_end, int y, uint32_t key)
{
	if (ui->hit_count < EBT_HITS_MAX && x < x_end)
		ui->hits[ui->hit_count++] = (struct ebt_hit){ x, x_end, y, key };
}

void ebt_ui_go(struct ebt_ui *ui, enum ebt_ui_screen screen)
{
	if (ui->screen < EBT_SCREEN_TABS && ui->screen != EBT_SCREEN_TREE)
		ui->before_tree = ui->screen;
	ui->screen = screen;
	ui->panel = EBT_PANEL_NONE;
	ui->search_failed = false;
	if (screens[screen]->enter)
		screens[screen]->enter(ui);
	ui->dirty = true;
}

enum ebt_ui_screen *ebt_ui_from(struct ebt_ui *ui, enum ebt_ui_screen screen)
{
	switch (screen) {
	case EBT_SCREEN_DETAILS:
		return &ui->details.from;
	case EBT_SCREEN_HELP:
		return &ui->help_from;
	case EBT_SCREEN_SETUP:
		return &ui->setup.from;
	case EBT_SCREEN_REFUSAL:
		return &ui->refusal.from;
	default:
		return NULL;
	}
}

void ebt_ui_open(struct ebt_ui *ui, enum ebt_ui_screen screen)
{
	enum ebt_ui_screen below = ui->screen, *from;

	/* One that we came by is gone back to: were it opened once more, two screens would be each
	 * other's way back for ever. */
	while (below != screen && (from = ebt_ui_from(ui, below)))
		below = *from;
	if (below != screen)
		*ebt_ui_from(ui, screen) = ui->screen;
	ebt_ui_go(ui, screen);
}

/* All that a frame depends on but the clock, folded: a change means there is something to draw. */
static uint64_t mark_of(const struct ebt_ui *ui, const struct ebt_snapshot *snap)
{
	uint64_t mark = snap->execs * 31 + snap->exits;

	mark = mark * 31 + snap->failures + snap->running;
	mark = mark * 31 + snap->lost_total + snap->cut;
	mark = mark * 31 + snap->total.c.seen + snap->ring_used;
	mark = mark * 31 + ui->status->generation;
	return mark * 2 + ui->status->compiling;
}

/* Frames are drawn in our own time; what they show has its own in a replay. */
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

void ebt_ui_touch(struct ebt_ui *ui)
{
	ui->dirty = true;
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
	/* The panel stands over the left of the list, as wide as it needs. */
	int width = ebt_menu_width(&ui->menu) + 3;
	int full = width + 42;

	ebt_menu_draw(&ui->menu, grid, 0, ui->body_y,
		      grid->width >= full + 20 ? full
		      : width < grid->width    ? width
					       : grid->width,
		      ui->body_end);
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
	/* no row yet, but how many there are: the header says what a pause holds */
	struct ebt_query none = { .list = EBT_LIST_EVENTS };

	ebt_grid_clear(grid);
	grid->unicode = ui->options.unicode;
	ui->now_ns = data_ns(ui, now_ns);
	ui->hit_count = 0;
	age_message(ui, now_ns);
	ebt_snapshot_take(ui->model, &none, ui->now_ns, &ui->snap);
	ui->drawn_mark = mark_of(ui, &ui->snap);
	ui->body_y = ebt_head_draw(ui, grid);
	ui->body_end = grid->height >= 3 ? grid->height - 1 : grid->height;
	draw_body(ui, grid);
	ebt_foot_draw(ui, grid);
	ui->drawn_ns = now_ns;
	ui->dirty = false;
}

const struct ebt_settings *ebt_ui_settings(const struct ebt_ui *ui)
{
	return &ui->settings;
}

unsigned ebt_ui_theme(const struct ebt_ui *ui)
{
	return ui->settings.theme;
}

enum ebt_ui_screen ebt_ui_current(const struct ebt_ui *ui)
{
	return ui->screen;
}

bool ebt_ui_paused(const struct ebt_ui *ui)
{
	return ui->paused;
}
