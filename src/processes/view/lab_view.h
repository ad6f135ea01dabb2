/* SPDX-License-Identifier: BSD-3-Clause */
/* lab_view.h - the Lab in the view: show the contents that the loader sends. */
#ifndef EBT_PROCESSES_VIEW_LAB_VIEW_H
#define EBT_PROCESSES_VIEW_LAB_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "lab/lab.h"
#include "processes/view/loader_messages.h"
#include "ui/core/ui.h"

/* Zero-initialised: the Lab has not been opened. Owns lab. */
struct ebt_lab_view {
	struct ebt_lab *lab;
	struct ebt_listing empty; /* shown when there are no contents, */
	char why[EBT_MSG_TEXT];	  /* with the reason */
	bool opened;
	uint32_t generation; /* whose contents were asked for */
};

/* The Lab has been opened: its contents are asked for now, and again after each retune. */
void ebt_lab_view_open(struct ebt_lab_view *lv, uint32_t generation);
/* Show the loader's answer, if there is a new one. Return true when new contents must be asked for,
 * because another generation runs. */
bool ebt_lab_view_take(struct ebt_lab_view *lv, struct ebt_lab_answer *answer, uint32_t generation,
		       struct ebt_ui *ui);
/* After the ui is gone, which borrows the contents. */
void ebt_lab_view_free(struct ebt_lab_view *lv);

#endif
