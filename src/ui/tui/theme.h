/* SPDX-License-Identifier: BSD-3-Clause */
/* theme.h - colour roles and their colours in each theme, in one table
 *
 * Colour never carries meaning alone: every meaning is also shown by a word, a mark or a
 * position. */
#ifndef EBT_UI_TUI_THEME_H
#define EBT_UI_TUI_THEME_H

#include <stdint.h>

enum ebt_role {
	EBT_ROLE_TEXT,	  /* plain text */
	EBT_ROLE_DIM,	  /* less important text: units, exited processes, directories */
	EBT_ROLE_STRONG,  /* program names, important values */
	EBT_ROLE_LABEL,	  /* names of header fields */
	EBT_ROLE_VALUE,	  /* numbers */
	EBT_ROLE_NEW,	  /* began within the last second */
	EBT_ROLE_GOOD,	  /* the accounting rule holds; running */
	EBT_ROLE_WARN,	  /* truncated, paused */
	EBT_ROLE_BAD,	  /* failed, lost */
	EBT_ROLE_ESCAPED, /* escape for a byte that is not shown itself */
	EBT_ROLE_OPTION,  /* an argument that begins with - */
	EBT_ROLE_PID,	  /* process ids */
	EBT_ROLE_USER,	  /* user names */
	EBT_ROLE_ROOT,	  /* uid 0 */
	EBT_ROLE_TREE,	  /* lines of the tree, frames */
	EBT_ROLE_BAR1,	  /* bars and sparklines: low, middle, high */
	EBT_ROLE_BAR2,
	EBT_ROLE_BAR3,
	EBT_ROLE_TAB,	   /* screen names */
	EBT_ROLE_TAB_ON,   /* the screen that is shown */
	EBT_ROLE_HEAD,	   /* column titles */
	EBT_ROLE_HEAD_ON,  /* the column sorted by */
	EBT_ROLE_SELECTED, /* the line of the cursor */
	EBT_ROLE_FOLLOWED, /* the line of the cursor when it is followed */
	EBT_ROLE_MATCH,	   /* search results, and the corresponding line in the Lab */
	EBT_ROLE_FKEY,	   /* the key in the F-key bar */
	EBT_ROLE_FLABEL,   /* the label in the F-key bar */
	EBT_ROLE_PROMPT,   /* prompt and message line */
	EBT_ROLE_MARK,	   /* PAUSED and similar marks, reversed */
	EBT_ROLE_PANEL,	   /* title of a side panel */
	EBT_ROLE_MAX,
};

#define EBT_ATTR_BOLD	   0x1
#define EBT_ATTR_DIM	   0x2
#define EBT_ATTR_REVERSE   0x4
#define EBT_ATTR_UNDERLINE 0x8

/* Colours: -1 is the terminal's own, 0 to 7 are the ANSI ones, 8 to 255 those of the 256-colour
 * palette. fg16 and bg16 are used if the terminal has fewer than 256. */
struct ebt_style {
	int16_t fg, bg;
	int16_t fg16, bg16;
	uint8_t attrs;
};

struct ebt_theme {
	const char *name;
	const char *help;
	struct ebt_style styles[EBT_ROLE_MAX];
};

extern const struct ebt_theme ebt_themes[];
extern const unsigned ebt_themes_count;

/* Return the index of a theme by name, or -1. */
int ebt_theme_find(const char *name);
/* Return a letter for a role, for golden frames: '.' for text, and a unique one for each other
 * role. */
char ebt_role_letter(enum ebt_role role);
const char *ebt_role_name(enum ebt_role role);

#endif
