/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/screens/registry.h"

#include "ui/overview/overview.h"

const struct ebt_screen_ops *const ebt_ui_screens[EBT_SCREEN_MAX] = {
	[EBT_SCREEN_OVERVIEW] = &ebt_screen_overview, [EBT_SCREEN_EVENTS] = &ebt_screen_events,
	[EBT_SCREEN_TOP] = &ebt_screen_top,	      [EBT_SCREEN_TREE] = &ebt_screen_tree,
	[EBT_SCREEN_BUFFERS] = &ebt_screen_buffers,   [EBT_SCREEN_LAB] = &ebt_screen_lab,
	[EBT_SCREEN_PROFILES] = &ebt_screen_profiles, [EBT_SCREEN_DETAILS] = &ebt_screen_details,
	[EBT_SCREEN_HELP] = &ebt_screen_help,	      [EBT_SCREEN_SETUP] = &ebt_screen_setup,
	[EBT_SCREEN_REFUSAL] = &ebt_screen_refusal,   [EBT_SCREEN_OUTPUT] = &ebt_screen_output,
};
