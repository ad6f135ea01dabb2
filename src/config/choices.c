/* SPDX-License-Identifier: BSD-3-Clause */
#include "config/choices.h"

#include <stddef.h>
#include <string.h>

static const char *const screen_names[EBT_SCREEN_TABS] = {
	[EBT_SCREEN_OVERVIEW] = "overview", [EBT_SCREEN_EVENTS] = "events",
	[EBT_SCREEN_TOP] = "top",	    [EBT_SCREEN_TREE] = "tree",
	[EBT_SCREEN_BUFFERS] = "buffers",   [EBT_SCREEN_LAB] = "lab",
	[EBT_SCREEN_PROFILES] = "profiles",
};

const char *ebt_screen_name(enum ebt_ui_screen screen)
{
	return (unsigned)screen < EBT_SCREEN_TABS ? screen_names[screen] : NULL;
}

int ebt_screen_find(const char *name)
{
	for (int i = 0; i < EBT_SCREEN_TABS; i++) {
		if (strcmp(screen_names[i], name) == 0)
			return i;
	}
	return -1;
}
