/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/view/lab_view.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

void ebt_lab_view_ask(struct ebt_lab_view *lv, struct ebt_view *v)
{
	struct ebt_msg msg = { .type = EBT_MSG_GET_LAB };

	if (v->playback || v->loader_gone)
		return;
	lv->wanted = true;
	lv->generation = v->generation;
	ebt_msg_send(v->sock, &msg, NULL, 0);
}

static void show_why(struct ebt_lab_view *lv, struct ebt_ui *ui, const char *why)
{
	snprintf(lv->why, sizeof(lv->why), "%s", why);
	lv->empty = (struct ebt_ui_lab){ .why_empty = lv->why };
	ebt_ui_set_lab(ui, &lv->empty);
	ebt_lab_free(&lv->lab);
}

void ebt_lab_view_take(struct ebt_lab_view *lv, struct ebt_view *v, struct ebt_ui *ui)
{
	_cleanup_close_ int fd = -1;
	_cleanup_lab_ struct ebt_lab *before = lv->lab;
	const char *why = "";
	char text[EBT_MSG_TEXT];
	int err;

	lv->lab = NULL;
	if (v->lab_new) {
		v->lab_new = false;
		fd = v->lab_fd;
		err = fd < 0 ? -ENOENT : ebt_lab_read(&lv->lab, fd, &why);
		if (!err) {
			ebt_ui_set_lab(ui, ebt_lab_ui(lv->lab));
		} else {
			snprintf(text, sizeof(text), "What the loader sent cannot be shown: %s",
				 why);
			show_why(lv, ui, fd < 0 ? v->lab_why : text);
		}
		ebt_ui_touch(ui);
	} else {
		lv->lab = TAKE_PTR(before);
	}
	if (lv->wanted && lv->generation != v->generation)
		ebt_lab_view_ask(lv, v);
}

void ebt_lab_view_free(struct ebt_lab_view *lv)
{
	ebt_lab_free(&lv->lab);
}
