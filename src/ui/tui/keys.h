/* SPDX-License-Identifier: BSD-3-Clause */
/* keys.h - the table of keys and actions, from which the help screen and the F-key bar are
 * generated, too
 *
 * A key is a Unicode code point (control keys are 1 to 31) or one of EBT_KEY_*;
 * src/ui/tui/term_input.c translates those of ncurses. */
#ifndef EBT_UI_TUI_KEYS_H
#define EBT_UI_TUI_KEYS_H

#include <stddef.h>
#include <stdint.h>

enum ebt_key {
	EBT_KEY_NONE = 0,
	EBT_KEY_CTRL_A = 1,
	EBT_KEY_CTRL_C = 3,
	EBT_KEY_CTRL_E = 5,
	EBT_KEY_BACKSPACE = 8,
	EBT_KEY_TAB = 9,
	EBT_KEY_CTRL_L = 12,
	EBT_KEY_ENTER = 13,
	EBT_KEY_CTRL_U = 21,
	EBT_KEY_CTRL_W = 23,
	EBT_KEY_CTRL_Z = 26,
	EBT_KEY_ESC = 27,
	/* above Unicode */
	EBT_KEY_UP = 0x200000,
	EBT_KEY_DOWN,
	EBT_KEY_LEFT,
	EBT_KEY_RIGHT,
	EBT_KEY_PGUP,
	EBT_KEY_PGDN,
	EBT_KEY_HOME,
	EBT_KEY_END,
	EBT_KEY_DELETE,
	EBT_KEY_BACKTAB,
	EBT_KEY_F1,
	EBT_KEY_F2,
	EBT_KEY_F3,
	EBT_KEY_F4,
	EBT_KEY_F5,
	EBT_KEY_F6,
	EBT_KEY_F7,
	EBT_KEY_F8,
	EBT_KEY_F9,
	EBT_KEY_F10,
	EBT_KEY_SHIFT_F3,
	EBT_KEY_RESIZE, /* the terminal has a new size and must be drawn again */
};

/* The action that a key requests. */
enum ebt_action {
	EBT_ACT_NONE,
	EBT_ACT_HELP,
	EBT_ACT_SETUP,
	EBT_ACT_REFUSAL,
	EBT_ACT_OUTPUT,
	EBT_ACT_SEARCH,
	EBT_ACT_SEARCH_NEXT,
	EBT_ACT_SEARCH_PREV,
	EBT_ACT_FILTER,
	EBT_ACT_TREE,
	EBT_ACT_SORT,
	EBT_ACT_INVERT,
	EBT_ACT_GROUP,
	EBT_ACT_SORT_RATE,
	EBT_ACT_SORT_COUNT,
	EBT_ACT_SORT_CPU,
	EBT_ACT_SORT_TIME,
	EBT_ACT_DETAILS,
	EBT_ACT_PARENT,
	EBT_ACT_CHILDREN,
	EBT_ACT_SIBLINGS,
	EBT_ACT_SAME_USER,
	EBT_ACT_SAME_COMMAND,
	EBT_ACT_FIRST_RUN,
	EBT_ACT_SLOWEST_RUN,
	EBT_ACT_PROGRAM_PATH,
	EBT_ACT_HIDE_ENDED,
	EBT_ACT_HIDE_KERNEL,
	EBT_ACT_SUBTREE,
	EBT_ACT_KILL,
	EBT_ACT_COPY,
	EBT_ACT_COPY_JSON,
	EBT_ACT_SAVE_EXECS,
	EBT_ACT_NEXT_SCREEN,
	EBT_ACT_PREV_SCREEN,
	EBT_ACT_SCREEN_1,
	EBT_ACT_SCREEN_2,
	EBT_ACT_SCREEN_3,
	EBT_ACT_SCREEN_4,
	EBT_ACT_SCREEN_5,
	EBT_ACT_SCREEN_6,
	EBT_ACT_SCREEN_7,
	EBT_ACT_FOLLOW,
	EBT_ACT_PAUSE,
	EBT_ACT_CLEAR,
	EBT_ACT_WRAP,
	EBT_ACT_EXPAND,
	EBT_ACT_COLLAPSE,
	EBT_ACT_TOGGLE,
	EBT_ACT_COLLAPSE_ALL,
	EBT_ACT_MOVE_UP,
	EBT_ACT_MOVE_DOWN,
	EBT_ACT_METERS,
	EBT_ACT_SLOWER,
	EBT_ACT_FASTER,
	EBT_ACT_SEEK_BACK,
	EBT_ACT_SEEK_ON,
	EBT_ACT_APPLY,
	EBT_ACT_SAVE,
	EBT_ACT_NORMALIZE, /* in the order of enum ebt_profiles_act */
	EBT_ACT_SENSITIZE,
	EBT_ACT_TOLERIZE,
	EBT_ACT_INSPECT,
	EBT_ACT_SAVE_PROFILES,
	EBT_ACT_ORDER,
	EBT_ACT_NEXT_PROGRAM,
	EBT_ACT_PREV_PROGRAM,
	EBT_ACT_UP,
	EBT_ACT_DOWN,
	EBT_ACT_LEFT,
	EBT_ACT_RIGHT,
	EBT_ACT_PGUP,
	EBT_ACT_PGDN,
	EBT_ACT_HOME,
	EBT_ACT_END,
	EBT_ACT_LINE_START,
	EBT_ACT_LINE_END,
	EBT_ACT_BACK,
	EBT_ACT_REDRAW,
	EBT_ACT_SUSPEND,
	EBT_ACT_QUIT,
	EBT_ACT_MAX,
};

