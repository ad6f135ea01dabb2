/* SPDX-License-Identifier: BSD-3-Clause */
/* trail.c - the places between the first list and the present screen */
#include "ui/core/trail.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "model/model.h"
#include "ui/core/list.h"

static bool trail_in_scope(const struct ebt_ui *ui)
{
	return ui->screen == EBT_SCREEN_EVENTS && ui->scope.kind != EBT_SCOPE_ALL;
}

/* Write what the present place is called. */
static void trail_name(const struct ebt_ui *ui, char out[EBT_CRUMB_LEN])
{
	if (ui->screen == EBT_SCREEN_DETAILS)
		snprintf(out, EBT_CRUMB_LEN, "%.*s %u", (int)ui->details.row.comm.len,
			 ui->details.row.comm.len ? ui->details.row.comm.data : "",
			 ui->details.row.pid);
	else
		snprintf(out, EBT_CRUMB_LEN, "%s",
			 trail_in_scope(ui) ? ui->scope_name : ebt_ui_ops(ui)->title);
}

/* Keep the present place. Without room the oldest one but the first is forgotten. */
static void trail_push(struct ebt_ui *ui)
{
	struct ebt_trail_step *step;

	if (ui->trail_count == EBT_TRAIL_MAX) {
		ui->trail_count--;
		memmove(&ui->trail[1], &ui->trail[2], (EBT_TRAIL_MAX - 2) * sizeof(ui->trail[0]));
	}
	step = &ui->trail[ui->trail_count++];
	*step = (struct ebt_trail_step){ .screen = ui->screen,
					 .scope = ui->scope,
					 .events = ui->events,
					 .row = ui->details.row.id,
					 .top = ui->details.top };
	memcpy(step->scope_name, ui->scope_name, sizeof(step->scope_name));
	trail_name(ui, step->name);
}

/* Limit Events to a scope, and begin with its newest exec. */
static int trail_scope(struct ebt_ui *ui, const struct ebt_scope *scope)
{
	int r = ebt_model_set_scope(ui->model, scope);

	ui->scope = *scope;
	if (r < 0)
		ui->scope.kind = EBT_SCOPE_ALL;
	ui->events = (struct ebt_list_state){ .follow = true };
	return r;
}

/* Take back the step that was made for a place that cannot be shown. */
static void trail_drop(struct ebt_ui *ui)
{
	ui->trail_count -= ui->trail_count > 0;
}

/* Go to the execs of a scope, whose name is in bytes of the traced programs. */
static void trail_to_scope(struct ebt_ui *ui, const struct ebt_scope *scope, const char *before,
			   struct ebt_bytes name)
{
	size_t at;

	trail_push(ui);
	if (trail_scope(ui, scope) < 0) {
		ebt_trail_back(ui);
		ebt_ui_say(ui, EBT_LOG_INFO, "its execs are no longer known");
		return;
	}
	at = (size_t)snprintf(ui->scope_name, sizeof(ui->scope_name), "%s", before);
	/* A command line has a NUL after every argument. */
	for (size_t i = 0; i < name.len && at + 1 < sizeof(ui->scope_name); i++)
		ui->scope_name[at++] = name.data[i];
	ui->scope_name[at] = '\0';
	for (size_t i = 0; i < at; i++)
		ui->scope_name[i] = ui->scope_name[i] ? ui->scope_name[i] : ' ';
	ebt_ui_go(ui, EBT_SCREEN_EVENTS);
}

bool ebt_trail_row(struct ebt_ui *ui, uint64_t id)
{
	if (!id)
		return false;
	trail_push(ui);
	if (ebt_ui_screen_ops(ui, EBT_SCREEN_DETAILS)->open_row(ui, id))
		return true;
	trail_drop(ui);
	return false;
}

void ebt_trail_group(struct ebt_ui *ui)
{
	struct ebt_query query = ebt_list_query(ui);
	struct ebt_scope scope = { .kind = EBT_SCOPE_GROUP,
				   .by = query.group_by,
				   .key = ebt_list_selected(ui) };
	struct ebt_snapshot snap;
	struct ebt_bytes name;
	const char *slash;

	query.first = ebt_list_current(ui)->sel;
	query.count = 1;
	ebt_list_window(ui, &query, &snap);
	if (!scope.key || !snap.count)
		return;
	name = snap.groups[0].name;
	slash = query.group_by == EBT_GROUP_EXE && name.len ? memrchr(name.data, '/', name.len)
							    : NULL;
	if (slash)
		name = (struct ebt_bytes){ slash + 1, name.len - (size_t)(slash + 1 - name.data) };
	trail_to_scope(ui, &scope, "", name);
}

