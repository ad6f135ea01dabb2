/* SPDX-License-Identifier: BSD-3-Clause */
/* live_screen.h - the view on a terminal, over any feed. */
#ifndef EBT_PROCESSES_VIEW_LIVE_SCREEN_H
#define EBT_PROCESSES_VIEW_LIVE_SCREEN_H

#include "processes/view/feed.h"
#include "processes/view/user_settings.h"

/* Run the screen until the user or the feed ends it. Return an exit status. */
int ebt_live_screen_run(struct ebt_feed *feed, struct ebt_user_settings *user_settings);

#endif
