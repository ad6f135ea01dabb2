/* SPDX-License-Identifier: BSD-3-Clause */
/* The security border: what reaches a terminal. The judge here (safe_utf8) is written apart from
 * text.c and its table. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "base/text.h"

#define BYTES(s) ((struct ebt_bytes){ (s), sizeof(s) - 1 })

static size_t encode(uint32_t cp, char out[5])
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		out[1] = 0;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xc0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 63));
		out[2] = 0;
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xe0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 63));
		out[2] = (char)(0x80 | (cp & 63));
		out[3] = 0;
		return 3;
	}
	out[0] = (char)(0xf0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 63));
	out[2] = (char)(0x80 | (cp >> 6 & 63));
	out[3] = (char)(0x80 | (cp & 63));
	out[4] = 0;
	return 4;
}

static void assert_escaped(struct ebt_bytes in, unsigned flags, const char *want)
{
	_cleanup_buf_ struct ebt_buf b = { 0 };

	assert_int_equal(ebt_text_escape(&b, in, flags), 0);
	assert_string_equal(b.data ? b.data : "", want);
}

static void every_byte_alone(void **state)
{
	for (int c = 0; c < 256; c++) {
		char byte = (char)c, want[8];
		struct ebt_bytes in = { &byte, 1 };
		const char *named = c == 0x1b	? "\\e"
				    : c == '\n' ? "\\n"
				    : c == '\t' ? "\\t"
				    : c == '\r' ? "\\r"
				    : c == '\a' ? "\\a"
				    : c == '\b' ? "\\b"
				    : c == '\f' ? "\\f"
				    : c == '\v' ? "\\v"
						: NULL;

		if (c >= 0x20 && c < 0x7f)
			snprintf(want, sizeof(want), "%c", c);
		else if (named)
			snprintf(want, sizeof(want), "%s", named);
		else
			snprintf(want, sizeof(want), "\\x%02x", c);
		assert_escaped(in, 0, want);
		assert_escaped(in, EBT_TEXT_ASCII, want);
		assert_int_equal(ebt_text_width(in, 0), strlen(want));
	}
}

static void invalid_utf8(void **state)
{
	static const struct {
		struct ebt_bytes in;
		const char *want;
	} cases[] = {
		{ BYTES("\x80"), "\\x80" },			/* tail alone */
		{ BYTES("\xbf\xbf"), "\\xbf\\xbf" },		/* tails */
		{ BYTES("\xc3"), "\\xc3" },			/* cut short */
		{ BYTES("\xc3(x"), "\\xc3(x" },			/* not a tail */
		{ BYTES("\xe2\x82"), "\\xe2\\x82" },		/* 3 bytes cut short */
		{ BYTES("\xe2\x28\xa1"), "\\xe2(\\xa1" },	/* bad second */
		{ BYTES("\xe2\x82\x28"), "\\xe2\\x82(" },	/* bad third */
		{ BYTES("\xf0\x9f\x98"), "\\xf0\\x9f\\x98" },	/* 4 bytes cut short */
		{ BYTES("\xf0\x9f\x98z"), "\\xf0\\x9f\\x98z" }, /* bad fourth */
		{ BYTES("\xc0\xaf"), "\\xc0\\xaf" },		/* overlong / */
		{ BYTES("\xc1\xbf"), "\\xc1\\xbf" },
		{ BYTES("\xe0\x80\xaf"), "\\xe0\\x80\\xaf" },
		{ BYTES("\xe0\x9f\xbf"), "\\xe0\\x9f\\xbf" },
		{ BYTES("\xf0\x80\x80\xaf"), "\\xf0\\x80\\x80\\xaf" },
		{ BYTES("\xf0\x8f\xbf\xbf"), "\\xf0\\x8f\\xbf\\xbf" },
		{ BYTES("\xc0\x9b[31m"), "\\xc0\\x9b[31m" },	       /* overlong ESC's cousin */
		{ BYTES("\xed\xa0\x80"), "\\xed\\xa0\\x80" },	       /* surrogate D800 */
		{ BYTES("\xed\xbf\xbf"), "\\xed\\xbf\\xbf" },	       /* surrogate DFFF */
		{ BYTES("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80" }, /* U+110000 */
		{ BYTES("\xf5\x80\x80\x80"), "\\xf5\\x80\\x80\\x80" },
		{ BYTES("\xf8\x88\x80\x80\x80"), "\\xf8\\x88\\x80\\x80\\x80" },
		{ BYTES("\xfe\xff"), "\\xfe\\xff" },
		{ BYTES("\xc3\xc3\xa9"), "\\xc3\xc3\xa9" }, /* a good one right after a bad one */
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_escaped(cases[i].in, 0, cases[i].want);
		assert_false(ebt_text_is_utf8(cases[i].in));
	}
}

