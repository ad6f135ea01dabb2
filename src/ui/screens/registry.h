/* SPDX-License-Identifier: BSD-3-Clause */
/* registry.h - the screens of the view, for ebt_ui_options */
#ifndef EBT_UI_SCREENS_REGISTRY_H
#define EBT_UI_SCREENS_REGISTRY_H

#include "config/choices.h"
#include "ui/core/screen_ops.h"

extern const struct ebt_screen_ops ebt_screen_events, ebt_screen_top, ebt_screen_tree,
	ebt_screen_buffers, ebt_screen_lab, ebt_screen_profiles, ebt_screen_details,
	ebt_screen_help, ebt_screen_setup, ebt_screen_refusal, ebt_screen_output;

/* Indexed by enum ebt_ui_screen. */
extern const struct ebt_screen_ops *const ebt_ui_screens[EBT_SCREEN_MAX];

#endif
