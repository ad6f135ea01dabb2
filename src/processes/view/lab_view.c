/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/view/lab_view.h"

#include <errno.h>
#include <stdio.h>

#include "base/cleanup.h"

void ebt_lab_view_open(struct ebt_lab_view *lv, uint32_t generation)
{
	lv->opened = true;
	lv->generation = generation;
}

static void lab_view_show_why(struct ebt_lab_view *lv, struct ebt_ui *ui, const char *why)
{
	snprintf(lv->why, sizeof(lv->why), "%s", why);
	lv->empty = (struct ebt_listing){ .why_empty = lv->why };
	ebt_ui_set_lab(ui, &lv->empty);
}

/* Show an answer in place of the contents so far, which the ui borrows until then. */
static void lab_view_show(struct ebt_lab_view *lv, struct ebt_lab_answer *answer, struct ebt_ui *ui)
{
	_cleanup_lab_ struct ebt_lab *before = TAKE_PTR(lv->lab);
	_cleanup_close_ int fd = TAKE_FD(answer->fd);
	const char *why = "";
	char text[EBT_MSG_TEXT];

	answer->is_new = false;
	if (fd < 0) {
		lab_view_show_why(lv, ui, answer->why);
	} else if (ebt_lab_read(&lv->lab, fd, &why)) {
		snprintf(text, sizeof(text), "What the loader sent cannot be shown: %s", why);
		lab_view_show_why(lv, ui, text);
	} else {
		ebt_ui_set_lab(ui, ebt_lab_ui(lv->lab));
	}
	ebt_ui_touch(ui);
}

bool ebt_lab_view_take(struct ebt_lab_view *lv, struct ebt_lab_answer *answer, uint32_t generation,
		       struct ebt_ui *ui)
{
	if (answer->is_new)
		lab_view_show(lv, answer, ui);
	if (!lv->opened || lv->generation == generation)
		return false;
	lv->generation = generation;
	return true;
}

void ebt_lab_view_free(struct ebt_lab_view *lv)
{
	ebt_lab_free(&lv->lab);
}
