/* SPDX-License-Identifier: BSD-3-Clause */
/* term_curses.h - the state of the terminal, for the files that use ncurses: term.c and
 * term_input.c */
#ifndef EBT_UI_TUI_TERM_CURSES_H
#define EBT_UI_TUI_TERM_CURSES_H

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <signal.h>
#include <stdbool.h>
#include <term.h>

#include "base/terminal_rescue.h"
#include "ui/tui/term.h"
#include "ui/tui/term_stderr.h"

/* <term.h> defines macros with names that the program uses. */
#undef lines
#undef columns

struct ebt_term {
	struct ebt_term_options options;
	SCREEN *screen;
	WINDOW *keys;	       /* a pad, because reading keys from it never refreshes the screen */
	struct ebt_grid grid;  /* the grid to draw into */
	struct ebt_grid shown; /* the contents that curses has */
	MEVENT mouse[8];       /* events that were read, the oldest last */
	unsigned mouse_count;
	bool color, all;  /* all: the next paint sends everything */
	bool needs_marks; /* the terminal can neither reverse nor colour */
	attr_t attrs[EBT_ROLE_MAX];
	struct ebt_term_stderr err;
	struct sigaction on_stop; /* curses' handler, saved while suspended */
	struct ebt_rescue rescue;
};

/* Return whether the other end of the terminal is closed. events is POLLIN or POLLOUT. */
bool ebt_term_is_gone(int fd, short events);
/* Give the grid the size that curses knows, after a resize. Return 0, or -ENOMEM. */
int ebt_term_fit(struct ebt_term *term);

#endif
