/* SPDX-License-Identifier: BSD-3-Clause */
/* term_curses.h - the terminal's state, for the two files that know ncurses: term.c and term_input.c. */
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

/* <term.h> makes macros of words that are ours. */
#undef lines
#undef columns

struct ebt_term {
	struct ebt_term_options options;
	SCREEN *screen;
	WINDOW *keys;	       /* a pad: reading keys from it never refreshes the screen */
	struct ebt_grid grid;  /* drawn into */
	struct ebt_grid shown; /* what curses has */
	MEVENT mouse[8];       /* taken, the oldest last */
	unsigned mouse_count;
	bool color, all; /* all: curses' idea of the screen is void */
	attr_t attrs[EBT_ROLE_MAX];
	struct ebt_term_stderr err;
	struct sigaction on_stop; /* curses' own, while suspended */
	struct ebt_rescue rescue;
};

/* Has the other end of the terminal closed? events is POLLIN or POLLOUT. */
bool ebt_term_is_gone(int fd, short events);
/* Give the grid the size that curses knows, after a resize. Return 0, or -ENOMEM. */
int ebt_term_fit(struct ebt_term *term);

#endif
