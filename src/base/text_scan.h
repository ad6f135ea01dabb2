/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * text_scan.h - inside of the text functions: long runs of plain ASCII, nearly all of what is seen,
 * are found eight bytes at a time.
 */
#ifndef EBT_BASE_TEXT_SCAN_H
#define EBT_BASE_TEXT_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"

/* More marks on one character are a way to paint over the lines around it; also what a curses cell
 * holds (CCHARW_MAX is 5). */
#define EBT_TEXT_MARKS_MAX 4
/* No glyph takes more input than this: a base and its marks, each at most four bytes. */
#define EBT_TEXT_LOOKAHEAD (4 * (EBT_TEXT_MARKS_MAX + 1))

/* Eight bytes of 0x20…0x7e? Each test leaves the top bit of a byte set when it fails. */
static inline bool ebt_text_word_printable(uint64_t w)
{
	const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
	uint64_t not_below = (w | tops) - ones * 0x20; /* top bit clear: below 0x20 */
	uint64_t del = (w & ~tops) + ones;	       /* top bit set: 0x7f */

	return !((w | ~not_below | del) & tops);
}

static inline bool ebt_text_printable(unsigned char c)
{
	return c >= 0x20 && c < 0x7f;
}

/* Bytes at p that are printable ASCII and can be taken as they are: a last one that a combining
 * mark may follow is left to ebt_text_next. */
static inline size_t ebt_text_plain_run(const char *p, size_t len, unsigned flags)
{
	size_t n = 0;

	while (len - n >= 8) {
		uint64_t w;

		memcpy(&w, p + n, 8);
		if (!ebt_text_word_printable(w))
			break;
		n += 8;
	}
	while (n < len && ebt_text_printable(p[n]))
		n++;
	if (n && n < len && (unsigned char)p[n] >= 0x80 && !(flags & EBT_TEXT_ASCII))
		n--;
	return n;
}

#endif
