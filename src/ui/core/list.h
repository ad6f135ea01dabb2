/* SPDX-License-Identifier: BSD-3-Clause */
/* list.h - the cursor and the window that the lists of events, groups and the tree share. */
#ifndef EBT_UI_CORE_LIST_H
#define EBT_UI_CORE_LIST_H

#include "ui/core/ui_state.h"

struct ebt_list_state *ebt_list_current(struct ebt_ui *ui);
/* Fills ui->snap with the window of the list that fits `rows` rows, selection inside. */
void ebt_list_take(struct ebt_ui *ui, const struct ebt_query *query, int rows);
/* A window of the current list into *snap: live, or as it was when it was paused. */
void ebt_list_window(struct ebt_ui *ui, const struct ebt_query *query, struct ebt_snapshot *snap);
/* The query of the current list, its window left open. */
struct ebt_query ebt_list_query(const struct ebt_ui *ui);
/* In a pause: is all that stood still in Events forgotten, because newer execs took its place? */
bool ebt_list_forgotten(const struct ebt_ui *ui);
bool ebt_list_action(struct ebt_ui *ui, enum ebt_action action);
/* Return the action that a click stands for, else EBT_ACT_NONE. */
enum ebt_action ebt_list_mouse(struct ebt_ui *ui, enum ebt_ui_mouse_type type, int x, int y);
bool ebt_list_find(struct ebt_ui *ui, int dir);
/* Is the row under the cursor a match? */
bool ebt_list_selected_matches(struct ebt_ui *ui);
/* Id of the row under the cursor, after any keys; 0 when the list is empty. */
uint64_t ebt_list_selected(struct ebt_ui *ui);
/* Role of the cursor's line. */
enum ebt_role ebt_list_sel_role(const struct ebt_ui *ui);
/* Puts the cursor on a row of the current list. */
void ebt_list_select(struct ebt_ui *ui, uint64_t id);
/* Return the id of row i of a window, a group's key; 0 when the window has no such row. */
static inline uint64_t ebt_snap_id(const struct ebt_snapshot *snap, size_t i)
{
	if (i >= snap->count)
		return 0;
	return snap->list == EBT_LIST_GROUPS ? snap->groups[i].key : snap->rows[i].id;
}

#endif
