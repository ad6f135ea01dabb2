/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * setup_tuning.h - the tuning page of the setup screen.
 */
#ifndef EBT_UI_SCREENS_SETUP_TUNING_H
#define EBT_UI_SCREENS_SETUP_TUNING_H

#include "ui/core/ui.h"
#include "ui/tui/grid.h"

enum ebt_tune {
	EBT_TUNE_SCRATCH,
	EBT_TUNE_RING,
	EBT_TUNE_ARGS,
	EBT_TUNE_ENV,
	EBT_TUNE_POLL,
	EBT_TUNE_TRANSPORT,
	EBT_TUNE_FAILED,
	EBT_TUNE_FILTER, /* in the order of enum ebt_ui_filter */
	EBT_TUNE_LAST = EBT_TUNE_FILTER + EBT_UI_FILTERS - 1,
	EBT_TUNE_MAX
};

void ebt_tuning_draw(struct ebt_ui *ui, struct ebt_grid *grid, int item, int y);
/* There is something to say of the values: not applied, being applied, refused. */
bool ebt_tuning_has_state(const struct ebt_ui *ui);
/* Below the values: that, then what they would cost. */
void ebt_tuning_below(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end);
/* Next higher or lower value. */
void ebt_tuning_step(struct ebt_ui *ui, int item, int by);
/* Opens a prompt for the value. */
void ebt_tuning_ask(struct ebt_ui *ui, int item);
/* Take the text typed into that prompt. */
void ebt_tuning_value(struct ebt_ui *ui, const char *text);
/* Before a frame: what the user has not changed follows what runs. */
void ebt_tuning_follow(struct ebt_ui *ui);
/* Asks the application to retune. */
void ebt_tuning_apply(struct ebt_ui *ui);

#endif
