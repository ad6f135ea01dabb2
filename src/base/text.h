/* SPDX-License-Identifier: BSD-3-Clause */
/* text.h - make bytes that somebody else has chosen safe to show
 *
 * The user who runs a program chooses its arguments, name and paths, which are then shown on root's
 * terminal. Safe text is valid UTF-8 (or pure ASCII, if asked for) without C0, DEL and C1 controls,
 * bidirectional controls, format or zero-width characters that hide text (ZWSP, ZWJ, BOM, soft
 * hyphen, tags, line and paragraph separators), unassigned or private-use characters, and combining
 * marks without a base. */
#ifndef EBT_BASE_TEXT_H
#define EBT_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

/* ebt_text_* flags */
#define EBT_TEXT_ASCII 0x1 /* escape everything that is not printable ASCII */

/* One unit to draw: `len` safe bytes in `text`, followed by a NUL, which take `width` columns of
 * the terminal, at least 1. Up to 4 combining marks belong to the character before them; further
 * marks, and marks without a character, are escaped. If `escaped` is set, the text replaces what
 * cannot be shown (such as \e, \n, \x9b, \u202e) and is drawn in the colour role "escaped". */
struct ebt_glyph {
	char text[16];
	unsigned char len;
	unsigned char width;
	bool escaped;
};

/* Take the next glyph from *in, which is advanced. Return false at the end. Escapes are \e \n \t \r
 * \a \b \f \v, \xHH for other controls and invalid bytes, and \uHHHH or \UHHHHHHHH for characters
 * that are not shown. A backslash of the input stays as it is; use the quoting functions below if
 * the text must be unambiguous. */
bool ebt_text_next(struct ebt_bytes *in, unsigned flags, struct ebt_glyph *out);

/* Return the width of the text in columns, as ebt_text_next() would draw it. */
size_t ebt_text_width(struct ebt_bytes in, unsigned flags);

/* Append the safe form of the whole text. */
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

/* Append NUL-terminated arguments (the last one may lack its NUL), quoted and separated by single
 * spaces. A first argument that a shell takes for something else (an assignment, a job, a word of
 * its language) is quoted. The output ends after max_bytes (0: no limit), at or inside an argument,
 * but never inside a character or an escape. Return 0, 1 if it ended early, or -errno. */
int ebt_text_quote_args(struct ebt_buf *out, struct ebt_bytes args, size_t max_bytes,
			unsigned flags);

/* Append NUL-terminated arguments as they were passed, joined by single blanks; not safe to show. */
int ebt_text_join_args(struct ebt_buf *out, struct ebt_bytes args);

/* Give the next NUL-terminated argument of args, which is advanced. Return false at the end. */
bool ebt_text_next_arg(struct ebt_bytes *args, struct ebt_bytes *arg);

/* Return true if the bytes are valid UTF-8: no surrogates, no overlong forms, at most U+10FFFF. */
bool ebt_text_is_utf8(struct ebt_bytes in);

/* Append in, with U+FFFD in place of every byte that is not part of valid UTF-8. */
int ebt_text_repair_utf8(struct ebt_buf *out, struct ebt_bytes in);

#endif
