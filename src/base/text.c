/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * text.c - the first security border: attacker-chosen bytes become text that a terminal only draws.
 *
 * Everything is decided from the bytes and our own table (text_table.c), never from the locale.
 */
#include "base/text.h"

#include <stdint.h>
#include <string.h>

#include "base/text_scan.h"
#include "base/text_table.h"

/* ebt_glyph.text keeps its last byte as NUL. */
#define GLYPH_BYTES (sizeof(((struct ebt_glyph *)0)->text) - 1)

static bool is_tail(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

/* One UTF-8 sequence (RFC 3629 table 3-7: no overlong forms, surrogates or beyond U+10FFFF). Gives
 * its length, 0 when the first byte does not start a valid one. len is not 0. */
static unsigned decode(const unsigned char *p, size_t len, uint32_t *cp)
{
	unsigned char c = p[0];

	if (c < 0x80) {
		*cp = c;
		return 1;
	}
	if (c < 0xc2 || c > 0xf4 || len < 2 || !is_tail(p[1]))
		return 0;
	if (c < 0xe0) {
		*cp = (c & 0x1fu) << 6 | (p[1] & 0x3fu);
		return 2;
	}
	if (len < 3 || !is_tail(p[2]))
		return 0;
	if (c < 0xf0) {
		if ((c == 0xe0 && p[1] < 0xa0) || (c == 0xed && p[1] > 0x9f))
			return 0;
		*cp = (c & 0x0fu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
		return 3;
	}
	if (len < 4 || !is_tail(p[3]))
		return 0;
	if ((c == 0xf0 && p[1] < 0x90) || (c == 0xf4 && p[1] > 0x8f))
		return 0;
	*cp = (c & 0x07u) << 18 | (p[1] & 0x3fu) << 12 | (p[2] & 0x3fu) << 6 | (p[3] & 0x3fu);
	return 4;
}

static enum ebt_text_class classify(uint32_t cp)
{
	unsigned low = 0, high = ebt_text_ranges_count;

	while (high - low > 1) {
		unsigned mid = (low + high) / 2;

		if (ebt_text_ranges[mid] >> 2 <= cp)
			low = mid;
		else
			high = mid;
	}
	return (enum ebt_text_class)(ebt_text_ranges[low] & 3);
}

static void put_hex(struct ebt_glyph *g, char letter, uint32_t value, unsigned digits)
{
	static const char hex[] = "0123456789abcdef";

	g->text[0] = '\\';
	g->text[1] = letter;
	for (unsigned i = 0; i < digits; i++)
		g->text[2 + i] = hex[value >> (4 * (digits - 1 - i)) & 0xf];
	g->len = 2 + digits;
}

static void escape_byte(struct ebt_glyph *g, unsigned char c)
{
	/* From \a (7) to \r (13), in order. */
	static const char letters[] = "abtnvfr";

	if ((c >= '\a' && c <= '\r') || c == 0x1b) {
		g->text[0] = '\\';
		g->text[1] = c == 0x1b ? 'e' : letters[c - '\a'];
		g->len = 2;
	} else {
		put_hex(g, 'x', c, 2);
	}
}

static void escape_char(struct ebt_glyph *g, uint32_t cp)
{
	if (cp < 0x80)
		escape_byte(g, (unsigned char)cp);
	else if (cp <= 0xffff)
		put_hex(g, 'u', cp, 4);
	else
		put_hex(g, 'U', cp, 8);
}

/* The marks that belong to the base in *g, as many as are allowed. */
static void take_marks(struct ebt_bytes *in, struct ebt_glyph *g)
{
	for (unsigned marks = 0; marks < EBT_TEXT_MARKS_MAX && in->len; marks++) {
		uint32_t cp;
		unsigned n;

		if ((unsigned char)in->data[0] < 0x80)
			return;
		n = decode((const unsigned char *)in->data, in->len, &cp);
		if (!n || g->len + n > GLYPH_BYTES || classify(cp) != EBT_TEXT_MARK)
			return;
		memcpy(g->text + g->len, in->data, n);
		g->len += n;
		in->data += n;
		in->len -= n;
	}
}

bool ebt_text_next(struct ebt_bytes *in, unsigned flags, struct ebt_glyph *out)
{
	enum ebt_text_class class;
	uint32_t cp;
	unsigned n;

	if (!in->len)
		return false;
	n = decode((const unsigned char *)in->data, in->len, &cp);
	if (n == 0) {
		escape_byte(out, (unsigned char)in->data[0]);
		class = EBT_TEXT_UNSAFE;
		n = 1;
	} else {
		class = cp < 0x80 ? (ebt_text_printable(cp) ? EBT_TEXT_NARROW : EBT_TEXT_UNSAFE)
				  : classify(cp);
		if (class == EBT_TEXT_MARK || (cp >= 0x80 && (flags & EBT_TEXT_ASCII)))
			class = EBT_TEXT_UNSAFE; /* here, a mark has no base */
		if (class == EBT_TEXT_UNSAFE) {
			escape_char(out, cp);
		} else {
			memcpy(out->text, in->data, n);
			out->len = n;
		}
	}
	in->data += n;
	in->len -= n;
	out->escaped = class == EBT_TEXT_UNSAFE;
	if (out->escaped)
		out->width = out->len;
	else
		out->width = class == EBT_TEXT_WIDE ? 2 : 1;
	if (!out->escaped && !(flags & EBT_TEXT_ASCII))
		take_marks(in, out);
	out->text[out->len] = '\0';
	return true;
}

size_t ebt_text_width(struct ebt_bytes in, unsigned flags)
{
	struct ebt_glyph g;
	size_t width = 0;

	for (;;) {
		size_t run = ebt_text_plain_run(in.data, in.len, flags);

		width += run;
		in.data += run;
		in.len -= run;
		if (!ebt_text_next(&in, flags, &g))
			return width;
		width += g.width;
	}
}

int ebt_text_escape(struct ebt_buf *out, struct ebt_bytes in, unsigned flags)
{
	struct ebt_glyph g;
	int r = out->error;

	while (r == 0) {
		size_t run = ebt_text_plain_run(in.data, in.len, flags);

		if (run)
			r = ebt_buf_append(out, in.data, run);
		in.data += run;
		in.len -= run;
		if (r < 0 || !ebt_text_next(&in, flags, &g))
			break;
		r = ebt_buf_append(out, g.text, g.len);
	}
	return r;
}

/* Bytes at p that are valid UTF-8. */
static size_t valid_run(const char *p, size_t len)
{
	size_t n = 0;

	while (n < len) {
		uint32_t cp;
		unsigned step;
		uint64_t w;

		if (len - n >= 8) {
			memcpy(&w, p + n, 8);
			if (!(w & 0x8080808080808080u)) {
				n += 8;
				continue;
			}
		}
		step = decode((const unsigned char *)p + n, len - n, &cp);
		if (!step)
			break;
		n += step;
	}
	return n;
}

bool ebt_text_is_utf8(struct ebt_bytes in)
{
	return valid_run(in.data, in.len) == in.len;
}

int ebt_text_repair_utf8(struct ebt_buf *out, struct ebt_bytes in)
{
	int r = out->error;

	while (r == 0 && in.len) {
		size_t run = valid_run(in.data, in.len);

		r = ebt_buf_append(out, in.data, run);
		in.data += run;
		in.len -= run;
		if (r == 0 && in.len) {
			r = ebt_buf_puts(out, "\xef\xbf\xbd"); /* U+FFFD */
			in.data++;
			in.len--;
		}
	}
	return r;
}
