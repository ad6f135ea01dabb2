/* SPDX-License-Identifier: BSD-3-Clause */
/* ui_key.c - keys and the mouse become actions. */
#include <stdio.h>
#include <string.h>
#include <wctype.h>

#include "model/model.h"
#include "ui/ui_impl.h"

/* htop's rule, and the model's: a capital in the pattern makes case count. */
static bool has_capital(const char *pattern)
{
	for (; *pattern; pattern++)
		if (*pattern >= 'A' && *pattern <= 'Z')
			return true;
	return false;
}

bool ebt_ui_set_search(struct ebt_ui *ui, const char *pattern)
{
	int flags = REG_EXTENDED | (has_capital(pattern) ? 0 : REG_ICASE);

	if (ui->regex_valid)
		regfree(&ui->regex);
	ui->regex_valid = false;
	snprintf(ui->search, sizeof(ui->search), "%s", pattern);
	if (pattern[0])
		ui->regex_valid = regcomp(&ui->regex, pattern, flags) == 0;
	return ui->regex_valid;
}

size_t ebt_ui_match_at(const struct ebt_ui *ui, struct ebt_bytes text, size_t from, size_t *len)
{
	regmatch_t range = { .rm_so = (regoff_t)from, .rm_eo = (regoff_t)text.len };
	int flags = REG_STARTEND | (from ? REG_NOTBOL : 0);

	if (!ui->regex_valid || from > text.len ||
	    regexec(&ui->regex, text.data ? text.data : "", 1, &range, flags) != 0)
		return SIZE_MAX;
	*len = (size_t)(range.rm_eo - range.rm_so);
	return (size_t)range.rm_so;
}

bool ebt_ui_matches(const struct ebt_ui *ui, struct ebt_bytes text)
{
	size_t len;

	return ebt_ui_match_at(ui, text, 0, &len) != SIZE_MAX;
}

static void request(struct ebt_ui *ui, enum ebt_ui_request_type type)
{
	ebt_ui_request(ui, &(struct ebt_ui_request){ .type = type });
}

static void find(struct ebt_ui *ui, int dir)
{
	const struct ebt_screen_ops *ops = ebt_ui_ops(ui);

	if (!ops->find)
		return;
	if (!ui->search[0]) {
		ebt_ui_say(ui, EBT_LOG_INFO, "nothing to search for: F3 or / first");
		return;
	}
	ui->search_failed = !ops->find(ui, dir);
	if (ui->search_failed && !ui->prompting)
		ebt_ui_say(ui, EBT_LOG_INFO, "not found: %s", ui->search);
}

static void set_filter(struct ebt_ui *ui, const char *pattern)
{
	char err[128];

	if (ebt_model_set_filter(ui->model, pattern, err, sizeof(err)) < 0) {
		ebt_ui_say(ui, EBT_LOG_WARN, "filter: %s", err);
		return;
	}
	snprintf(ui->filter, sizeof(ui->filter), "%s", pattern);
	ui->frozen.list = EBT_LIST_NONE;
	if (ui->paused) { /* the list stands still from here on */
		struct ebt_query last = { .list = EBT_LIST_EVENTS,
					  .first = SIZE_MAX / 2,
					  .count = 1 };
		struct ebt_snapshot snap;

		ebt_snapshot_take(ui->model, &last, ui->now_ns, &snap);
		ui->paused_last_id = snap.count ? snap.rows[0].id : 0;
	}
}

static void pause_toggle(struct ebt_ui *ui)
{
	struct ebt_query last = { .list = EBT_LIST_EVENTS, .first = SIZE_MAX / 2, .count = 1 };
	struct ebt_snapshot snap;

	ebt_frozen_drop(&ui->frozen);
	ebt_snapshot_take(ui->model, &last, ui->now_ns, &snap);
	if (ui->paused) {
		ui->paused = false;
		return;
	}
	ui->paused_at_events = snap.all_rows + snap.dropped_rows;
	ui->paused_last_id = snap.count ? snap.rows[0].id : 0;
	/* With a keypress in the frame, what is on the screen now is what stands still. */
	if (ui->screen == EBT_SCREEN_TOP || ui->screen == EBT_SCREEN_TREE) {
		struct ebt_query all = ebt_list_query(ui);

		all.count = SIZE_MAX;
		ebt_snapshot_take(ui->model, &all, ui->now_ns, &snap);
		ebt_frozen_take(&ui->frozen, &snap);
	}
	ui->paused = true;
}

