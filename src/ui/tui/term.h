/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * term.h - the terminal. The only part of the program that knows ncurses.
 *
 * The terminal is in raw mode while shown: Ctrl-C and Ctrl-Z arrive as keys, so that they reach the
 * view alone. Open it before the sandbox closes: terminfo files are read in ebt_term_new only. What
 * is written to stderr while the screen is up goes to a pipe (ebt_term_stderr) and never over the
 * screen.
 */
#ifndef EBT_UI_TUI_TERM_H
#define EBT_UI_TUI_TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "ui/tui/grid.h"
#include "ui/tui/input.h"

struct ebt_term;

struct ebt_term_options {
	int in_fd, out_fd; /* borrowed; terminals */
	bool color, mouse, unicode;
	unsigned theme; /* index in ebt_themes */
};

/* 0; -ENOTTY: not a terminal; -ENOTSUP: TERM is unset, unknown or cannot move the cursor; why (may
 * be NULL) gets a plain sentence. Nothing is changed on failure. */
int ebt_term_new(struct ebt_term **out, const struct ebt_term_options *options, char *why,
		 size_t why_len);
/* Restores the terminal and prints what stderr was given meanwhile; NULL is fine. */
void ebt_term_free(struct ebt_term **term);
/* The same in one write, for a terminal that may be closed at any moment. */
void ebt_term_leave_at_once(struct ebt_term **term);

/* Cells to draw into; its size is the terminal's. Owned by term. */
struct ebt_grid *ebt_term_grid(struct ebt_term *term);
/* Sends what differs from the last paint. 0, -EIO when the terminal is gone. */
int ebt_term_paint(struct ebt_term *term);
/* Next paint sends everything. */
void ebt_term_invalidate(struct ebt_term *term);
void ebt_term_theme(struct ebt_term *term, unsigned theme);
/* Takes one key or mouse event, without waiting. A resize is EBT_KEY_RESIZE and the grid has its
 * new size already. 1: one taken; 0: none; -EIO: the terminal is gone (hang-up, end of file). */
int ebt_term_read(struct ebt_term *term, struct ebt_ui_input *input);
/* The window has changed (SIGWINCH, for an application that takes it itself). */
void ebt_term_resized(struct ebt_term *term);

/* Gives the terminal back, as for Ctrl-Z, and takes it again. */
void ebt_term_suspend(struct ebt_term *term);
void ebt_term_resume(struct ebt_term *term);

/* One line that was written to stderr meanwhile, without its newline; false when there is none. */
bool ebt_term_stderr(struct ebt_term *term, char *line, size_t len);

#endif