/* Show a run of the same command, if it is another one. */
static void trail_run(struct ebt_ui *ui, const struct ebt_row *row, bool slowest)
{
	uint64_t id = slowest ? ebt_snapshot_slowest_run(ui->model, row, EBT_GROUP_COMM)
			      : ebt_snapshot_first_run(ui->model, row, EBT_GROUP_COMM);
	const char *which = slowest ? "slowest" : "first";

	if (id && id == row->id)
		ebt_ui_say(ui, EBT_LOG_INFO, "this is the %s run of those that are remembered",
			   which);
	else if (!ebt_trail_row(ui, id))
		ebt_ui_say(ui, EBT_LOG_INFO, "the %s run is no longer known", which);
}

void ebt_trail_related(struct ebt_ui *ui, const struct ebt_row *row, enum ebt_action action)
{
	struct ebt_scope scope = { .kind = EBT_SCOPE_GROUP, .by = EBT_GROUP_COMM };
	char before[48] = "";
	struct ebt_bytes name = row->comm;

	switch (action) {
	case EBT_ACT_CHILDREN:
		scope = ebt_snapshot_children(ui->model, row);
		snprintf(before, sizeof(before), "children of %u ", row->pid);
		break;
	case EBT_ACT_SIBLINGS:
		scope = ebt_snapshot_siblings(ui->model, row);
		snprintf(before, sizeof(before), "children of %u ", row->ppid);
		name = row->parent_comm;
		break;
	case EBT_ACT_SAME_USER:
		scope.by = EBT_GROUP_USER;
		if (row->user)
			snprintf(before, sizeof(before), "user ");
		else
			snprintf(before, sizeof(before), "user %u", row->uid);
		name = ebt_bytes_from(row->user ? row->user : "");
		break;
	case EBT_ACT_SAME_COMMAND:
		break;
	default:
		trail_run(ui, row, action == EBT_ACT_SLOWEST_RUN);
		return;
	}
	if (scope.kind == EBT_SCOPE_GROUP)
		scope.key = ebt_snapshot_group_of(ui->model, row, scope.by);
	trail_to_scope(ui, &scope, before, name);
}

bool ebt_trail_back(struct ebt_ui *ui)
{
	struct ebt_trail_step *step;

	if (!ui->trail_count)
		return false;
	step = &ui->trail[--ui->trail_count];
	(void)trail_scope(ui, &step->scope);
	memcpy(ui->scope_name, step->scope_name, sizeof(ui->scope_name));
	ui->events = step->events;
	if (step->screen == EBT_SCREEN_DETAILS) {
		/* What the history has forgotten meanwhile is left out on the way back. */
		if (!ebt_ui_screen_ops(ui, EBT_SCREEN_DETAILS)->open_row(ui, step->row))
			return ebt_trail_back(ui);
		ui->details.top = step->top;
		return true;
	}
	if (ui->screen == EBT_SCREEN_DETAILS)
		ebt_ui_screen_ops(ui, EBT_SCREEN_DETAILS)->close(ui);
	ebt_ui_go(ui, step->screen);
	return true;
}

void ebt_trail_end(struct ebt_ui *ui)
{
	/* Events stands again where the way began. */
	while (ui->trail_count && ui->scope.kind != EBT_SCOPE_ALL) {
		struct ebt_trail_step *step = &ui->trail[--ui->trail_count];

		(void)trail_scope(ui, &step->scope);
		ui->events = step->events;
	}
	ui->trail_count = 0;
}

bool ebt_trail_draw(const struct ebt_ui *ui, struct ebt_grid *grid, int y, int x_end)
{
	unsigned flags = grid->unicode ? 0 : EBT_TEXT_ASCII, first = 0;
	char now[EBT_CRUMB_LEN];
	int need, x = 0;

	if (!ui->trail_count || (ui->screen != EBT_SCREEN_DETAILS && !trail_in_scope(ui)))
		return false;
	trail_name(ui, now);
	need = (int)ebt_text_width(ebt_bytes_from(now), flags) + 3;
	for (unsigned i = 0; i < ui->trail_count; i++)
		need += (int)ebt_text_width(ebt_bytes_from(ui->trail[i].name), flags) + 3;
	/* Without room for all, the way begins later. */
	for (; need > x_end && first < ui->trail_count; first++)
		need -= (int)ebt_text_width(ebt_bytes_from(ui->trail[first].name), flags) + 3;
	for (unsigned i = first; i < ui->trail_count; i++) {
		x = ebt_grid_bytes(grid, x + 1, y, x_end, EBT_ROLE_TAB,
				   ebt_bytes_from(ui->trail[i].name), 0, true);
		x = ebt_grid_puts(grid, x, y, x_end, EBT_ROLE_DIM, " >");
	}
	x = ebt_grid_puts(grid, x + 1, y, x_end, EBT_ROLE_TAB_ON, " ");
	x = ebt_grid_bytes(grid, x, y, x_end, EBT_ROLE_TAB_ON, ebt_bytes_from(now), 0, true);
	ebt_grid_puts(grid, x, y, x_end, EBT_ROLE_TAB_ON, " ");
	return true;
}
