/* SPDX-License-Identifier: BSD-3-Clause */
/* term.h - show a grid on the terminal and read keys; only this part of the program uses ncurses
 *
 * The terminal is in raw mode while the screen is shown: Ctrl-C and Ctrl-Z arrive as keys, so only
 * the view gets them. Open it before the sandbox closes, because only ebt_term_new() reads terminfo
 * files. Text written to stderr while the screen is shown goes to a pipe (ebt_term_stderr) and not
 * onto the screen. */
#ifndef EBT_UI_TUI_TERM_H
#define EBT_UI_TUI_TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/bytes.h"
#include "ui/tui/grid.h"
#include "ui/tui/input.h"

struct ebt_term;

struct ebt_term_options {
	int in_fd, out_fd; /* borrowed; both are terminals */
	bool color, mouse, unicode;
	unsigned theme; /* index in ebt_themes */
};

/* Open the terminal. Return 0, -ENOTTY if it is not a terminal, or -ENOTSUP if TERM is unset,
 * unknown or cannot move the cursor; why (may be NULL) gets a sentence. Nothing is changed on
 * failure. */
int ebt_term_new(struct ebt_term **out, const struct ebt_term_options *options, char *why,
		 size_t why_len);
/* Restore the terminal and print what was written to stderr meanwhile. *term may be NULL. */
void ebt_term_free(struct ebt_term **term);
/* Restore the terminal with a single write, for one that may be closed at any moment. */
void ebt_term_leave_at_once(struct ebt_term **term);

/* Return the cells to draw into, in the size of the terminal. They belong to term. */
struct ebt_grid *ebt_term_grid(struct ebt_term *term);
/* Send the differences to the last paint. Return 0, or -EIO if the terminal is gone. */
int ebt_term_paint(struct ebt_term *term);
/* Let the next paint send everything. */
void ebt_term_invalidate(struct ebt_term *term);
void ebt_term_theme(struct ebt_term *term, unsigned theme);
/* Get one key or mouse event without waiting. On EBT_KEY_RESIZE the grid already has its new size.
 * Return 1, 0 if there is none, or -EIO if the terminal is gone (hang-up or end of file). */
int ebt_term_read(struct ebt_term *term, struct ebt_ui_input *input);
/* Tell that the window has changed, for an application that handles SIGWINCH itself. */
void ebt_term_resized(struct ebt_term *term);

/* The longest text that is sent to a clipboard: with it the sequence has 100,000 characters of base64,
 * the least of the limits that terminals have (hterm's). */
#define EBT_COPY_MAX 74994
/* Put text into the clipboard of the terminal, by the sequence OSC 52. Whether the terminal obeys
 * cannot be known. Return 0, -ENOTSUP for a terminal that has none, -EMSGSIZE for a text that is too long, or
 * -errno. */
int ebt_term_copy(struct ebt_term *term, struct ebt_bytes text);

/* Release the terminal, as for Ctrl-Z, and take it again. */
void ebt_term_suspend(struct ebt_term *term);
void ebt_term_resume(struct ebt_term *term);

/* Get one line that was written to stderr, without its newline. Return false if there is none. */
bool ebt_term_stderr(struct ebt_term *term, char *line, size_t len);

#endif
