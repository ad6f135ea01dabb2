/* SPDX-License-Identifier: BSD-3-Clause */
/* homeo_rows.h - fill the Profiles screen from a homeostasis monitor and carry out its keys. */
#ifndef EBT_PROCESSES_VIEW_HOMEO_ROWS_H
#define EBT_PROCESSES_VIEW_HOMEO_ROWS_H

#include "processes/view/homeo_link.h"

/* Ask for all profiles. The caller frees *out; *n is their number. Errors as ebt_homeo_ask. */
int ebt_homeo_rows(struct ebt_homeo_link *link, struct ebt_profile_row **out, size_t *n);
/* Ask for the profiles and the line above them, and put them on the screen. */
void ebt_homeo_refresh(struct ebt_homeo_link *link, struct ebt_profiles *screen);
/* Do what a key asked for on the selected profile. said gets the message to show ("" if there is
 * none); *bad says whether the request was refused. */
void ebt_homeo_act(struct ebt_homeo_link *link, struct ebt_profiles *screen,
		   enum ebt_profiles_act act, char said[2 * EBT_HOMEO_WHY], bool *bad);
/* Add an event to the screen's feed, unless its level is debug. */
void ebt_homeo_show(struct ebt_profiles *screen, const struct ebt_event *ev,
		    int64_t mono_to_real_ns);

#endif
