/* SPDX-License-Identifier: BSD-3-Clause */
/* homeo_view.h - homeostasis in the view: its events, and the screen Profiles. */
#ifndef EBT_PROCESSES_VIEW_HOMEO_VIEW_H
#define EBT_PROCESSES_VIEW_HOMEO_VIEW_H

#include "processes/view/homeo_link.h"
#include "processes/view/view.h"

struct ebt_ui;

struct ebt_homeo_view {
	struct ebt_homeo_link link;
	struct ebt_view *view;	     /* gets the events; borrowed */
	struct ebt_profiles *screen; /* of the live view only */
	uint64_t refreshed_ns;
	bool told_gone, told_silent;
};

/* Take over the connections to the monitor, for requests and for events; -1: homeostasis is off, and
 * *out stays NULL. 0 or -ENOMEM. */
int ebt_homeo_view_new(struct ebt_homeo_view **out, struct ebt_view *view, const int fds[2]);
void ebt_homeo_view_free(struct ebt_homeo_view **homeo);

/* All of these do nothing when h is NULL. */

/* Return the descriptor to poll, or -1. */
int ebt_homeo_view_fd(const struct ebt_homeo_view *h);
/* Ask for events from here on. */
void ebt_homeo_view_begin(struct ebt_homeo_view *h);
/* Give the events that have come to the view. */
void ebt_homeo_view_intake(struct ebt_homeo_view *h);
/* Wait for all that happened until now. */
void ebt_homeo_view_finish(struct ebt_homeo_view *h);
/* Append the profiles as a table, for -b. */
void ebt_homeo_view_table(struct ebt_homeo_view *h, struct ebt_buf *out);

/* Make the screen. 0 or -ENOMEM. */
int ebt_homeo_view_screen(struct ebt_homeo_view *h, struct ebt_ui *ui);
/* Fetch fresh rows, once a second while the screen is shown. */
void ebt_homeo_view_refresh(struct ebt_homeo_view *h, struct ebt_ui *ui);
/* Do what a key asked for: act is an enum ebt_profiles_act. */
void ebt_homeo_view_act(struct ebt_homeo_view *h, struct ebt_ui *ui, unsigned act);

#endif
