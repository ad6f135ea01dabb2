/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * profiles.h - the screen Profiles: what each program's normal is, how far along its learning
 * is, and below it what happened. Stands alone in `execbig-top attach`, is a tab of the view with
 * --homeostasis (profiles_tab.c). Draws what it was given, knows no daemon and no terminal.
 */
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
	uint64_t changed_s; /* seconds since the last change; UINT64_MAX: never */
	uint64_t normal_in_s;
	uint64_t bytes; /* in the kernel's tables */
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
/* Copies the rows and sorts them. -ENOMEM. */
int ebt_profiles_set(struct ebt_profiles *screen, const struct ebt_profile_row *rows, size_t n);
/* A line of the feed. bad: an anomaly or worse. */
void ebt_profiles_event(struct ebt_profiles *screen, bool bad, const char *text);
/* The answer to a key, for the bottom line. */
void ebt_profiles_say(struct ebt_profiles *screen, bool bad, const char *text);
/* Shows these lines until Esc; taken over. */
void ebt_profiles_show(struct ebt_profiles *screen, struct ebt_buf *text);
enum ebt_profiles_act ebt_profiles_key(struct ebt_profiles *screen,
				       const struct ebt_ui_input *input);
/* What the keys above do, for who has keys of his own: moves (an EBT_KEY_*), orders, leaves what
 * ebt_profiles_show showed (false: nothing was), puts the cursor on the row drawn at y. */
bool ebt_profiles_move(struct ebt_profiles *screen, uint32_t key);
void ebt_profiles_order(struct ebt_profiles *screen);
bool ebt_profiles_leave(struct ebt_profiles *screen);
void ebt_profiles_click(struct ebt_profiles *screen, int y);
/* To the next row (dir 1) or the one before (-1) whose program matches, round. False: none. */
bool ebt_profiles_find(struct ebt_profiles *screen, int dir,
		       bool (*matches)(void *arg, struct ebt_bytes exe), void *arg);
void ebt_profiles_select(struct ebt_profiles *screen, uint32_t slot);
/* The row under the cursor; NULL: none. */
const struct ebt_profile_row *ebt_profiles_selected(const struct ebt_profiles *screen);
/* One line on the whole, for the top. */
void ebt_profiles_head(struct ebt_profiles *screen, const char *head);
/* The whole grid, or only lines [y, y_end) without the line of keys. */
void ebt_profiles_draw(struct ebt_profiles *screen, struct ebt_grid *grid);
void ebt_profiles_body(struct ebt_profiles *screen, struct ebt_grid *grid, int y, int y_end);

#endif
