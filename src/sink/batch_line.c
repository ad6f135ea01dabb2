/* SPDX-License-Identifier: BSD-3-Clause */
#include "sink/batch_line.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include "base/text.h"

#define DOTS	     "..."
#define DOTS_COLUMNS 3

void ebt_batch_put(struct ebt_batch_line *l, const char *fmt, ...)
{
	char text[256];
	unsigned room;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	if (n >= (int)sizeof(text))
		n = sizeof(text) - 1;
	room = l->width ? l->width - l->at : (unsigned)n;
	if ((unsigned)n > room)
		n = (int)room;
	ebt_buf_append(l->out, text, n);
	l->at += n;
}

/* Append text that may be longer than the room; partial says that more follows what is given. */
static void batch_put_cut(struct ebt_batch_line *l, struct ebt_bytes text, bool partial)
{
	unsigned room = l->width ? l->width - l->at : UINT32_MAX;
	size_t fits_len = l->out->len, len = l->out->len;
	unsigned fits = 0, width = 0;
	struct ebt_glyph g;

	/* Where to cut is known only when the end does not fit: append, then go back. */
	while (ebt_text_next(&text, l->flags, &g)) {
		if (g.width > room - width) {
			partial = true;
			break;
		}
		if (ebt_buf_append(l->out, g.text, g.len) < 0)
			return;
		width += g.width;
		len += g.len;
		if (width + DOTS_COLUMNS <= room) {
			fits = width;
			fits_len = len;
		}
	}
	if (partial && room >= DOTS_COLUMNS) {
		if (l->out->len > fits_len) {
			l->out->len = fits_len;
			width = fits;
		}
		ebt_buf_puts(l->out, DOTS);
		width += DOTS_COLUMNS;
	}
	l->at += width;
}

void ebt_batch_put_text(struct ebt_batch_line *l, struct ebt_bytes text)
{
	bool partial = text.len > EBT_BATCH_NAME_BYTES;

	if (partial)
		text.len = EBT_BATCH_NAME_BYTES;
	batch_put_cut(l, text, partial);
}

void ebt_batch_put_args(struct ebt_batch_line *l, struct ebt_bytes args)
{
	struct ebt_buf quoted = { 0 };
	/* Four bytes a column is the most a character on the line needs, marks apart. */
	size_t most = l->width ? 4 * (size_t)(l->width - l->at) + 1 : EBT_BATCH_NAME_BYTES;
	int r = ebt_text_quote_args(&quoted, args, most, l->flags);

	if (r < 0)
		l->out->error = l->out->error ? l->out->error : r;
	else
		batch_put_cut(l, (struct ebt_bytes){ quoted.data, quoted.len }, r == 1);
	ebt_buf_free(&quoted);
}

void ebt_batch_end_line(struct ebt_batch_line *l)
{
	/* No blanks at the end: frames are compared and mailed. */
	while (l->out->len && l->out->data[l->out->len - 1] == ' ')
		l->out->len--;
	ebt_buf_append(l->out, "\n", 1);
	l->at = 0;
}
