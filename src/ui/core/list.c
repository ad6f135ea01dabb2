/* SPDX-License-Identifier: BSD-3-Clause */
/* list.c - the cursor and the window of the lists of events, groups and processes */
#include "ui/core/list.h"

#include <string.h>

#include "base/text.h"
#include "ui/core/command_line.h"
#include "ui/core/frozen.h"
#include "ui/core/prompt.h"
#include "ui/core/ui_state.h"

#define END_OF_LIST (SIZE_MAX / 2)

struct ebt_list_state *ebt_list_current(struct ebt_ui *ui)
{
	switch (ui->screen) {
	case EBT_SCREEN_OVERVIEW:
		return &ui->overview;
	case EBT_SCREEN_TOP:
		return &ui->top;
	case EBT_SCREEN_TREE:
		return &ui->tree;
	default:
		return &ui->events;
	}
}

struct ebt_query ebt_list_query_of(const struct ebt_ui *ui, unsigned screen)
{
	struct ebt_query query = { .list = EBT_LIST_EVENTS,
				   .group_by = ui->settings.group_by,
				   .sort = ui->settings.sort,
				   .invert = ui->settings.invert };

	if (screen == EBT_SCREEN_OVERVIEW)
		query = (struct ebt_query){ .list = EBT_LIST_GROUPS,
					    .group_by = EBT_GROUP_COMM,
					    .sort = EBT_COL_RATE_1M };
	else if (screen == EBT_SCREEN_TOP)
		query.list = EBT_LIST_GROUPS;
	else if (screen == EBT_SCREEN_TREE)
		query.list = EBT_LIST_TREE;
	return query;
}

struct ebt_query ebt_list_query(const struct ebt_ui *ui)
{
	return ebt_list_query_of(ui, ui->screen);
}

/* Events that arrived after the pause are in the list but not shown. */
static void hide_held(struct ebt_ui *ui, struct ebt_snapshot *snap)
{
	size_t total = ebt_snapshot_rows_until(ui->model, ui->paused_last_id);

	if (total < snap->total_rows)
		snap->total_rows = total;
	if (snap->first >= total)
		snap->count = 0;
	else if (snap->first + snap->count > total)
		snap->count = total - snap->first;
}

bool ebt_list_forgotten(const struct ebt_ui *ui)
{
	return ui->paused && ui->paused_last_id &&
	       !ebt_snapshot_holds(ui->model, ui->paused_last_id);
}

void ebt_list_window(struct ebt_ui *ui, const struct ebt_query *query, struct ebt_snapshot *snap)
{
	struct ebt_frozen *frozen = ui->paused ? ebt_frozen_of(ui, query->list) : NULL;

	if (frozen) {
		struct ebt_query none = { .list = EBT_LIST_NONE };

		ebt_snapshot_take(ui->model, &none, ui->now_ns, snap);
		ebt_frozen_window(frozen, query, snap);
		return;
	}
	ebt_snapshot_take(ui->model, query, ui->now_ns, snap);
	if (ui->paused && query->list == EBT_LIST_EVENTS)
		hide_held(ui, snap);
}

/* Return the index of an id in the list, or SIZE_MAX. */
static size_t index_of(struct ebt_ui *ui, const struct ebt_query *query, uint64_t id)
{
	if (query->list == EBT_LIST_EVENTS || (query->list == EBT_LIST_TREE && !ui->paused))
		return ebt_snapshot_index_of(ui->model, query->list, id);
	struct ebt_query all = *query;
	struct ebt_snapshot snap;

	all.first = 0;
	all.count = SIZE_MAX;
	ebt_list_window(ui, &all, &snap);
	for (size_t i = 0; i < snap.count; i++)
		if (ebt_snap_id(&snap, i) == id)
			return i;
	return SIZE_MAX;
}

static bool sticks(const struct ebt_ui *ui, const struct ebt_list_state *list)
{
	if (list == &ui->events)
		return !list->follow || ui->paused;
	return list == &ui->tree || list->follow;
}

