/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * text.h - attacker-chosen bytes made safe to show. The tool's first security border: argv, comm
 * and paths are chosen by whoever runs a program, and are shown on root's terminal.
 *
 * Safe means: valid UTF-8 (or pure ASCII, if asked), no C0, no DEL, no C1, no bidirectional
 * controls, no other format or zero-width characters that hide text (ZWSP, ZWJ, BOM, soft hyphen,
 * tags, line/paragraph separators), no unassigned or private-use characters, no combining mark
 * without a base.
 */
#ifndef EBT_BASE_TEXT_H
#define EBT_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

/* ebt_text_* flags */
#define EBT_TEXT_ASCII 0x1 /* escape everything that is not printable ASCII */

/* One thing to draw: `len` safe bytes in `text` (a NUL follows them), `width` terminal columns, at
 * least 1. A character comes together with the combining marks on it, at most 4: more of them, and
 * marks without a character, are escaped. escaped: text is a visible stand-in such as \e, \n, \x9b,
 * \u202e, to be drawn in the "escaped" colour role. */
struct ebt_glyph {
	char text[16];
	unsigned char len;
	unsigned char width;
	bool escaped;
};

/* Takes the next glyph from *in (advances it). False at the end. Never reads past in->len, never
 * loops on bad input. Escapes: \e \n \t \r \a \b \f \v, other controls and invalid bytes \xHH,
 * characters not shown \uHHHH or \UHHHHHHHH. A backslash in the input is given as it is; use the
 * quote functions below when the text must be unambiguous. */
bool ebt_text_next(struct ebt_bytes *in, unsigned flags, struct ebt_glyph *out);

/* Width of the text in columns as ebt_text_next would draw it. */
size_t ebt_text_width(struct ebt_bytes in, unsigned flags);

/* Appends the safe form of the whole text. */
int ebt_text_escape(struct ebt_buf *out, struct ebt_bytes in, unsigned flags);

/*
 * Append one argument in a form that is safe to show and that bash, zsh and dash read as exactly the
 * same bytes, in any locale, also when it is pasted into an interactive shell:
 *   bare                    when it only has [A-Za-z0-9_@%+=:,./-] and is not empty
 *   'two words'             when all of it is safe to show; an apostrophe is '\''
 *   $(printf 'a\033b')      otherwise, with \n \t \r, and octal for all other bytes that are not
 *                           shown; in double quotes when a shell would split the result
 * Newlines at the end, which $(…) would drop, follow as "${PPID##…}${nl%.}": the shell variable nl is
 * set to a newline and a dot. A word that starts with = is quoted, because zsh replaces it.
 */
int ebt_text_quote(struct ebt_buf *out, struct ebt_bytes arg, unsigned flags);

/* Appends NUL-terminated arguments (a last one without NUL is taken as it is), quoted, separated by
 * single spaces. A first argument that a shell takes for something else (an assignment, a job, a
 * word of its language) is quoted. Stops after max_bytes of output (0: no limit), at an argument or inside one, never
 * inside a character or an escape; returns 1 when it stopped early, 0 when all is there, -errno. */
int ebt_text_quote_args(struct ebt_buf *out, struct ebt_bytes args, size_t max_bytes,
			unsigned flags);

/* Append NUL-terminated arguments as they were passed, joined by single blanks; not safe to show. */
int ebt_text_join_args(struct ebt_buf *out, struct ebt_bytes args);

/* Gives the next NUL-terminated argument of args and advances; false at the end. */
bool ebt_text_next_arg(struct ebt_bytes *args, struct ebt_bytes *arg);

/* True when the bytes are valid UTF-8 (no surrogates, no overlong forms, at most U+10FFFF). */
bool ebt_text_is_utf8(struct ebt_bytes in);

/* Appends in with every byte that is not part of valid UTF-8 replaced by U+FFFD. */
int ebt_text_repair_utf8(struct ebt_buf *out, struct ebt_bytes in);

#endif
