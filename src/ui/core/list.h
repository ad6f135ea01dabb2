/* SPDX-License-Identifier: BSD-3-Clause */
/* list.h - the cursor and the window for the lists of events, groups and processes */
#ifndef EBT_UI_CORE_LIST_H
#define EBT_UI_CORE_LIST_H

#include "ui/core/ui_state.h"

struct ebt_list_state *ebt_list_current(struct ebt_ui *ui);
/* Fill ui->snap with the window of the list that fits `rows` rows and contains the selection. */
void ebt_list_take(struct ebt_ui *ui, const struct ebt_query *query, int rows);
/* Fill *snap with a window of the current list, as it is now or as it was paused. */
void ebt_list_window(struct ebt_ui *ui, const struct ebt_query *query, struct ebt_snapshot *snap);
/* Return the query of the current list without a window. */
struct ebt_query ebt_list_query(const struct ebt_ui *ui);
/* Return that of the list of another screen (enum ebt_ui_screen). */
struct ebt_query ebt_list_query_of(const struct ebt_ui *ui, unsigned screen);
/* Return whether a pause of Events has lost all of its rows to newer execs. */
bool ebt_list_forgotten(const struct ebt_ui *ui);
bool ebt_list_action(struct ebt_ui *ui, enum ebt_action action);
/* Return the action of a click, or EBT_ACT_NONE. */
enum ebt_action ebt_list_mouse(struct ebt_ui *ui, enum ebt_ui_mouse_type type, int x, int y);
bool ebt_list_find(struct ebt_ui *ui, int dir);
/* Return whether the row under the cursor matches. */
bool ebt_list_selected_matches(struct ebt_ui *ui);
/* Return the id of the row under the cursor, after pending keys; 0 if the list is empty. */
uint64_t ebt_list_selected(struct ebt_ui *ui);
/* Return the role of the cursor's line. */
enum ebt_role ebt_list_sel_role(const struct ebt_ui *ui);
/* Put the cursor on a row of the current list. */
void ebt_list_select(struct ebt_ui *ui, uint64_t id);
/* Return the id of row i of a window, or a group's key; 0 if the window has no such row. */
static inline uint64_t ebt_snap_id(const struct ebt_snapshot *snap, size_t i)
{
	if (i >= snap->count)
		return 0;
	return snap->list == EBT_LIST_GROUPS ? snap->groups[i].key : snap->rows[i].id;
}

#endif
