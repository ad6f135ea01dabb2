/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * json_string.c - any bytes as a JSON string.
 *
 * By hand instead of jansson: this is most of the cost of -J and of a replay to JSON, and jansson
 * refuses bytes that are not UTF-8. Only what JSON needs escaped would be too little: U+009B or a
 * bidi override in a line that ends on a terminal acts there. Such characters are written as
 * \uHHHH, which reads back as the same text.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/json_write.h"

#define ONES	0x0101010101010101u
#define ONES_32 0x01010101u
#define TOPS	0x8080808080808080u

/* Top bits set where a byte of w is zero (exact in the lowest such byte, which is all we ask). */
static uint64_t json_zero_bytes(uint64_t w)
{
	return (w - ONES) & ~w & TOPS;
}

/* Eight bytes of 0x20…0x7e without " and \? */
static bool json_word_plain(uint64_t w)
{
	uint64_t below = ~((w | TOPS) - ONES * 0x20);
	uint64_t del = (w & ~TOPS) + ONES;

	return !((w | below | del) & TOPS) && !json_zero_bytes(w ^ ONES * '"') &&
	       !json_zero_bytes(w ^ ONES * '\\');
}

static bool json_byte_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/* Copy up to 7 bytes when all of them are plain, and return whether they were. Two loads that overlap
 * are put together with a shift: put together in memory, the processor would have to wait for it. */
static bool json_copy_short(char *p, const char *in, size_t len)
{
	uint32_t low = ONES_32 * ' ', high = ONES_32 * ' ';
	uint16_t pair = 0;

	if (len >= 4) {
		memcpy(&low, in, 4);
		memcpy(&high, in + len - 4, 4);
		memcpy(p, &low, 4);
		memcpy(p + len - 4, &high, 4);
	} else if (len >= 2) {
		memcpy(&pair, in, 2);
		memcpy(p, &pair, 2);
		low = (uint32_t)pair << 16 | pair;
		memcpy(&pair, in + len - 2, 2);
		memcpy(p + len - 2, &pair, 2);
		high = (uint32_t)pair << 16 | pair;
	} else if (len) {
		p[0] = in[0];
		return json_byte_plain(in[0]);
	}
	return json_word_plain((uint64_t)high << 32 | low);
}

size_t ebt_json_plain(char *p, struct ebt_bytes in)
{
	size_t n = 0;
	uint64_t w;

	if (in.len < 8 && json_copy_short(p, in.data, in.len))
		return in.len;
	for (; in.len - n >= 8; n += 8) {
		memcpy(&w, in.data + n, 8);
		if (!json_word_plain(w))
			break;
		memcpy(p + n, &w, 8);
	}
	/* The last eight bytes reach back over bytes that are known to be plain. */
	if (n && n < in.len && in.len - n < 8) {
		memcpy(&w, in.data + in.len - 8, 8);
		if (json_word_plain(w)) {
			memcpy(p + in.len - 8, &w, 8);
			return in.len;
		}
	}
	for (; n < in.len && json_byte_plain(in.data[n]); n++)
		p[n] = in.data[n];
	return n;
}

static char *json_put_u(char *p, unsigned value)
{
	static const char hex[] = "0123456789abcdef";

	p[0] = '\\';
	p[1] = 'u';
	p[2] = hex[value >> 12 & 15];
	p[3] = hex[value >> 8 & 15];
	p[4] = hex[value >> 4 & 15];
	p[5] = hex[value & 15];
	return p + 6;
}

/* A glyph that base/text.h does not show: its \uHHHH is JSON's too, the rest has to be put another
 * way. At most 12 bytes; consumed input is never less than a sixth of that. */
static char *json_put_escaped(char *p, const struct ebt_glyph *g, unsigned char first)
{
	unsigned long cp;

	switch (g->text[1]) {
	case 'u':
		memcpy(p, g->text, 6);
		return p + 6;
	case 'U':
		cp = strtoul(g->text + 2, NULL, 16) - 0x10000;
		return json_put_u(json_put_u(p, 0xd800 | cp >> 10), 0xdc00 | (cp & 0x3ff));
	case 'x':
		if (first >= 0x80) {
			memcpy(p, "\xef\xbf\xbd", 3);
			return p + 3;
		}
		return json_put_u(p, first);
	case 'n':
	case 't':
	case 'r':
	case 'b':
	case 'f':
		memcpy(p, g->text, 2);
		return p + 2;
	default: /* \a \v \e have no short form in JSON */
		return json_put_u(p, first);
	}
}

/* What stands at *in and is not plain: one character or byte. */
static char *json_put_special(char *p, struct ebt_bytes *in)
{
	unsigned char first = in->data[0];
	struct ebt_glyph g;

	if (first == '"' || first == '\\') {
		*p++ = '\\';
		*p++ = (char)first;
		in->data++;
		in->len--;
		return p;
	}
	ebt_text_next(in, 0, &g);
	if (g.escaped)
		return json_put_escaped(p, &g, first);
	memcpy(p, g.text, g.len);
	return p + g.len;
}

/* What is left after the opening quote and maybe more, in steps, so that megabytes of plain text do
 * not ask for six times their size. */
static void json_put_rest(struct ebt_buf *out, struct ebt_bytes in)
{
	/* Each input byte needs at most 6 bytes (C0 as \u00HH); a character that reaches over the
	 * end of a step goes out as it is, at most 15 bytes. */
	enum { STEP = 16 << 10, SLACK = 32 };

	while (in.len) {
		const char *end = in.data + (in.len < STEP ? in.len : STEP);
		char *start = ebt_buf_reserve(out, 6 * (size_t)(end - in.data) + SLACK);
		char *p = start;

		if (!p)
			return;
		while (in.data < end) {
			size_t n = ebt_json_plain(
				p, (struct ebt_bytes){ in.data, (size_t)(end - in.data) });

			p += n;
			in.data += n;
			in.len -= n;
			if (in.data < end)
				p = json_put_special(p, &in);
		}
		out->len += p - start;
	}
}

void ebt_json_string(struct ebt_buf *out, struct ebt_bytes in)
{
	char *p = ebt_buf_reserve(out, in.len + 2);
	size_t n;

	if (!p)
		return;
	/* Nearly all text is plain to its end. */
	*p++ = '"';
	n = ebt_json_plain(p, in);
	out->len += 1 + n;
	if (n < in.len)
		json_put_rest(out, (struct ebt_bytes){ in.data + n, in.len - n });
	ebt_buf_append(out, "\"", 1);
}

void ebt_json_base64(struct ebt_buf *out, struct ebt_bytes in)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t len = (in.len + 2) / 3 * 4 + 2;
	const unsigned char *s = (const unsigned char *)in.data;
	char *p = ebt_buf_reserve(out, len);
	size_t i = 0;

	if (!p)
		return;
	*p++ = '"';
	for (; in.len - i >= 3; i += 3) {
		*p++ = digits[s[i] >> 2];
		*p++ = digits[(s[i] & 3) << 4 | s[i + 1] >> 4];
		*p++ = digits[(s[i + 1] & 15) << 2 | s[i + 2] >> 6];
		*p++ = digits[s[i + 2] & 63];
	}
	if (in.len - i) {
		bool two = in.len - i == 2;

		*p++ = digits[s[i] >> 2];
		*p++ = digits[(s[i] & 3) << 4 | (two ? s[i + 1] >> 4 : 0)];
		*p++ = two ? digits[(s[i + 1] & 15) << 2] : '=';
		*p++ = '=';
	}
	*p++ = '"';
	out->len += len;
}
