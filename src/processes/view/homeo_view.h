/* SPDX-License-Identifier: BSD-3-Clause */
/* homeo_view.h - the view's end of homeostasis: events into the feed, the screen Profiles. */
#ifndef EBT_PROCESSES_VIEW_HOMEO_VIEW_H
#define EBT_PROCESSES_VIEW_HOMEO_VIEW_H

#include "processes/view/homeo_link.h"

struct ebt_view;
struct ebt_ui;

struct ebt_homeo_view {
	struct ebt_homeo_link link;
	struct ebt_profiles *screen; /* live view only */
	uint64_t refreshed_ns;
	bool told_gone, told_silent;
};

/* fds: requests, events; -1: there is no homeostasis and *out stays NULL. Taken over. */
int ebt_homeo_view_new(struct ebt_homeo_view **out, const int fds[2]);
void ebt_homeo_view_free(struct ebt_homeo_view **homeo);

/* All of these do nothing when homeostasis is off. */

/* To be polled; -1: none. */
int ebt_homeo_view_fd(const struct ebt_homeo_view *homeo);
/* The other side watches: from here on events come. */
void ebt_homeo_view_begin(struct ebt_view *v);
void ebt_homeo_view_intake(struct ebt_view *v);
/* All that happened until now. */
void ebt_homeo_view_finish(struct ebt_view *v);
/* -b: the profiles as a table. */
void ebt_homeo_view_table(struct ebt_view *v, struct ebt_buf *out);

/* Live: makes the screen; fresh rows for it when it is shown; what a key asked for. */
int ebt_homeo_view_screen(struct ebt_view *v, struct ebt_ui *ui);
void ebt_homeo_view_refresh(struct ebt_view *v, struct ebt_ui *ui);
void ebt_homeo_view_act(struct ebt_view *v, struct ebt_ui *ui, unsigned act);

#endif
