/* SPDX-License-Identifier: BSD-3-Clause */
/* match.c - patterns with a bounded cost. */
#include <stdint.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "base/cleanup.h"
#include "base/regex_compile.h"
#include "base/text.h"
#include "model/match.h"

static bool has_capital(const char *pattern)
{
	mbstate_t state = { 0 };
	size_t left = strlen(pattern);

	while (left > 0) {
		wchar_t c;
		size_t n = mbrtowc(&c, pattern, left, &state);

		if (n == 0 || n > left) { /* invalid or cut: one byte that is nothing */
			memset(&state, 0, sizeof(state));
			n = 1;
			c = (unsigned char)*pattern < 0x80 ? (wchar_t)*pattern : L'.';
		}
		if (c == L'\\' && left > n) {
			pattern++;
			left--;
			if ((unsigned char)*pattern >= 0x80)
				continue;
		} else if (iswupper((wint_t)c)) {
			return true;
		}
		pattern += n;
		left -= n;
	}
	return false;
}

static bool is_literal(const char *pattern)
{
	for (const char *p = pattern; *p; p++)
		if ((unsigned char)*p >= 0x80 || strchr("\\^$.[]|()*+?{}", *p))
			return false;
	return true;
}

void ebt_matcher_deinit(struct ebt_matcher *m)
{
	if (m->pattern && !m->literal)
		regfree(&m->regex);
	free(m->pattern);
	ebt_buf_free(&m->text);
	*m = (struct ebt_matcher){ 0 };
}

int ebt_matcher_set(struct ebt_matcher *m, const char *pattern, char *err, size_t err_len)
{
	struct ebt_matcher new = { 0 };
	_cleanup_free_ char *copy = NULL;
	int rc;

	if (!pattern || !*pattern) {
		ebt_matcher_deinit(m);
		return 0;
	}
	copy = strdup(pattern);
	if (!copy)
		return -ENOMEM;
	new.len = strlen(copy);
	new.icase = !has_capital(copy);
	new.literal = is_literal(copy);
	if (new.literal) {
		rc = ebt_regex_check_limits(copy, err, err_len);
	} else {
		rc = ebt_regex_compile(&new.regex, copy, REG_NOSUB | (new.icase ? REG_ICASE : 0),
				       err, err_len);
	}
	if (rc)
		return rc;
	new.pattern = TAKE_PTR(copy);
	ebt_matcher_deinit(m);
	*m = new;
	return 0;
}

/* A literal pattern is ASCII, and when case is ignored it has no capitals. */
static unsigned char fold(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c | 0x20) : c;
}

static bool find_folded(const char *text, size_t len, const char *pattern, size_t n)
{
	const unsigned char *t = (const unsigned char *)text;
	const unsigned char *p = (const unsigned char *)pattern;

	for (size_t i = 0; i + n <= len; i++) {
		size_t k = 0;

		while (k < n && fold(t[i + k]) == p[k])
			k++;
		if (k == n)
			return true;
	}
	return false;
}

/* text is followed by a NUL: regexec heeds its end, the sanitizer's stand-in for it does not. */
static bool match(struct ebt_matcher *m, struct ebt_bytes text)
{
	regmatch_t range = { .rm_eo = (regoff_t)text.len };

	if (m->literal && text.len < m->len)
		return false;
	if (m->literal && m->icase)
		return find_folded(text.data, text.len, m->pattern, m->len);
	if (m->literal)
		return memmem(text.data, text.len, m->pattern, m->len) != NULL;
	return regexec(&m->regex, text.data ? text.data : "", 0, &range, REG_STARTEND) == 0;
}

bool ebt_matcher_text(struct ebt_matcher *m, struct ebt_bytes text)
{
	if (!m->pattern)
		return true;
	if (text.len > EBT_MATCH_MAX)
		text.len = EBT_MATCH_MAX;
	if (m->literal)
		return match(m, text);
	ebt_buf_reset(&m->text);
	if (ebt_buf_append(&m->text, text.data, text.len) < 0)
		return false;
	return match(m, (struct ebt_bytes){ m->text.data, text.len });
}

/* Bytes that quoting leaves alone (base/text.h): most command lines have no others, and then the
 * quoted text is the arguments with blanks between them. */
static bool bare(unsigned char c)
{
	static const uint32_t set[8] = {
		[1] = 0x27fff820u, /* % + , - . / 0-9 : = */
		[2] = 0x87ffffffu, /* @ A-Z _ */
		[3] = 0x07fffffeu, /* a-z */
	};

	return set[c >> 5] >> (c & 31) & 1;
}

static bool copy_bare(struct ebt_buf *out, struct ebt_bytes args)
{
	char *to = ebt_buf_reserve(out, args.len);
	unsigned char before = '\0';
	bool first = true;

	if (!to)
		return false;
	for (size_t i = 0; i < args.len; i++) {
		unsigned char c = (unsigned char)args.data[i];

		/* An empty argument shows as '', and a command with = in it is quoted. */
		if (c == '\0' ? before == '\0' : !bare(c) || (first && c == '='))
			return false;
		if (c == '\0')
			first = false;
		to[i] = c ? (char)c : ' ';
		before = c;
	}
	out->len = args.len;
	if (args.len > 0 && before == '\0')
		out->len--;
	out->data[out->len] = '\0';
	return true;
}

bool ebt_matcher_args(struct ebt_matcher *m, struct ebt_bytes args)
{
	if (!m->pattern)
		return true;
	if (args.len > EBT_MATCH_MAX)
		args.len = EBT_MATCH_MAX;
	ebt_buf_reset(&m->text);
	if (!copy_bare(&m->text, args) && ebt_text_quote_args(&m->text, args, EBT_MATCH_MAX, 0) < 0)
		return false;
	return match(m, (struct ebt_bytes){ m->text.data, m->text.len });
}