static void hidden_characters(void **state)
{
	static const struct {
		uint32_t first, last;
		const char *what;
	} ranges[] = {
		{ 0x80, 0xa0, "C1, no-break space" },
		{ 0xad, 0xad, "soft hyphen" },
		{ 0x34f, 0x34f, "grapheme joiner" },
		{ 0x61c, 0x61c, "arabic letter mark" },
		{ 0x115f, 0x1160, "hangul fillers" },
		{ 0x180b, 0x180f, "mongolian selectors" },
		{ 0x2000, 0x200f, "spaces, ZWSP ZWNJ ZWJ LRM RLM" },
		{ 0x2028, 0x202f, "separators, bidi embeddings and overrides" },
		{ 0x205f, 0x206f, "invisible operators, bidi isolates" },
		{ 0x2800, 0x2800, "braille blank" },
		{ 0x3000, 0x3000, "ideographic space" },
		{ 0x3164, 0x3164, "hangul filler" },
		{ 0xe000, 0xf8ff, "private use" },
		{ 0xfdd0, 0xfdef, "noncharacters" },
		{ 0xfe00, 0xfe0f, "variation selectors" },
		{ 0xfeff, 0xfeff, "BOM" },
		{ 0xffa0, 0xffa0, "halfwidth hangul filler" },
		{ 0xfff9, 0xfffb, "interlinear annotation" },
		{ 0xfffe, 0xffff, "noncharacters" },
		{ 0x1d173, 0x1d17a, "musical format" },
		{ 0xe0000, 0xe01ef, "tags, variation selectors" },
		{ 0xf0000, 0x10ffff, "private use planes" },
		{ 0x378, 0x379, "unassigned" },
		{ 0x40000, 0x4ffff, "unassigned plane" },
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		for (uint32_t cp = ranges[i].first; cp <= ranges[i].last; cp++) {
			char in[8] = "a", want[16];
			size_t len = 1 + encode(cp, in + 1);
			struct ebt_bytes b = { in, len };
			struct ebt_glyph g;

			snprintf(want, sizeof(want), cp <= 0xffff ? "\\u%04x" : "\\U%08x", cp);
			assert_true(ebt_text_next(&b, 0, &g));
			assert_false(g.escaped);
			assert_true(ebt_text_next(&b, 0, &g));
			if (strcmp(g.text, want) != 0)
				fail_msg("U+%04X (%s): got %s", cp, ranges[i].what, g.text);
			assert_true(g.escaped);
			assert_int_equal(g.width, strlen(want));
			assert_false(ebt_text_next(&b, 0, &g));
		}
	}
}

static void shown_characters(void **state)
{
	struct ebt_bytes text = BYTES(
		"h\xc3\xa9llo \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x98\x80 \xd7\xa9 \xe2\x94\x80");

	assert_escaped(text, 0, text.data);
	assert_int_equal(ebt_text_width(text, 0), 5 + 1 + 4 + 1 + 2 + 1 + 1 + 1 + 1);
	assert_escaped(BYTES("h\xc3\xa9 \xf0\x9f\x98\x80"), EBT_TEXT_ASCII, "h\\u00e9 \\U0001f600");
	assert_escaped(BYTES("a\\b\\x1b"), 0, "a\\b\\x1b"); /* a backslash is given as it is */
}

static void marks_need_a_base_and_are_few(void **state)
{
	struct ebt_bytes in = BYTES("e\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85\xcc\x86x");
	struct ebt_glyph g;

	assert_true(ebt_text_next(&in, 0, &g));
	assert_string_equal(g.text, "e\xcc\x81\xcc\x82\xcc\x83\xcc\x84");
	assert_int_equal(g.width, 1);
	assert_true(ebt_text_next(&in, 0, &g));
	assert_string_equal(g.text, "\\u0305");
	assert_true(g.escaped);
	assert_true(ebt_text_next(&in, 0, &g));
	assert_string_equal(g.text, "\\u0306");
	assert_true(ebt_text_next(&in, 0, &g));
	assert_string_equal(g.text, "x");

	assert_escaped(BYTES("\xcc\x81x"), 0, "\\u0301x");
	assert_escaped(BYTES("\n\xcc\x81x"), 0, "\\n\\u0301x");
	assert_escaped(BYTES("\xff\xcc\x81x"), 0, "\\xff\\u0301x");
	assert_escaped(BYTES("abcdefghijklmnop\xcc\x81"), 0, "abcdefghijklmnop\xcc\x81");
	assert_int_equal(ebt_text_width(BYTES("abcdefghijklmnop\xcc\x81q"), 0), 17);
	assert_escaped(BYTES("e\xcc\x81"), EBT_TEXT_ASCII, "e\\u0301");
	/* Four-byte base with four-byte marks: as many as fit into the glyph. */
	assert_escaped(BYTES("\xf0\x90\xa8\x80\xf0\x90\xa8\x8d\xf0\x90\xa8\x8d\xf0\x90\xa8\x8d"), 0,
		       "\xf0\x90\xa8\x80\xf0\x90\xa8\x8d\xf0\x90\xa8\x8d\\U00010a0d");
	/* Hangul in parts: one cell pair. */
	assert_int_equal(ebt_text_width(BYTES("\xe1\x84\x80\xe1\x85\xa1\xe1\x86\xa8"), 0), 2);
}

