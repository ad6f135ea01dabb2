/* SPDX-License-Identifier: BSD-3-Clause */
/* setup.c - the Setup screen: settings of the running programs, display, columns
 *
 * Nothing is written to a file unless the user asks for it. */
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/format.h"
#include "ui/core/columns.h"
#include "ui/core/layout.h"
#include "ui/core/ui_state.h"
#include "ui/screens/registry.h"
#include "ui/screens/setup_tuning.h"

enum page { PAGE_TUNING, PAGE_DISPLAY, PAGE_EVENTS, PAGE_TREE, PAGE_TOP, PAGE_MAX };

static const char *const page_titles[PAGE_MAX] = { "Tuning", "Display", "Events", "Tree", "Top" };

#define STATE_ROWS 6 /* rows of a refusal at 80 columns, with blank lines around it */

/* The page of columns. */
struct column_page {
	struct ebt_columns *columns;
	const struct ebt_column_spec *specs;
	int count;
	uint8_t needed; /* the column that cannot be hidden */
};

static bool column_page(struct ebt_ui *ui, struct column_page *out)
{
	switch (ui->setup.page) {
	case PAGE_EVENTS:
		*out = (struct column_page){ &ui->settings.events, ebt_row_columns, EBT_RC_MAX,
					     EBT_RC_COMMAND };
		return true;
	case PAGE_TREE:
		*out = (struct column_page){ &ui->settings.tree, ebt_row_columns, EBT_RC_MAX,
					     EBT_RC_COMMAND };
		return true;
	case PAGE_TOP:
		*out = (struct column_page){ &ui->settings.top, ebt_top_columns, EBT_TOP_CMAX,
					     EBT_COL_NAME };
		return true;
	default:
		return false;
	}
}

static int place_of(const struct ebt_columns *columns, int id)
{
	for (int i = 0; i < columns->count; i++)
		if (columns->id[i] == id)
			return i;
	return -1;
}

/* Map a line of the list to a column: first those shown, in order, then the hidden ones. */
static int column_at(const struct column_page *page, int line)
{
	if (line < page->columns->count)
		return page->columns->id[line];
	int hidden = line - page->columns->count;

	for (int id = 0; id < page->count; id++)
		if (place_of(page->columns, id) < 0 && hidden-- == 0)
			return id;
	return -1;
}

enum display {
	DISPLAY_THEME,
	DISPLAY_SCREEN,
	DISPLAY_METERS,
	DISPLAY_HIGHLIGHT,
	DISPLAY_PATH,
	DISPLAY_WRAP,
	DISPLAY_MAX
};

static const struct {
	const char *label, *help;
} display_items[DISPLAY_MAX] = {
	[DISPLAY_THEME] = { "Theme", "colours" },
	[DISPLAY_SCREEN] = { "First screen", "shown at start" },
	[DISPLAY_METERS] = { "CPU buffers", "of every CPU in the header, or one line for all (m)" },
	[DISPLAY_HIGHLIGHT] = { "Highlight", "mark what began within the last second" },
	[DISPLAY_PATH] = { "Program path", "in place of the name it was started by (p)" },
	[DISPLAY_WRAP] = { "Wrap", "wrap long command lines in Events (w)" },
};

static int item_count(struct ebt_ui *ui)
{
	struct column_page page;

	if (column_page(ui, &page))
		return page.count;
	return ui->setup.page == PAGE_TUNING ? EBT_TUNE_MAX : DISPLAY_MAX;
}

static void setup_open(struct ebt_ui *ui)
{
	if (ui->screen == EBT_SCREEN_SETUP)
		return;
	ebt_tuning_follow(ui);
	ebt_ui_open(ui, EBT_SCREEN_SETUP);
}

/* Return the setting that an item of the page switches, or NULL if it is no yes or no. */
static bool *display_switch(struct ebt_settings *s, int item)
{
	bool *const switches[DISPLAY_MAX] = {
		[DISPLAY_METERS] = &s->cpu_meters,
		[DISPLAY_HIGHLIGHT] = &s->highlight,
		[DISPLAY_PATH] = &s->program_path,
		[DISPLAY_WRAP] = &s->wrap,
	};

	return switches[item];
}

static const char *display_value(struct ebt_ui *ui, int item)
{
	struct ebt_settings *s = &ui->settings;

	if (item == DISPLAY_THEME)
		return ebt_themes[s->theme].name;
	if (item == DISPLAY_SCREEN)
		return ebt_screen_name((enum ebt_ui_screen)s->screen);
	return *display_switch(s, item) ? "yes" : "no";
}

static void draw_display(struct ebt_ui *ui, struct ebt_grid *grid, int item, int y)
{
	const char *help = item == DISPLAY_THEME ? ebt_themes[ui->settings.theme].help
						 : display_items[item].help;

	ebt_grid_puts(grid, 1, y, grid->width, EBT_ROLE_LABEL, display_items[item].label);
	ebt_grid_puts(grid, 15, y, grid->width, EBT_ROLE_VALUE, display_value(ui, item));
	ebt_grid_puts(grid, 28, y, grid->width, EBT_ROLE_DIM, help);
}