/* Find the cursor's index, which changes if the list or the cursor moved. */
static void place_cursor(struct ebt_ui *ui, struct ebt_list_state *list,
			 const struct ebt_query *query)
{
	if (list == &ui->events && list->follow && !ui->paused) {
		list->sel = END_OF_LIST;
		return;
	}
	if (list->moved || !list->sel_id || !sticks(ui, list))
		return;
	size_t now = index_of(ui, query, list->sel_id);

	if (now == SIZE_MAX)
		return;
	/* Keep the rows on the screen in place. */
	if (now >= list->sel)
		list->top += now - list->sel;
	else
		list->top -= list->sel - now < list->top ? list->sel - now : list->top;
	list->sel = now;
}

static void show_cursor(struct ebt_list_state *list, size_t rows)
{
	if (list->sel < list->top)
		list->top = list->sel;
	if (list->sel >= list->top + rows)
		list->top = list->sel - rows + 1;
}

void ebt_list_take(struct ebt_ui *ui, const struct ebt_query *asked, int rows)
{
	struct ebt_list_state *list = ebt_list_current(ui);
	struct ebt_query query = *asked;
	size_t n = rows > 0 ? (size_t)rows : 1;

	place_cursor(ui, list, &query);
	show_cursor(list, n);
	query.first = list->top;
	query.count = n;
	ebt_list_window(ui, &query, &ui->snap);
	list->total = ui->snap.total_rows;
	if (list->sel >= list->total || ui->snap.first != list->top) {
		bool again = ui->snap.total_rows && !ui->snap.count;

		if (list->sel >= list->total)
			list->sel = list->total ? list->total - 1 : 0;
		list->top = list->total > n ? list->total - n : 0;
		show_cursor(list, n);
		if (again || ui->snap.first != list->top) {
			query.first = list->top;
			ebt_list_window(ui, &query, &ui->snap);
		}
		list->top = ui->snap.first;
	}
	list->sel_id = list->sel >= ui->snap.first
			       ? ebt_snap_id(&ui->snap, list->sel - ui->snap.first)
			       : 0;
	list->moved = false;
}

uint64_t ebt_list_selected(struct ebt_ui *ui)
{
	struct ebt_list_state *list = ebt_list_current(ui);
	struct ebt_query query = ebt_list_query(ui);
	struct ebt_snapshot snap;

	if (!list->moved && list->sel_id)
		return list->sel_id;
	query.first = list->sel;
	query.count = 1;
	ebt_list_window(ui, &query, &snap);
	if (snap.count)
		list->sel_id = ebt_snap_id(&snap, 0);
	return snap.count ? list->sel_id : 0;
}

void ebt_list_select(struct ebt_ui *ui, uint64_t id)
{
	struct ebt_list_state *list = ebt_list_current(ui);
	struct ebt_query query = ebt_list_query(ui);
	size_t at = index_of(ui, &query, id);

	if (at == SIZE_MAX)
		return;
	list->sel = at;
	list->sel_id = id;
	list->moved = false; /* rows that arrive before the next frame do not take its place */
	if (list == &ui->events)
		list->follow = false;
}

enum ebt_role ebt_list_sel_role(const struct ebt_ui *ui)
{
	bool follow = ui->screen == EBT_SCREEN_OVERVIEW ? ui->overview.follow
		      : ui->screen == EBT_SCREEN_TOP	? ui->top.follow
		      : ui->screen == EBT_SCREEN_TREE	? ui->tree.follow
							: ui->events.follow && !ui->paused;

	return follow ? EBT_ROLE_FOLLOWED : EBT_ROLE_SELECTED;
}

static void move_to(struct ebt_ui *ui, struct ebt_list_state *list, size_t to)
{
	if (list->sel == END_OF_LIST) /* not drawn yet */
		list->sel = 0;
	list->sel = to;
	list->moved = true;
	if (list == &ui->events && !ui->paused)
		list->follow = list->total && to + 1 >= list->total && list->follow;
}

