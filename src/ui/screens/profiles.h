/* SPDX-License-Identifier: BSD-3-Clause */
/* profiles.h - the Profiles screen: the state of each program's profile and, below, a feed of
 * events
 *
 * It is used alone in `execbig-top attach`, and as a tab of the view with --homeostasis
 * (profiles_tab.c). It only draws given data and knows neither daemon nor terminal. */
#ifndef EBT_UI_SCREENS_PROFILES_H
#define EBT_UI_SCREENS_PROFILES_H

#include "base/bytes.h"
#include "ui/core/ui.h"
#include "ui/tui/grid.h"

#define EBT_PROFILE_EXE_LEN 256

struct ebt_profile_row {
	uint32_t slot;
	char exe[EBT_PROFILE_EXE_LEN]; /* foreign bytes */
	enum { EBT_PROFILE_TRAINING, EBT_PROFILE_FROZEN, EBT_PROFILE_NORMAL } state;
	uint64_t calls, anomalies;
	uint64_t changed_s; /* seconds since the last change; UINT64_MAX for never */
	uint64_t normal_in_s;
	uint64_t bytes; /* memory in the kernel's tables */
	uint32_t pairs, lfc, max_lfc, threads;
};

enum ebt_profiles_act {
	EBT_PROFILES_NONE,
	EBT_PROFILES_QUIT,
	EBT_PROFILES_NORMALIZE,
	EBT_PROFILES_SENSITIZE,
	EBT_PROFILES_TOLERIZE,
	EBT_PROFILES_INSPECT,
	EBT_PROFILES_SAVE,
	EBT_PROFILES_REDRAW,
};

struct ebt_profiles;

int ebt_profiles_new(struct ebt_profiles **out);
void ebt_profiles_free(struct ebt_profiles **screen);
/* Copy the rows and sort them. Return 0 or -ENOMEM. */
int ebt_profiles_set(struct ebt_profiles *screen, const struct ebt_profile_row *rows, size_t n);
/* Add a line to the feed. bad marks an anomaly or worse. */
void ebt_profiles_event(struct ebt_profiles *screen, bool bad, const char *text);
/* Set the answer to a key, shown in the bottom line. */
void ebt_profiles_say(struct ebt_profiles *screen, bool bad, const char *text);
/* Show these lines until Esc. The buffer is taken over. */
void ebt_profiles_show(struct ebt_profiles *screen, struct ebt_buf *text);
enum ebt_profiles_act ebt_profiles_key(struct ebt_profiles *screen,
				       const struct ebt_ui_input *input);
/* The actions of the keys above, for callers with keys of their own: move (an EBT_KEY_*), sort,
 * leave the text of ebt_profiles_show() (false if there was none), and put the cursor on the row
 * drawn at y. */
bool ebt_profiles_move(struct ebt_profiles *screen, uint32_t key);
void ebt_profiles_order(struct ebt_profiles *screen);
bool ebt_profiles_leave(struct ebt_profiles *screen);
void ebt_profiles_click(struct ebt_profiles *screen, int y);
/* Go to the next row (dir 1) or the previous one (-1) whose program matches, wrapping around.
 * Return false if there is none. */
bool ebt_profiles_find(struct ebt_profiles *screen, int dir,
		       bool (*matches)(void *arg, struct ebt_bytes exe), void *arg);
void ebt_profiles_select(struct ebt_profiles *screen, uint32_t slot);
/* Return the row under the cursor, or NULL. */
const struct ebt_profile_row *ebt_profiles_selected(const struct ebt_profiles *screen);
/* Write a summary in one line, for the top. */
void ebt_profiles_head(struct ebt_profiles *screen, const char *head);
/* Draw the whole grid, or only lines [y, y_end) without the line of keys. */
void ebt_profiles_draw(struct ebt_profiles *screen, struct ebt_grid *grid);
void ebt_profiles_body(struct ebt_profiles *screen, struct ebt_grid *grid, int y, int y_end);

#endif
