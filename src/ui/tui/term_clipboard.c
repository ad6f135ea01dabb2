/* SPDX-License-Identifier: BSD-3-Clause */
/* term_clipboard.c - send a text to the clipboard of the terminal (OSC 52) */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/json_write.h"
#include "ui/tui/term_curses.h"

/* The sequence: the clipboard "c" gets the bytes in base64, up to the BEL. */
#define CLIPBOARD_BEGIN "\033]52;c;"
#define CLIPBOARD_END	"\a"
/* tmux hands what is between these to the terminal around it, if allow-passthrough is on; each ESC in it
 * is doubled. By itself tmux takes the sequence when set-clipboard is on. */
#define TMUX_BEGIN "\033Ptmux;\033"
#define TMUX_END   "\033\\"

static bool clipboard_is_tmux(const char *term)
{
	const char *tmux = getenv("TMUX");

	return (tmux && *tmux) || strncmp(term, "tmux", 4) == 0;
}

/* Return whether the terminal is known to have no clipboard: consoles, and GNU screen, which swallows the
 * sequence. Other terminals ignore a sequence that they do not know. */
static bool clipboard_is_none(const char *term)
{
	static const char *const without[] = { "linux", "dumb", "vt52", "vt100", "vt102",
					       "vt220", "ansi", "cons", "cygwin" };
	const char *screen = getenv("STY");

	for (size_t i = 0; i < EBT_ARRAY_SIZE(without); i++) {
		size_t len = strlen(without[i]);

		if (strncmp(term, without[i], len) == 0 && (!term[len] || term[len] == '-'))
			return true;
	}
	return screen && *screen && !clipboard_is_tmux(term);
}

int ebt_term_copy(struct ebt_term *term, struct ebt_bytes text)
{
	_cleanup_buf_ struct ebt_buf base64 = { 0 }, out = { 0 };
	const char *name = getenv("TERM");
	size_t len;

	if (!name || clipboard_is_none(name))
		return -ENOTSUP;
	if (text.len > EBT_COPY_MAX)
		return -EMSGSIZE;
	ebt_json_base64(&base64, text);
	if (base64.error)
		return base64.error;
	len = base64.len - 2; /* without the quotes of JSON */
	ebt_buf_puts(&out, CLIPBOARD_BEGIN);
	ebt_buf_append(&out, base64.data + 1, len);
	ebt_buf_puts(&out, CLIPBOARD_END);
	if (clipboard_is_tmux(name)) {
		ebt_buf_puts(&out, TMUX_BEGIN CLIPBOARD_BEGIN);
		ebt_buf_append(&out, base64.data + 1, len);
		ebt_buf_puts(&out, CLIPBOARD_END TMUX_END);
	}
	if (out.error)
		return out.error;
	return ebt_write_all(term->options.out_fd, out.data, out.len);
}