/* Own table and the C library agree on the width of all that both show. */
static void widths_agree_with_the_terminal(void **state)
{
	unsigned shown = 0, wrong = 0, hidden = 0;

	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		skip();
	for (uint32_t cp = 0xa1; cp < 0x110000; cp++) {
		char in[8] = "a";
		struct ebt_bytes b = { in, 1 };
		struct ebt_glyph g;
		int w = wcwidth((wchar_t)cp);
		size_t width;

		if (cp >= 0xd800 && cp < 0xe000)
			continue;
		b.len += encode(cp, in + 1);
		ebt_text_next(&b, 0, &g);
		width = g.width;
		if (g.len == 1) {
			ebt_text_next(&b, 0, &g);
			if (g.escaped) {
				hidden += iswprint((wint_t)cp) != 0;
				continue;
			}
			width = g.width;
		} else {
			width = 0; /* joined to the base */
		}
		shown++;
		if (w != (int)width)
			wrong++;
	}
	setlocale(LC_CTYPE, "C");
	assert_true(shown > 140000);
	/* Unicode versions of table and library may differ by a few characters. */
	if (wrong > 40)
		fail_msg("%u of %u widths differ from wcwidth()", wrong, shown);
	(void)hidden;
}

/* A judge of its own: printable ASCII, or whole UTF-8 sequences outside what is listed. */
static bool safe_utf8(const char *text, size_t len)
{
	mbstate_t st = { 0 };

	for (size_t i = 0; i < len;) {
		wchar_t wc;
		size_t n;

		if ((unsigned char)text[i] < 0x80) {
			if (text[i] < 0x20 || text[i] == 0x7f)
				return false;
			i++;
			continue;
		}
		n = mbrtowc(&wc, text + i, len - i, &st);
		if (n == (size_t)-1 || n == (size_t)-2 || n == 0)
			return false;
		if (!iswprint((wint_t)wc) || wcwidth(wc) < 0 || iswspace((wint_t)wc))
			return false;
		if ((wc >= 0x200b && wc <= 0x200f) || (wc >= 0x2028 && wc <= 0x202e) ||
		    (wc >= 0x2060 && wc <= 0x206f) || wc == 0x61c || wc == 0xfeff || wc == 0xad ||
		    (wc >= 0xe000 && wc <= 0xf8ff) || wc >= 0xe0000)
			return false;
		i += n;
	}
	return true;
}

