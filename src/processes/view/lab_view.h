/* SPDX-License-Identifier: BSD-3-Clause */
/* lab_view.h - the Lab in the view: asking the loader, showing what comes. */
#ifndef EBT_PROCESSES_VIEW_LAB_VIEW_H
#define EBT_PROCESSES_VIEW_LAB_VIEW_H

#include "lab/lab.h"
#include "processes/view/view_internal.h"
#include "ui/core/ui.h"

struct ebt_lab_view {
	struct ebt_lab *lab;
	struct ebt_ui_lab empty; /* shown with why in place of contents */
	char why[EBT_MSG_TEXT];
	bool wanted;	     /* the Lab has been opened */
	uint32_t generation; /* asked for */
};

void ebt_lab_view_ask(struct ebt_lab_view *lv, struct ebt_view *v);
/* Takes the loader's answer, if there is a new one; asks again after a retune. */
void ebt_lab_view_take(struct ebt_lab_view *lv, struct ebt_view *v, struct ebt_ui *ui);
/* After the ui is gone. */
void ebt_lab_view_free(struct ebt_lab_view *lv);

#endif
