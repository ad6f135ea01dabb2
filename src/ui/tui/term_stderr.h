/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * term_stderr.h - keeps stderr off the screen: while it is hidden, what is written there goes to a
 * pipe, and is given out line by line.
 */
#ifndef EBT_UI_TUI_TERM_STDERR_H
#define EBT_UI_TUI_TERM_STDERR_H

#include <stdbool.h>
#include <stddef.h>

struct ebt_term_stderr {
	bool hidden;
	int saved_fd; /* owned: the real stderr */
	int read_fd;  /* owned: what is written meanwhile */
	char text[4096];
	size_t len;
};

/* Does nothing when stderr is not a terminal (it cannot harm the screen then). */
void ebt_term_stderr_hide(struct ebt_term_stderr *err);
/* Puts stderr back and prints the lines that nobody took. */
void ebt_term_stderr_show(struct ebt_term_stderr *err);
/* One line without newline; false when there is none. */
bool ebt_term_stderr_line(struct ebt_term_stderr *err, char *line, size_t len);

#endif
