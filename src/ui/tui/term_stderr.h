/* SPDX-License-Identifier: BSD-3-Clause */
/* term_stderr.h - keep stderr off the screen: while it is hidden, its text goes to a pipe and is
 * returned line by line */
#ifndef EBT_UI_TUI_TERM_STDERR_H
#define EBT_UI_TUI_TERM_STDERR_H

#include <stdbool.h>
#include <stddef.h>

struct ebt_term_stderr {
	bool hidden;
	int saved_fd; /* owned; the real stderr */
	int read_fd;  /* owned; the end of the pipe to read from */
	char text[4096];
	size_t len;
};

/* Hide stderr. Do nothing if it is not a terminal, because it cannot harm the screen then. */
void ebt_term_stderr_hide(struct ebt_term_stderr *err);
/* Restore stderr and print the lines that nobody has read. */
void ebt_term_stderr_show(struct ebt_term_stderr *err);
/* Get one line without its newline. Return false if there is none. */
bool ebt_term_stderr_line(struct ebt_term_stderr *err, char *line, size_t len);

#endif