static void move_by(struct ebt_ui *ui, struct ebt_list_state *list, long by)
{
	size_t last = list->total ? list->total - 1 : 0;
	size_t from = list->sel < last ? list->sel : last;

	if (by < 0)
		move_to(ui, list, from > (size_t)-by ? from - (size_t)-by : 0);
	else
		move_to(ui, list, last - from > (size_t)by ? from + (size_t)by : last);
}

static void scroll_to(struct ebt_list_state *list, long to)
{
	list->hscroll = (int)(to < 0 ? 0 : to > EBT_HSCROLL_MAX ? EBT_HSCROLL_MAX : to);
}

/* Return the columns of the long text in the cursor's row. */
static size_t line_width(struct ebt_ui *ui)
{
	struct ebt_query query = ebt_list_query(ui);
	struct ebt_snapshot snap;

	if (!ebt_list_selected(ui))
		return 0;
	query.first = ebt_list_current(ui)->sel;
	query.count = 1;
	ebt_list_window(ui, &query, &snap);
	if (!snap.count)
		return 0;
	if (snap.list != EBT_LIST_GROUPS)
		return ebt_command_width(ui, &snap.rows[0], EBT_HSCROLL_MAX);
	struct ebt_row row = { .args = snap.groups[0].name };

	if (query.group_by == EBT_GROUP_COMMAND)
		return ebt_command_width(ui, &row, EBT_HSCROLL_MAX);
	return ebt_text_width(snap.groups[0].name, ui->options.unicode ? 0 : EBT_TEXT_ASCII);
}

static void follow(struct ebt_ui *ui, struct ebt_list_state *list)
{
	list->follow = !list->follow;
	if (list == &ui->events)
		ebt_ui_say(ui, EBT_LOG_INFO, "%s",
			   list->follow ? "following the newest" : "not following");
	else
		ebt_ui_say(ui, EBT_LOG_INFO, "%s",
			   list->follow ? "following the selected row" : "not following");
}

bool ebt_list_action(struct ebt_ui *ui, enum ebt_action action)
{
	struct ebt_list_state *list = ebt_list_current(ui);
	int page = list->rows > 1 ? list->rows - 1 : 1;

	switch (action) {
	case EBT_ACT_UP:
		move_by(ui, list, -1);
		return true;
	case EBT_ACT_DOWN:
		move_by(ui, list, 1);
		return true;
	case EBT_ACT_PGUP:
		move_by(ui, list, -page);
		return true;
	case EBT_ACT_PGDN:
		move_by(ui, list, page);
		return true;
	case EBT_ACT_HOME:
		move_to(ui, list, 0);
		return true;
	case EBT_ACT_END:
		move_to(ui, list, list->total ? list->total - 1 : 0);
		if (list == &ui->events && !ui->paused)
			list->follow = true;
		return true;
	case EBT_ACT_LEFT:
		scroll_to(list, (long)list->hscroll - 8);
		return true;
	case EBT_ACT_RIGHT:
		scroll_to(list, (long)list->hscroll + 8);
		return true;
	case EBT_ACT_LINE_START:
		scroll_to(list, 0);
		return true;
	case EBT_ACT_LINE_END:
		scroll_to(list, (long)line_width(ui) - list->text_width);
		return true;
	case EBT_ACT_FOLLOW:
		follow(ui, list);
		return true;
	default:
		return false;
	}
}

enum ebt_action ebt_list_mouse(struct ebt_ui *ui, enum ebt_ui_mouse_type type, int x, int y)
{
	struct ebt_list_state *list = ebt_list_current(ui);

	(void)x;
	if (ebt_wheel_lines(type)) {
		move_by(ui, list, ebt_wheel_lines(type));
		return EBT_ACT_NONE;
	}
	if (type != EBT_MOUSE_LEFT || y < 0 || y >= EBT_GRID_MAX || ui->line_row[y] < 0)
		return EBT_ACT_NONE;
	size_t row = list->top + (size_t)ui->line_row[y];

	if (row == list->sel && !list->moved)
		return EBT_ACT_DETAILS;
	move_to(ui, list, row);
	return EBT_ACT_NONE;
}