static void clear(struct ebt_ui *ui)
{
	request(ui, EBT_REQ_CLEAR);
	ebt_frozen_drop(&ui->frozen);
	ui->paused = false;
	ui->events.sel_id = ui->top.sel_id = ui->tree.sel_id = 0;
	ui->events.follow = true;
	ebt_ui_say(ui, EBT_LOG_INFO, "cleared");
}

static void open_prompt(struct ebt_ui *ui, enum ebt_prompt_kind kind)
{
	ui->prompting = kind;
	ui->search_failed = false;
	if (kind == EBT_PROMPT_SEARCH) {
		ebt_prompt_set(&ui->prompt, "Search", "");
		ui->search_from = ui->screen < EBT_SCREEN_BUFFERS ? ebt_list_selected(ui) : 0;
	} else {
		ebt_prompt_set(&ui->prompt, "Filter", ui->filter);
	}
}

static void back(struct ebt_ui *ui)
{
	switch (ui->screen) {
	case EBT_SCREEN_DETAILS:
		ebt_ui_go(ui, ui->details.from);
		ebt_details_close(&ui->details);
		break;
	case EBT_SCREEN_HELP:
		ebt_ui_go(ui, ui->help_from);
		break;
	case EBT_SCREEN_SETUP:
		ebt_ui_go(ui, ui->setup.from);
		break;
	default:
		break;
	}
}

static void help(struct ebt_ui *ui)
{
	ui->help_from = ui->screen;
	ui->help_top = 0;
	ebt_ui_go(ui, EBT_SCREEN_HELP);
}

static void to_tree(struct ebt_ui *ui)
{
	ebt_ui_go(ui, ui->screen == EBT_SCREEN_TREE ? ui->before_tree : EBT_SCREEN_TREE);
}

static void details(struct ebt_ui *ui)
{
	const struct ebt_screen_ops *ops = ebt_ui_ops(ui);
	uint64_t id = ops->selected_row ? ops->selected_row(ui) : ebt_list_selected(ui);

	if (!id || !ebt_details_open(ui, id))
		ebt_ui_say(ui, EBT_LOG_INFO, "its details are no longer known");
}

/* Events: details of the parent's latest exec. */
static void parent(struct ebt_ui *ui)
{
	struct ebt_row row = { 0 };
	uint64_t id;

	if (ui->screen == EBT_SCREEN_DETAILS)
		row = ui->details.row;
	else if (!ebt_snapshot_row(ui->model, ebt_list_selected(ui), &row))
		return;
	id = ebt_snapshot_row_of_pid(ui->model, row.ppid);
	if (!id || !ebt_details_open(ui, id))
		ebt_ui_say(ui, EBT_LOG_INFO, "the parent (%u) is not known", row.ppid);
}

static void step_screen(struct ebt_ui *ui, int by)
{
	if (ui->screen < EBT_SCREEN_TABS)
		ebt_ui_go(ui, (enum ebt_ui_screen)(((int)ui->screen + by + EBT_SCREEN_TABS) %
						   EBT_SCREEN_TABS));
}

