/* SPDX-License-Identifier: BSD-3-Clause */
/* profiles_state.h - the state of the Profiles screen, for profiles.c and profiles_draw.c */
#ifndef EBT_UI_SCREENS_PROFILES_STATE_H
#define EBT_UI_SCREENS_PROFILES_STATE_H

#include "ui/screens/profiles.h"

#define EBT_PROFILES_FEED_LINES 64
#define EBT_PROFILES_FEED_LEN	300

enum ebt_profiles_order {
	EBT_PROFILES_BY_CARE,
	EBT_PROFILES_BY_CALLS,
	EBT_PROFILES_BY_NAME,
	EBT_PROFILES_ORDERS
};

struct ebt_profiles {
	struct ebt_profile_row *rows;
	size_t n, selected, top;
	uint32_t selected_slot; /* the cursor stays on its program when rows are sorted */
	enum ebt_profiles_order order;
	struct {
		bool bad;
		char text[EBT_PROFILES_FEED_LEN];
	} feed[EBT_PROFILES_FEED_LINES];
	size_t feed_count; /* number of lines ever added */
	char said[EBT_PROFILES_FEED_LEN];
	bool said_bad, help;
	struct ebt_buf shown; /* inspect output; the list is shown if it is empty */
	size_t shown_top;
	int page;
	int list_y; /* y of the first row in the last frame */
	char head[256];
};

#endif
