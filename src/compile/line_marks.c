/* SPDX-License-Identifier: BSD-3-Clause */
/* line_marks.c - add #line marks for the listing: before the brace that opens a function and after
 * blank lines, between which libbcc inserts lines of its own */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "compile/listing.h"

struct place {
	char file[256];
	unsigned line; /* number of the current line; 0 before the first mark */
};

/* Is the line a mark of the text itself? Then give the number of the next line. */
static bool take_mark(struct place *p, const char *line, size_t len)
{
	char copy[300];
	unsigned number;

	if (len >= sizeof(copy))
		return false;
	memcpy(copy, line, len);
	copy[len] = '\0';
	if (sscanf(copy, "#line %u \"%255[^\"]\"", &number, p->file) != 2)
		return false;
	p->line = number;
	return true;
}

int ebt_listing_mark(struct ebt_bytes text, struct ebt_buf *out)
{
	struct place p = { .line = 0 };
	bool after_brace = false;
	bool continued =
		false; /* the previous line ends in a backslash, so that this one continues a macro */

	while (text.len) {
		const char *end = memchr(text.data, '\n', text.len);
		size_t len = end ? (size_t)(end - text.data) : text.len;

		if (take_mark(&p, text.data, len)) {
			ebt_buf_append(out, text.data, len + (end != NULL));
		} else {
			bool brace = len == 1 && text.data[0] == '{';

			if (p.line && !continued && (brace || after_brace || len == 0))
				ebt_buf_printf(out, "#line %u \"%s\"\n", p.line, p.file);
			after_brace = brace;
			ebt_buf_append(out, text.data, len + (end != NULL));
			p.line += p.line != 0;
		}
		continued = len && text.data[len - 1] == '\\';
		text.data += len + (end != NULL);
		text.len -= len + (end != NULL);
	}
	return out->error;
}