static uint32_t lcg(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* Bytes such as an attacker would mix: controls, tails, heads, plain text, whole characters. */
static size_t nasty(uint32_t *seed, char *out, size_t max)
{
	size_t len = lcg(seed) % max, n = 0;

	while (n + 4 < len) {
		switch (lcg(seed) % 6) {
		case 0:
			out[n++] = (char)lcg(seed);
			break;
		case 1:
			out[n++] = (char)(0x80 | lcg(seed) % 64);
			break;
		case 2:
			out[n++] = (char)(0xc0 | lcg(seed) % 64);
			break;
		case 3:
			out[n++] = (char)(lcg(seed) % 32);
			break;
		case 4:
			for (unsigned k = lcg(seed) % 20; k && n + 4 < len; k--)
				out[n++] = (char)(32 + lcg(seed) % 95);
			break;
		case 5:
			n += encode(lcg(seed) % 0x110000, out + n);
			break;
		}
	}
	return n;
}

static void random_bytes_are_safe(void **state)
{
	_cleanup_buf_ struct ebt_buf b = { 0 };
	uint32_t seed = 42;
	char *in = malloc(300);

	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		skip();
	for (int round = 0; round < 20000; round++) {
		size_t len = nasty(&seed, in, 300);
		char *exact = malloc(len ? len : 1); /* so that ASan sees a byte too far */
		struct ebt_bytes left = { exact, len };
		struct ebt_glyph g;
		size_t width = 0, at = 0;

		memcpy(exact, in, len);
		ebt_buf_reset(&b);
		assert_int_equal(ebt_text_escape(&b, (struct ebt_bytes){ exact, len }, 0), 0);
		assert_true(safe_utf8(b.data ? b.data : "", b.len));
		/* Glyph by glyph is the same text. */
		while (ebt_text_next(&left, 0, &g)) {
			assert_true(g.width >= 1 && g.len >= 1 && g.len < sizeof(g.text));
			assert_true(at + g.len <= b.len);
			assert_memory_equal(b.data + at, g.text, g.len);
			at += g.len;
			width += g.width;
		}
		assert_int_equal(at, b.len);
		assert_int_equal(ebt_text_width((struct ebt_bytes){ exact, len }, 0), width);

		ebt_buf_reset(&b);
		ebt_text_escape(&b, (struct ebt_bytes){ exact, len }, EBT_TEXT_ASCII);
		for (size_t i = 0; i < b.len; i++)
			assert_in_range((unsigned char)b.data[i], 0x20, 0x7e);
		assert_int_equal(ebt_text_width((struct ebt_bytes){ exact, len }, EBT_TEXT_ASCII),
				 b.len);
		free(exact);
	}
	setlocale(LC_CTYPE, "C");
	free(in);
}

/* The eight-at-a-time path, with each byte at each place. */
static void fast_path(void **state)
{
	_cleanup_buf_ struct ebt_buf b = { 0 };
	char in[24];

	for (int c = 0; c < 256; c++) {
		for (size_t at = 0; at < sizeof(in); at++) {
			size_t plain = sizeof(in) - 1;

			memset(in, 'p', sizeof(in));
			in[at] = (char)c;
			ebt_buf_reset(&b);
			ebt_text_escape(&b, (struct ebt_bytes){ in, sizeof(in) }, 0);
			if (c >= 0x20 && c < 0x7f) {
				assert_int_equal(b.len, sizeof(in));
				assert_memory_equal(b.data, in, sizeof(in));
			} else {
				assert_int_equal(
					b.len,
					plain + ebt_text_width((struct ebt_bytes){ in + at, 1 },
							       0));
				assert_int_equal(b.data[at], '\\');
			}
		}
	}
}

static void utf8_judged_and_repaired(void **state)
{
	_cleanup_buf_ struct ebt_buf b = { 0 };

	assert_true(ebt_text_is_utf8(BYTES("")));
	assert_true(ebt_text_is_utf8((struct ebt_bytes){ NULL, 0 }));
	assert_true(ebt_text_is_utf8(BYTES("plain ascii, longer than a word \x01\x7f")));
	assert_true(
		ebt_text_is_utf8(BYTES("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf")));
	assert_int_equal(ebt_text_repair_utf8(&b, BYTES("12345678\xff"
							"abc\xe2\x82z\xc3\xa9\xed\xa0\x80")),
			 0);
	assert_string_equal(b.data, "12345678\xef\xbf\xbd"
				    "abc\xef\xbf\xbd\xef\xbf\xbdz\xc3\xa9"
				    "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	ebt_buf_reset(&b);
	assert_int_equal(ebt_text_repair_utf8(&b, BYTES("fine")), 0);
	assert_string_equal(b.data, "fine");
}

static void every_code_point_is_utf8(void **state)
{
	for (uint32_t cp = 0; cp < 0x110000; cp++) {
		char in[5];
		size_t len = encode(cp, in);

		assert_int_equal(ebt_text_is_utf8((struct ebt_bytes){ in, len }),
				 cp < 0xd800 || cp > 0xdfff);
	}
}

static void errors_stay(void **state)
{
	_cleanup_buf_ struct ebt_buf b = { .limit = 4 };

	assert_int_equal(ebt_text_escape(&b, BYTES("\x1b\x1b\x1b"), 0), -ENOBUFS);
	assert_int_equal(ebt_text_repair_utf8(&b, BYTES("a")), -ENOBUFS);
	assert_int_equal(ebt_text_quote(&b, BYTES("a"), 0), -ENOBUFS);
	assert_int_equal(ebt_text_quote_args(&b, BYTES("a"), 0, 0), -ENOBUFS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_alone),
		cmocka_unit_test(invalid_utf8),
		cmocka_unit_test(hidden_characters),
		cmocka_unit_test(shown_characters),
		cmocka_unit_test(marks_need_a_base_and_are_few),
		cmocka_unit_test(widths_agree_with_the_terminal),
		cmocka_unit_test(random_bytes_are_safe),
		cmocka_unit_test(fast_path),
		cmocka_unit_test(utf8_judged_and_repaired),
		cmocka_unit_test(every_code_point_is_utf8),
		cmocka_unit_test(errors_stay),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
