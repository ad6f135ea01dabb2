/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/core/keys_to_actions.h"

#include <stdio.h>
#include <string.h>

#include "ui/core/copy.h"
#include "ui/core/frozen.h"
#include "ui/core/list.h"
#include "ui/core/prompt.h"
#include "ui/core/question.h"
#include "ui/core/save.h"
#include "ui/core/trail.h"
#include "ui/core/ui_state.h"

static void request(struct ebt_ui *ui, enum ebt_ui_request_type type)
{
	ebt_ui_request(ui, &(struct ebt_ui_request){ .type = type });
}

static void back(struct ebt_ui *ui)
{
	enum ebt_ui_screen screen = ui->screen, *from = ebt_ui_from(ui, screen);

	if ((screen == EBT_SCREEN_DETAILS || !from) && ebt_trail_back(ui))
		return;
	if (!from)
		return;
	ebt_ui_go(ui, *from);
	if (ebt_ui_screen_ops(ui, screen)->close)
		ebt_ui_screen_ops(ui, screen)->close(ui);
}

static void help(struct ebt_ui *ui)
{
	ui->help_top = 0;
	ebt_ui_open(ui, EBT_SCREEN_HELP);
}

static void to_tree(struct ebt_ui *ui)
{
	ebt_trail_end(ui);
	ebt_ui_go(ui, ui->screen == EBT_SCREEN_TREE ? ui->before_tree : EBT_SCREEN_TREE);
}

/* Show the execs of the group under the cursor, or the details of the exec there. */
static void details(struct ebt_ui *ui)
{
	if (ebt_list_query(ui).list == EBT_LIST_GROUPS)
		ebt_trail_group(ui);
	else if (!ebt_trail_row(ui, ebt_list_selected(ui)))
		ebt_ui_say(ui, EBT_LOG_INFO, "its details are no longer known");
}

/* Give the exec of the details, or under the cursor. Return false and say why if there is none. */
static bool chosen(struct ebt_ui *ui, struct ebt_row *row)
{
	if (ui->screen == EBT_SCREEN_DETAILS) {
		*row = ui->details.row;
		return true;
	}
	if (ebt_list_query(ui).list == EBT_LIST_GROUPS) {
		ebt_ui_say(
			ui, EBT_LOG_INFO,
			"this is a group of execs: Enter lists them, and this key is for one of them");
		return false;
	}
	return ebt_snapshot_row(ui->model, ebt_list_selected(ui), row);
}

static void related(struct ebt_ui *ui, enum ebt_action action)
{
	struct ebt_row row = { 0 };

	if (chosen(ui, &row))
		ebt_trail_related(ui, &row, action);
}

/* Nothing is ended through root, and the view has no rights over other processes: name the command. */
static void how_to_end(struct ebt_ui *ui)
{
	struct ebt_row row = { 0 };

	if (!chosen(ui, &row))
		return;
	if (row.kind == EBT_ROW_EXEC && row.ret >= 0 && !row.ended)
		ebt_ui_say(ui, EBT_LOG_INFO,
			   "execbig-top sends no signals; in a shell, 'kill %u' ends %.*s", row.pid,
			   (int)row.comm.len, row.comm.len ? row.comm.data : "");
	else
		ebt_ui_say(ui, EBT_LOG_INFO, "process %u does not run %.*s any more", row.pid,
			   (int)row.comm.len, row.comm.len ? row.comm.data : "");
}

/* Show the details of the parent's latest exec. */
static void parent(struct ebt_ui *ui)
{
	struct ebt_row row = { 0 };

	if (!chosen(ui, &row))
		return;
	if (!ebt_trail_row(ui, ebt_snapshot_parent(ui->model, &row)))
		ebt_ui_say(ui, EBT_LOG_INFO, "the parent (%u) is not known", row.ppid);
}

static void step_screen(struct ebt_ui *ui, int by)
{
	unsigned to = ui->screen;

	if (to >= EBT_SCREEN_TABS)
		return;
	do
		to = (to + (unsigned)(by + EBT_SCREEN_TABS)) % EBT_SCREEN_TABS;
	while (!ebt_ui_has_tab(ui, to));
	ebt_trail_end(ui);
	ebt_ui_go(ui, (enum ebt_ui_screen)to);
}

static void to_screen(struct ebt_ui *ui, enum ebt_ui_screen screen)
{
	if (!ebt_ui_has_tab(ui, screen)) {
		ebt_ui_say(ui, EBT_LOG_INFO, "this screen is there with --homeostasis");
		return;
	}
	ebt_trail_end(ui);
	ebt_ui_go(ui, screen);
}