/* Actions that mean the same on every screen that has them. */
static bool common(struct ebt_ui *ui, enum ebt_action action)
{
	switch (action) {
	case EBT_ACT_HELP:
		help(ui);
		break;
	case EBT_ACT_SETUP:
		ebt_setup_open(ui);
		break;
	case EBT_ACT_SEARCH:
		open_prompt(ui, EBT_PROMPT_SEARCH);
		break;
	case EBT_ACT_SEARCH_NEXT:
		find(ui, 1);
		break;
	case EBT_ACT_SEARCH_PREV:
		find(ui, -1);
		break;
	case EBT_ACT_FILTER:
		open_prompt(ui, EBT_PROMPT_FILTER);
		break;
	case EBT_ACT_TREE:
		to_tree(ui);
		break;
	case EBT_ACT_DETAILS:
		details(ui);
		break;
	case EBT_ACT_PARENT:
		parent(ui);
		break;
	case EBT_ACT_NEXT_SCREEN:
		step_screen(ui, 1);
		break;
	case EBT_ACT_PREV_SCREEN:
		step_screen(ui, -1);
		break;
	case EBT_ACT_SCREEN_1:
	case EBT_ACT_SCREEN_2:
	case EBT_ACT_SCREEN_3:
	case EBT_ACT_SCREEN_4:
	case EBT_ACT_SCREEN_5:
		ebt_ui_go(ui, (enum ebt_ui_screen)(action - EBT_ACT_SCREEN_1));
		break;
	case EBT_ACT_PAUSE:
		pause_toggle(ui);
		break;
	case EBT_ACT_CLEAR:
		clear(ui);
		break;
	case EBT_ACT_METERS:
		ui->settings.cpu_meters = !ui->settings.cpu_meters;
		break;
	case EBT_ACT_BACK:
		back(ui);
		break;
	case EBT_ACT_REDRAW:
		request(ui, EBT_REQ_REDRAW);
		break;
	case EBT_ACT_SUSPEND:
		request(ui, EBT_REQ_SUSPEND);
		break;
	case EBT_ACT_QUIT:
		request(ui, EBT_REQ_QUIT);
		break;
	default:
		return false;
	}
	return true;
}

void ebt_ui_do(struct ebt_ui *ui, enum ebt_action action)
{
	const struct ebt_screen_ops *ops = ebt_ui_ops(ui);

	if (action == EBT_ACT_NONE || (ops->action && ops->action(ui, action)))
		return;
	common(ui, action);
}

static void prompt_search(struct ebt_ui *ui, uint32_t key)
{
	if (key == EBT_KEY_SHIFT_F3 || key == EBT_KEY_F3) { /* to the next while typing */
		find(ui, key == EBT_KEY_F3 ? 1 : -1);
		return;
	}
	if (!ebt_prompt_key(&ui->prompt, key))
		return;
	ebt_ui_set_search(ui, ui->prompt.text);
	ui->search_failed = false;
	if (!ui->prompt.len)
		return;
	if (ui->regex_valid && ui->screen < EBT_SCREEN_BUFFERS && ui->search_from) {
		/* from where the search began; the row there may be a match itself */
		ebt_list_select(ui, ui->search_from);
		if (ebt_list_selected_matches(ui))
			return;
	}
	if (ui->regex_valid)
		find(ui, 1);
	else
		ui->search_failed = true;
}

static void prompt_done(struct ebt_ui *ui)
{
	enum ebt_prompt_kind kind = ui->prompting;

	ui->prompting = EBT_PROMPT_NONE;
	if (kind == EBT_PROMPT_FILTER)
		set_filter(ui, ui->prompt.text);
	else if (kind == EBT_PROMPT_VALUE)
		ebt_setup_value(ui, ui->prompt.text);
	else if (ui->prompt.len && !ui->regex_valid)
		ebt_ui_say(ui, EBT_LOG_WARN, "search: not a regular expression: %s",
			   ui->prompt.text);
}

static void prompt_key(struct ebt_ui *ui, uint32_t key)
{
	if (key == EBT_KEY_CTRL_C || key == EBT_KEY_ESC || key == EBT_KEY_F10) {
		if (ui->prompting == EBT_PROMPT_SEARCH && ui->search_from)
			ebt_list_select(ui, ui->search_from);
		ui->prompting = EBT_PROMPT_NONE;
	} else if (key == EBT_KEY_ENTER) {
		prompt_done(ui);
	} else if (ui->prompting == EBT_PROMPT_SEARCH) {
		prompt_search(ui, key);
	} else {
		ebt_prompt_key(&ui->prompt, key);
	}
}

