/* SPDX-License-Identifier: BSD-3-Clause */
/* setup_tuning.h - the tuning page of the Setup screen */
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
/* Return whether there is a state to show: not applied, being applied, or refused. */
bool ebt_tuning_has_state(const struct ebt_ui *ui);
/* Draw the state below the values, and then their cost. */
void ebt_tuning_below(struct ebt_ui *ui, struct ebt_grid *grid, int y, int y_end);
/* Choose the next higher or lower value. */
void ebt_tuning_step(struct ebt_ui *ui, int item, int by);
/* Open a prompt for the value. */
void ebt_tuning_ask(struct ebt_ui *ui, int item);
/* Take the text typed into that prompt. */
void ebt_tuning_value(struct ebt_ui *ui, const char *text);
/* Call this before a frame, so that values the user has not changed follow the running ones. */
void ebt_tuning_follow(struct ebt_ui *ui);
/* Ask the application to retune. */
void ebt_tuning_apply(struct ebt_ui *ui);

#endif
