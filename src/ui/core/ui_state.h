/* SPDX-License-Identifier: BSD-3-Clause */
/* ui_state.h - the state of the ui, which its parts and the screens share */
#ifndef EBT_UI_CORE_UI_STATE_H
#define EBT_UI_CORE_UI_STATE_H

#include "base/bytes.h"
#include "base/log.h"
#include "base/match.h"
#include "decode/event.h"
#include "expr/expr.h"
#include "model/snapshot.h"
#include "model/tree_view.h"
#include "ui/core/panels.h"
#include "ui/core/screen_ops.h"
#include "ui/core/settings.h"
#include "ui/core/ui.h"
#include "ui/tui/grid.h"
#include "ui/tui/widget.h"

/* A list that scrolls under a cursor. */
struct ebt_list_state {
	uint64_t sel_id; /* row id or group key under the cursor; 0 if there is none yet */
	size_t sel;	 /* its index in the last frame */
	size_t top;	 /* index of the first row drawn */
	size_t total;	 /* number of rows in the last frame */
	/* Events: stay on the newest; other lists: stay on sel_id and not on the index */
	bool follow;
	bool moved;	/* moved by a key: sel is valid, and sel_id must be found */
	int hscroll;	/* columns that long lines are scrolled by */
	int text_width; /* columns of the long text in the cursor's row, last frame */
	int y, rows;	/* screen rows that it was drawn on */
};

/* Column titles on the screen, for clicks. */
#define EBT_HITS_MAX 32
struct ebt_hit {
	int x, x_end, y;
	uint32_t key; /* the key that it stands for, or EBT_HIT_* + value */
};
#define EBT_HIT_SCREEN 0x1000000u
#define EBT_HIT_SORT   0x2000000u
#define EBT_HIT_MASK   0xf000000u

/* A place on the way from a list to details; trail.h. */
#define EBT_CRUMB_LEN 80
#define EBT_TRAIL_MAX 16
struct ebt_trail_step {
	enum ebt_ui_screen screen;
	struct ebt_scope scope; /* of Events */
	char scope_name[EBT_CRUMB_LEN];
	struct ebt_list_state events;
	uint64_t row; /* of the details, and their first line */
	size_t top;
	char name[EBT_CRUMB_LEN]; /* what the place is called, in bytes of traced programs */
};

/* A copy of a list that does not change while paused. */
struct ebt_frozen {
	enum ebt_list list; /* EBT_LIST_NONE if it holds nothing */
	struct ebt_row *rows;
	struct ebt_group *groups;
	size_t count;
	char *bytes; /* texts of the rows */
	uint16_t *sparks;
};

enum ebt_prompt_kind {
	EBT_PROMPT_NONE,
	EBT_PROMPT_SEARCH,
	EBT_PROMPT_FILTER,
	EBT_PROMPT_VALUE, /* a number in Setup */
	EBT_PROMPT_SAVE,  /* the name of a file of execs */
};

#define EBT_MESSAGES_MAX 16
#define EBT_MESSAGE_LEN	 200
#define EBT_MESSAGE_NS	 6000000000u  /* time that a message stays in the bottom line */
#define EBT_HINT_NS	 10000000000u /* time that the hint of the start stays */
#define EBT_REQUESTS_MAX 8
#define EBT_FRAME_MS	 50 /* shortest time between frames without a key */
/* Maximum columns that a long line can be scrolled by: a list draws every row again, and the
 * details show the rest. */
#define EBT_HSCROLL_MAX 16384

struct ebt_message {
	enum ebt_log_level level;
	uint64_t real_ns;
	char text[EBT_MESSAGE_LEN];
};

struct ebt_ui {
	struct ebt_model *model;
	struct ebt_ui_options options;
	struct ebt_settings settings;
	struct ebt_tree_view tree_view;
	const struct ebt_ui_status *status; /* never NULL after ebt_ui_new() */
	const struct ebt_listing *lab;
	struct ebt_profiles *profiles; /* NULL if there is no such screen */

	enum ebt_ui_screen screen, before_tree;
	struct ebt_list_state overview, events, top, tree;
	struct ebt_scope scope; /* what Events is limited to, and what that is called */
	char scope_name[EBT_CRUMB_LEN];
	struct ebt_trail_step trail[EBT_TRAIL_MAX];
	unsigned trail_count;
	struct ebt_details details;
	struct ebt_lab_state labs;
	struct ebt_setup_state setup;
	struct ebt_text_pane refusal;
	struct ebt_output_state output;
	int help_top, help_page;
	enum ebt_ui_screen help_from;
	int buffers_top, buffers_page;