/* Do the actions that mean the same on every screen that has them. */
static bool common(struct ebt_ui *ui, enum ebt_action action)
{
	switch (action) {
	case EBT_ACT_HELP:
		help(ui);
		break;
	case EBT_ACT_SETUP:
		ebt_ui_screen_ops(ui, EBT_SCREEN_SETUP)->open(ui);
		break;
	case EBT_ACT_REFUSAL:
		ebt_ui_screen_ops(ui, EBT_SCREEN_REFUSAL)->open(ui);
		break;
	case EBT_ACT_OUTPUT:
		ebt_ui_screen_ops(ui, EBT_SCREEN_OUTPUT)->open(ui);
		break;
	case EBT_ACT_SEARCH:
		ebt_ui_open_prompt(ui, EBT_PROMPT_SEARCH);
		break;
	case EBT_ACT_SEARCH_NEXT:
		ebt_ui_find(ui, 1);
		break;
	case EBT_ACT_SEARCH_PREV:
		ebt_ui_find(ui, -1);
		break;
	case EBT_ACT_FILTER:
		ebt_ui_open_prompt(ui, EBT_PROMPT_FILTER);
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
	case EBT_ACT_CHILDREN:
	case EBT_ACT_SIBLINGS:
	case EBT_ACT_SAME_USER:
	case EBT_ACT_SAME_COMMAND:
	case EBT_ACT_FIRST_RUN:
	case EBT_ACT_SLOWEST_RUN:
		related(ui, action);
		break;
	case EBT_ACT_PROGRAM_PATH:
		ui->settings.program_path = !ui->settings.program_path;
		break;
	case EBT_ACT_KILL:
		how_to_end(ui);
		break;
	case EBT_ACT_COPY:
	case EBT_ACT_COPY_JSON:
		ebt_copy(ui, action);
		break;
	case EBT_ACT_SAVE_EXECS:
		ebt_save_open(ui);
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
	case EBT_ACT_SCREEN_6:
	case EBT_ACT_SCREEN_7:
		to_screen(ui, (enum ebt_ui_screen)(action - EBT_ACT_SCREEN_1));
		break;
	case EBT_ACT_PAUSE:
		ebt_pause_toggle(ui);
		break;
	case EBT_ACT_CLEAR:
		ebt_question_clear(ui);
		break;
	case EBT_ACT_METERS:
		ui->settings.cpu_meters = !ui->settings.cpu_meters;
		break;
	case EBT_ACT_SLOWER:
	case EBT_ACT_FASTER:
	case EBT_ACT_SEEK_BACK:
	case EBT_ACT_SEEK_ON:
		if (ui->status->replay)
			request(ui, (enum ebt_ui_request_type)(EBT_REQ_SLOWER + action -
							       EBT_ACT_SLOWER));
		else
			ebt_ui_say(ui, EBT_LOG_INFO, "only a recording has another speed or place");
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
		ebt_question_quit(ui);
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

static void panel_key(struct ebt_ui *ui, uint32_t key)
{
	enum ebt_panel panel = ui->panel;

	if (ebt_menu_key(&ui->menu, key))
		return;
	if (key == EBT_KEY_ENTER || key == ' ') {
		ui->panel = EBT_PANEL_NONE;
		if (panel == EBT_PANEL_SAVE)
			ebt_save_choose(ui, ui->menu.selected);
		else
			ebt_ui_screen_ops(ui, EBT_SCREEN_TOP)->choose(ui, panel, ui->menu.selected);
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
	ui->hint = false;
	if (key != 'y' && key != 'Y')
		ui->copy_action = EBT_ACT_NONE;
	if (key == EBT_KEY_CTRL_Z || key == EBT_KEY_CTRL_L) /* valid in prompts as well */
		ebt_ui_do(ui, ebt_keys_action(key, ebt_ui_ops(ui)->where));
	else if (ui->question)
		ebt_question_key(ui, key);
	else if (ui->prompting)
		ebt_ui_prompt_key(ui, key);
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
			to_screen(ui, (enum ebt_ui_screen)(hit->key & ~EBT_HIT_MASK));
			break;
		case EBT_HIT_SORT:
			ebt_ui_screen_ops(ui, EBT_SCREEN_TOP)
				->sort_click(ui, hit->key & ~EBT_HIT_MASK);
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
	/* A click elsewhere leaves a prompt and a question as they are. */
	if (ui->prompting || (ui->question && y < ui->body_end))
		return;
	if (type == EBT_MOUSE_LEFT && click_hit(ui, x, y))
		return;
	if (ops->mouse && y >= ui->body_y && y < ui->body_end)
		ebt_ui_do(ui, ops->mouse(ui, type, x, y));
}

void ebt_ui_input(struct ebt_ui *ui, const struct ebt_ui_input *input)
{
	if (input->mouse != EBT_MOUSE_NONE)
		ebt_ui_mouse(ui, input->mouse, input->x, input->y);
	else
		ebt_ui_key(ui, input->key);
}