static void draw_column(struct ebt_grid *grid, const struct column_page *page, int line, int y)
{
	int id = column_at(page, line);

	if (id < 0)
		return;
	bool on = line < page->columns->count;
	char help[EBT_COLUMN_HELP_MAX];

	ebt_grid_puts(grid, 1, y, grid->width, on ? EBT_ROLE_VALUE : EBT_ROLE_DIM,
		      on ? "[x]" : "[ ]");
	ebt_grid_puts(grid, 5, y, grid->width, on ? EBT_ROLE_STRONG : EBT_ROLE_TEXT,
		      page->specs[id].title);
	ebt_grid_puts(grid, 20, y, grid->width, EBT_ROLE_DIM,
		      ebt_column_describe(&page->specs[id], help, sizeof(help)));
}

static void draw_tabs(struct ebt_ui *ui, struct ebt_grid *grid, int y)
{
	char generation[32];
	int x = 0;

	snprintf(generation, sizeof(generation), "Generation %u ", ui->status->generation);
	ebt_grid_fill(grid, 0, y, grid->width, EBT_ROLE_HEAD, ' ');
	ebt_grid_right(grid, 0, y, grid->width, EBT_ROLE_HEAD, generation);
	for (int i = 0; i < PAGE_MAX; i++)
		x = ebt_grid_printf(grid, x, y, grid->width,
				    i == ui->setup.page ? EBT_ROLE_HEAD_ON : EBT_ROLE_HEAD,
				    i == ui->setup.page ? "[%s]" : " %s ", page_titles[i]);
}

static const char *page_hint(const struct ebt_ui *ui)
{
	switch (ui->setup.page) {
	case PAGE_TUNING:
		return "Left and Right change a value, Enter types one, F5 applies: the programs "
		       "are "
		       "compiled anew and swapped in while events go on.";
	case PAGE_DISPLAY:
		return "Left, Right and Space change a value. F6 saves it for the next time.";
	default:
		return "Space shows or hides a column, F7 and F8 move it. Columns that do not fit "
		       "are "
		       "left out, the least important first. F6 saves.";
	}
}

/* A list that is cut anyway leaves room for the state of the values, which comes before it. */
static bool has_room_for_hint(const struct ebt_ui *ui, int count, int rows)
{
	if (ui->setup.page == PAGE_TUNING && ebt_tuning_has_state(ui))
		return rows > count + 3 + STATE_ROWS;
	return rows > count + 3 || rows > 12;
}

static void setup_draw(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end)
{
	struct ebt_setup_state *st = &ui->setup;
	struct column_page page = { 0 };
	bool columns = column_page(ui, &page);
	int *selected = &st->selected[st->page], count = item_count(ui);

	ebt_tuning_follow(ui);
	draw_tabs(ui, grid, y++);
	if (has_room_for_hint(ui, count, y_end - y)) {
		y = ebt_paragraph(grid, 1, y, grid->width - 1, y_end, EBT_ROLE_DIM, page_hint(ui));
		y++;
	}
	st->y = y;
	st->rows = y_end - y;
	*selected = *selected >= count ? count - 1 : *selected < 0 ? 0 : *selected;
	if (*selected < st->top)
		st->top = *selected;
	if (st->rows > 0 && *selected >= st->top + st->rows)
		st->top = *selected - st->rows + 1;
	for (int i = st->top; i < count && y < y_end; i++, y++) {
		if (columns)
			draw_column(grid, &page, i, y);
		else if (st->page == PAGE_TUNING)
			ebt_tuning_draw(ui, grid, i, y);
		else
			draw_display(ui, grid, i, y);
		if (i == *selected)
			ebt_grid_role(grid, 0, y, grid->width, EBT_ROLE_SELECTED);
	}
	if (st->page == PAGE_TUNING)
		ebt_tuning_below(ui, grid, y + 1, y_end);
}

static void step_theme(struct ebt_ui *ui, int by)
{
	unsigned n = ebt_themes_count;

	if (!ui->options.color) {
		ebt_ui_say(ui, EBT_LOG_INFO, "no colours here: the theme stays monochrome");
		return;
	}
	ui->settings.theme = (unsigned)((int)(ui->settings.theme + n) + by) % n;
	ebt_ui_request(ui, &(struct ebt_ui_request){ .type = EBT_REQ_THEME });
}

static void step_display(struct ebt_ui *ui, int item, int by)
{
	struct ebt_settings *s = &ui->settings;
	bool *on = display_switch(s, item);

	if (on)
		*on = !*on;
	else if (item == DISPLAY_THEME)
		step_theme(ui, by);
	else
		s->screen = (unsigned)((int)s->screen + EBT_SCREEN_TABS + by) % EBT_SCREEN_TABS;
}