/* Where a binding is valid. A screen has exactly one bit; a binding may name several. */
#define EBT_IN_EVENTS	0x001u
#define EBT_IN_TOP	0x002u
#define EBT_IN_TREE	0x004u
#define EBT_IN_BUFFERS	0x008u
#define EBT_IN_LAB	0x010u
#define EBT_IN_DETAILS	0x020u
#define EBT_IN_HELP	0x040u
#define EBT_IN_SETUP	0x080u
#define EBT_IN_PROFILES 0x100u
#define EBT_IN_REFUSAL	0x200u
#define EBT_IN_OUTPUT	0x400u
#define EBT_IN_OVERVIEW 0x800u
#define EBT_IN_LISTS	(EBT_IN_OVERVIEW | EBT_IN_EVENTS | EBT_IN_TOP | EBT_IN_TREE)
#define EBT_IN_TABS	(EBT_IN_LISTS | EBT_IN_BUFFERS | EBT_IN_LAB | EBT_IN_PROFILES)
#define EBT_IN_ALL	0xfffu

#define EBT_KEYS_MAX 4 /* maximum number of keys per binding */

struct ebt_binding {
	enum ebt_action action;
	uint32_t keys[EBT_KEYS_MAX]; /* EBT_KEY_NONE after the last one */
	unsigned where;		     /* EBT_IN_* */
	const char *topic;	     /* heading on the help screen */
	const char *help;	     /* one line for the help screen */
	/* label in the F-key bar, at most 6 characters; NULL if it is not there */
	const char *label;
};

/* The table in the order of the help screen. */
extern const struct ebt_binding ebt_bindings[];
extern const size_t ebt_bindings_count;

/* Return the action of a key on a screen (one EBT_IN_* bit), or EBT_ACT_NONE. */
enum ebt_action ebt_keys_action(uint32_t key, unsigned where);
/* Return the first binding of an action on a screen, or NULL. */
const struct ebt_binding *ebt_keys_binding(enum ebt_action action, unsigned where);
/* Write the name of a key as help shows it ("F1", "Ctrl-L", "Enter", "h") to out and return it. */
#define EBT_KEY_NAME_LEN 16
char *ebt_key_name(char out[EBT_KEY_NAME_LEN], uint32_t key);

#endif
