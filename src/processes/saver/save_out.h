/* SPDX-License-Identifier: BSD-3-Clause */
/* save_out.h - between the key W of the screen and the saver: begin a file, send it on while the view goes on,
 * and say in the message line how far it is and what became of it. */
#ifndef EBT_PROCESSES_SAVER_SAVE_OUT_H
#define EBT_PROCESSES_SAVER_SAVE_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "processes/saver/saver_client.h"
#include "recording/machine_facts.h"
#include "ui/core/ui.h"

struct ebt_save_out {
	struct ebt_saver *saver;       /* borrowed; NULL: it could not be started */
	struct ebt_model *model;       /* borrowed */
	const struct ebt_facts *facts; /* borrowed: of the machine, for a recording */
	uint64_t told_ns;	       /* when it was last said how far it is, CLOCK_MONOTONIC */
};

/* Begin what the request asks for, or tell the ui why not. */
void ebt_save_out_begin(struct ebt_save_out *s, struct ebt_ui *ui, const struct ebt_ui_save *save);
/* Send on and report. Return whether it wants to be called again in some milliseconds. */
bool ebt_save_out_step(struct ebt_save_out *s, struct ebt_ui *ui);

#endif
