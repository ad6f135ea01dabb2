/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/core/copy.h"

#include <string.h>

#include "base/text.h"
#include "excerpt/excerpt.h"
#include "ui/core/list.h"

/* Return the id of the exec under the cursor, 0 if there is none. */
static uint64_t copy_selected(struct ebt_ui *ui)
{
	struct ebt_query query = ebt_list_query(ui);
	uint64_t id = ebt_list_selected(ui);
	struct ebt_snapshot snap;

	if (!id || query.list != EBT_LIST_GROUPS)
		return id;
	query.first = ebt_list_current(ui)->sel;
	query.count = 1;
	ebt_list_window(ui, &query, &snap);
	return snap.count ? snap.groups[0].last_row : 0;
}

static bool copy_row(struct ebt_ui *ui, struct ebt_row *row)
{
	uint64_t id;

	if (ui->screen == EBT_SCREEN_DETAILS) {
		*row = ui->details.row;
		return true;
	}
	id = copy_selected(ui);
	return id && ebt_snapshot_row(ui->model, id, row);
}

/* Make the text in ui->copied. Return false, with a message, if there is none. */
static bool copy_make(struct ebt_ui *ui, enum ebt_action action)
{
	struct ebt_row row = { 0 };

	ebt_buf_reset(&ui->copied);
	if (!copy_row(ui, &row)) {
		ebt_ui_say(ui, EBT_LOG_INFO, "there is no exec to copy: it is no longer known");
		return false;
	}
	if (action == EBT_ACT_COPY_JSON && !ebt_excerpt_is_exec(&row)) {
		ebt_ui_say(ui, EBT_LOG_INFO,
			   "it has no JSON: no exec of it was seen; y copies its command line");
		return false;
	}
	if (action == EBT_ACT_COPY_JSON)
		ebt_excerpt_json(&row, ui->model, &ui->copied);
	else
		ebt_excerpt_command(&row, ui->options.unicode ? 0 : EBT_TEXT_ASCII, &ui->copied);
	if (ui->copied.error) {
		ebt_ui_say(ui, EBT_LOG_ERROR, "not copied: there is no memory for it");
		return false;
	}
	ui->copied_incomplete = row.flags & EBT_EV_ARGS_INCOMPLETE;
	return true;
}

void ebt_copy(struct ebt_ui *ui, enum ebt_action action)
{
	bool again = ui->copy_action == (unsigned)action && ui->copied.len;

	ui->copy_action = EBT_ACT_NONE;
	if (!again && !copy_make(ui, action))
		return;
	ui->copy_action = action;
	ebt_ui_request(ui, &(struct ebt_ui_request){ .type = again ? EBT_REQ_PAGE : EBT_REQ_COPY });
}

struct ebt_bytes ebt_ui_copied(const struct ebt_ui *ui, bool *incomplete)
{
	struct ebt_bytes text = { ui->copied.data, ui->copied.len };

	/* A line of JSON ends in a newline, which would run a command when it is pasted. */
	if (text.len && text.data[text.len - 1] == '\n')
		text.len--;
	*incomplete = ui->copied_incomplete;
	return text;
}