	enum ebt_panel panel;
	struct ebt_menu menu;
	struct ebt_menu_item menu_items[EBT_COL_MAX];

	unsigned question; /* enum ebt_question, open in the last line */
	enum ebt_prompt_kind prompting;
	struct ebt_prompt prompt;
	char search[EBT_PROMPT_MAX];
	char filter[EBT_PROMPT_MAX];
	char filter_before[EBT_PROMPT_MAX]; /* the filter when its prompt was opened */
	char refused[320]; /* why the text in the prompt was not taken; empty: it was not refused */
	char completions
		[320];	      /* how the word in the prompt may go on; empty: Tab was not pressed */
	uint64_t search_from; /* selection when the prompt was opened */
	bool search_failed,
		search_unsure; /* nothing matches; nothing for certain, but the cursor's row may */
	struct ebt_matcher matcher;   /* of search, for texts: the details, the Lab */
	struct ebt_expr *search_expr; /* of search, for lists; NULL: it is none */
	/* execs that the kernel had counted at the last clear; its counters go on */
	uint64_t execs_at_clear;
	bool search_valid; /* matcher holds what search says */

	bool paused;
	uint64_t paused_at_events; /* number of rows ever added when it was paused */
	uint64_t paused_last_id;   /* Events: the last row shown */
	struct ebt_frozen frozen_overview, frozen_top, frozen_tree;

	struct ebt_ui_request requests[EBT_REQUESTS_MAX];
	unsigned request_first, request_count;

	struct ebt_message messages[EBT_MESSAGES_MAX];
	unsigned message_count; /* number of messages ever */
	uint64_t message_until_ns;
	bool message_new;

	struct ebt_buf copied;	 /* text of the last y or Y */
	struct ebt_ui_save save; /* what was chosen after W */
	bool save_asked;	 /* the name was sent, and the answer is to come */
	bool copied_incomplete;	 /* the exec lacks arguments */
	unsigned copy_action;	 /* the enum ebt_action of the last key if it has copied */

	bool hint; /* what to press first is to be shown, until a key or hint_until_ns */
	uint64_t hint_until_ns; /* set by the first frame */
	bool dirty;		/* a key was pressed, so draw */
	uint64_t drawn_ns;
	uint64_t drawn_mark; /* ebt_ui_mark of the last frame */
	uint64_t now_ns;
	uint64_t lost_seen,
		lost_ns; /* events lost so far, and when their number last rose; 0: never */

	struct ebt_hit hits[EBT_HITS_MAX];
	unsigned hit_count;
	int body_y, body_end;
	int16_t line_row[EBT_GRID_MAX]; /* row of the window on each screen line; -1 for none */
	struct ebt_snapshot snap;	/* snapshot of the frame */
	struct ebt_buf scratch;		/* buffer for texts of a row */
};

/* Return the current screen, or the one with that number (enum ebt_ui_screen). Never NULL. */
const struct ebt_screen_ops *ebt_ui_ops(const struct ebt_ui *ui);
const struct ebt_screen_ops *ebt_ui_screen_ops(const struct ebt_ui *ui, unsigned screen);
/* Return whether a screen below EBT_SCREEN_TABS exists. */
bool ebt_ui_has_tab(const struct ebt_ui *ui, unsigned screen);
void ebt_ui_go(struct ebt_ui *ui, enum ebt_ui_screen screen);
/* Where Back leads to from a screen without a tab; NULL on a screen with one. */
enum ebt_ui_screen *ebt_ui_from(struct ebt_ui *ui, enum ebt_ui_screen screen);
/* Open a screen without a tab over the present one. */
void ebt_ui_open(struct ebt_ui *ui, enum ebt_ui_screen screen);
void ebt_ui_request(struct ebt_ui *ui, const struct ebt_ui_request *request);
void ebt_ui_say(struct ebt_ui *ui, enum ebt_log_level level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void ebt_ui_hit(struct ebt_ui *ui, int x, int x_end, int y, uint32_t key);

/* Return the lines that a turn of the wheel scrolls, negative for up; 0 if the event is not the
 * wheel. */
static inline int ebt_wheel_lines(enum ebt_ui_mouse_type type)
{
	return type == EBT_MOUSE_WHEEL_UP ? -3 : type == EBT_MOUSE_WHEEL_DOWN ? 3 : 0;
}

#endif