static void panel_key(struct ebt_ui *ui, uint32_t key)
{
	enum ebt_panel panel = ui->panel;

	if (ebt_menu_key(&ui->menu, key))
		return;
	if (key == EBT_KEY_ENTER || key == ' ') {
		ui->panel = EBT_PANEL_NONE;
		ebt_top_choose(ui, panel, ui->menu.selected);
	} else if (key == EBT_KEY_ESC || key == 'q' || key == EBT_KEY_F10 || key == EBT_KEY_F6 ||
		   key == EBT_KEY_F7 || key == EBT_KEY_CTRL_C) {
		ui->panel = EBT_PANEL_NONE;
	}
}

void ebt_ui_key(struct ebt_ui *ui, uint32_t key)
{
	ui->dirty = true;
	if (key == EBT_KEY_RESIZE || key == EBT_KEY_NONE)
		return;
	ui->message_new = false;
	if (key == EBT_KEY_CTRL_Z || key == EBT_KEY_CTRL_L) /* also from prompts */
		ebt_ui_do(ui, ebt_keys_action(key, ebt_ui_ops(ui)->where));
	else if (ui->prompting)
		prompt_key(ui, key);
	else if (ui->panel)
		panel_key(ui, key);
	else
		ebt_ui_do(ui, ebt_keys_action(key, ebt_ui_ops(ui)->where));
}

static bool click_hit(struct ebt_ui *ui, int x, int y)
{
	for (unsigned i = 0; i < ui->hit_count; i++) {
		const struct ebt_hit *hit = &ui->hits[i];

		if (y != hit->y || x < hit->x || x >= hit->x_end)
			continue;
		switch (hit->key & EBT_HIT_MASK) {
		case EBT_HIT_SCREEN:
			ebt_ui_go(ui, (enum ebt_ui_screen)(hit->key & ~EBT_HIT_MASK));
			break;
		case EBT_HIT_SORT:
			ebt_top_sort_click(ui, hit->key & ~EBT_HIT_MASK);
			break;
		default:
			ebt_ui_key(ui, hit->key);
			break;
		}
		return true;
	}
	return false;
}

static void panel_mouse(struct ebt_ui *ui, enum ebt_ui_mouse_type type, int x, int y)
{
	int item = ebt_menu_hit(&ui->menu, x, y);

	if (type == EBT_MOUSE_WHEEL_UP || type == EBT_MOUSE_WHEEL_DOWN) {
		ebt_menu_key(&ui->menu, type == EBT_MOUSE_WHEEL_UP ? EBT_KEY_UP : EBT_KEY_DOWN);
	} else if (type == EBT_MOUSE_LEFT && item >= 0) {
		ui->menu.selected = item;
		panel_key(ui, EBT_KEY_ENTER);
	} else if (type == EBT_MOUSE_LEFT && !(y >= ui->body_end && click_hit(ui, x, y))) {
		ui->panel = EBT_PANEL_NONE;
	}
}

void ebt_ui_mouse(struct ebt_ui *ui, enum ebt_ui_mouse_type type, int x, int y)
{
	const struct ebt_screen_ops *ops = ebt_ui_ops(ui);

	ui->dirty = true;
	if (ui->panel) {
		panel_mouse(ui, type, x, y);
		return;
	}
	if (ui->prompting) /* a click elsewhere leaves the prompt as it is */
		return;
	if (type == EBT_MOUSE_LEFT && click_hit(ui, x, y))
		return;
	if (ops->mouse && y >= ui->body_y && y < ui->body_end)
		ops->mouse(ui, type, x, y);
}

void ebt_ui_input(struct ebt_ui *ui, const struct ebt_ui_input *input)
{
	if (input->mouse != EBT_MOUSE_NONE)
		ebt_ui_mouse(ui, input->mouse, input->x, input->y);
	else
		ebt_ui_key(ui, input->key);
}