static void toggle_column(struct ebt_ui *ui, const struct column_page *page, int line)
{
	struct ebt_columns *columns = page->columns;
	int id = column_at(page, line);

	if (id < 0)
		return;
	if (line >= columns->count) {
		columns->id[columns->count++] = (uint8_t)id;
		ui->setup.selected[ui->setup.page] = columns->count - 1;
	} else if (id == page->needed) {
		ebt_ui_say(ui, EBT_LOG_INFO, "this column takes the rest of the line and stays");
	} else {
		memmove(&columns->id[line], &columns->id[line + 1],
			(size_t)(columns->count - line - 1));
		columns->count--;
	}
}

static void move_column(struct ebt_ui *ui, const struct column_page *page, int by)
{
	struct ebt_columns *columns = page->columns;
	int line = ui->setup.selected[ui->setup.page], to = line + by;

	if (line >= columns->count || to < 0 || to >= columns->count)
		return;
	uint8_t id = columns->id[line];

	columns->id[line] = columns->id[to];
	columns->id[to] = id;
	ui->setup.selected[ui->setup.page] = to;
}

static void setup_change(struct ebt_ui *ui, int by, bool typed)
{
	struct column_page page;
	int item = ui->setup.selected[ui->setup.page];

	if (column_page(ui, &page))
		toggle_column(ui, &page, item);
	else if (ui->setup.page == PAGE_DISPLAY)
		step_display(ui, item, by);
	else if (typed)
		ebt_tuning_ask(ui, item);
	else
		ebt_tuning_step(ui, item, by);
}

static void step_page(struct ebt_ui *ui, int by)
{
	ui->setup.page = (ui->setup.page + PAGE_MAX + by) % PAGE_MAX;
	ui->setup.top = 0;
}

static bool setup_action(struct ebt_ui *ui, enum ebt_action act)
{
	int *selected = &ui->setup.selected[ui->setup.page];
	struct column_page page;
	bool columns = column_page(ui, &page);

	switch (act) {
	case EBT_ACT_UP:
		--*selected;
		break;
	case EBT_ACT_DOWN:
		++*selected;
		break;
	case EBT_ACT_PGUP:
	case EBT_ACT_HOME:
		*selected = 0;
		break;
	case EBT_ACT_PGDN:
	case EBT_ACT_END:
		*selected = item_count(ui) - 1;
		break;
	case EBT_ACT_LEFT:
	case EBT_ACT_RIGHT:
		if (!columns)
			setup_change(ui, act == EBT_ACT_LEFT ? -1 : 1, false);
		break;
	case EBT_ACT_TOGGLE:
		setup_change(ui, 1, true);
		break;
	case EBT_ACT_NEXT_SCREEN:
		step_page(ui, 1);
		break;
	case EBT_ACT_PREV_SCREEN:
		step_page(ui, -1);
		break;
	case EBT_ACT_MOVE_UP:
	case EBT_ACT_MOVE_DOWN:
		if (columns)
			move_column(ui, &page, act == EBT_ACT_MOVE_UP ? -1 : 1);
		break;
	case EBT_ACT_APPLY:
		ebt_tuning_apply(ui);
		break;
	case EBT_ACT_SAVE:
		ebt_ui_request(ui, &(struct ebt_ui_request){ .type = EBT_REQ_SAVE });
		break;
	default:
		return false;
	}
	selected = &ui->setup.selected[ui->setup.page];
	*selected = *selected < 0		  ? 0
		    : *selected >= item_count(ui) ? item_count(ui) - 1
						  : *selected;
	return true;
}

static enum ebt_action setup_mouse(struct ebt_ui *ui, enum ebt_ui_mouse_type type, int x, int y)
{
	int item = ui->setup.top + y - ui->setup.y;

	if (type == EBT_MOUSE_WHEEL_UP || type == EBT_MOUSE_WHEEL_DOWN) {
		setup_action(ui, type == EBT_MOUSE_WHEEL_UP ? EBT_ACT_UP : EBT_ACT_DOWN);
	} else if (type == EBT_MOUSE_LEFT && y == ui->body_y) {
		for (int i = 0, at = 0; i < PAGE_MAX; i++) {
			int width = (int)strlen(page_titles[i]) + 2;

			if (x >= at && x < at + width)
				step_page(ui, i - ui->setup.page);
			at += width;
		}
	} else if (type == EBT_MOUSE_LEFT && y >= ui->setup.y && item < item_count(ui)) {
		if (ui->setup.selected[ui->setup.page] == item)
			setup_change(ui, 1, true);
		ui->setup.selected[ui->setup.page] = item;
	}
	return EBT_ACT_NONE;
}

const struct ebt_screen_ops ebt_screen_setup = {
	.title = "Setup",
	.where = EBT_IN_SETUP,
	.draw = setup_draw,
	.action = setup_action,
	.mouse = setup_mouse,
	.open = setup_open,
	.value = ebt_tuning_value,
};
