/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/screens/printed_text.h"

#include <stdbool.h>

#define BELL   0x07
#define ESCAPE 0x1b
#define DELETE 0x7f

/* The parameters and intermediate bytes of a control sequence, before its last byte (ECMA-48). */
static bool printed_in_sequence(unsigned char c)
{
	return c >= 0x20 && c < 0x40;
}

/* Return the end of a string that a terminal takes for itself, such as a title: after BEL or ESC \.
 * A line ends it too, so that a stray beginning does not hide what follows. */
static size_t printed_skip_string(struct ebt_bytes b, size_t at)
{
	for (; at < b.len && b.data[at] != '\n'; at++) {
		if (b.data[at] == BELL)
			return at + 1;
		if (b.data[at] == ESCAPE)
			return at + 1 < b.len && b.data[at + 1] == '\\' ? at + 2 : at;
	}
	return at;
}

/* Return the end of the sequence whose ESC stands before `at`. */
static size_t printed_skip_escape(struct ebt_bytes b, size_t at)
{
	if (at >= b.len)
		return at;
	switch (b.data[at]) {
	case '[':
		for (at++; at < b.len && printed_in_sequence((unsigned char)b.data[at]);)
			at++;
		return at < b.len && (unsigned char)b.data[at] >= 0x40 ? at + 1 : at;
	case ']':
	case 'P':
	case 'X':
	case '^':
	case '_':
		return printed_skip_string(b, at + 1);
	default:
		while (at < b.len && b.data[at] >= 0x20 && b.data[at] < 0x30)
			at++;
		return at < b.len && (unsigned char)b.data[at] >= 0x30 ? at + 1 : at;
	}
}

void ebt_printed_text(struct ebt_bytes b, struct ebt_buf *out)
{
	size_t line = out->len; /* start of the current line in out */
	bool again = false;	/* the next character begins the line again */

	for (size_t at = 0; at < b.len && !out->error;) {
		unsigned char c = (unsigned char)b.data[at++];

		if (c == ESCAPE) {
			at = printed_skip_escape(b, at);
		} else if (c == '\r') {
			again = true;
		} else if (c == '\n') {
			ebt_buf_append(out, "\n", 1);
			line = out->len;
			again = false;
		} else if (c == '\b') {
			out->len -= out->len > line && !again;
		} else if (c == '\t' || (c >= 0x20 && c != DELETE)) {
			if (again)
				out->len = line;
			again = false;
			ebt_buf_append(out, (char *)&c, 1);
		}
	}
}
