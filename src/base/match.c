/* SPDX-License-Identifier: BSD-3-Clause */
/* match.c - patterns with a bounded cost. */
#include <stdint.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "base/cleanup.h"
#include "base/pattern.h"
#include "base/text.h"
#include "base/match.h"

static bool match_has_capital(const char *pattern)
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

static bool match_is_literal(const char *pattern)
{
	for (const char *p = pattern; *p; p++)
		if ((unsigned char)*p >= 0x80 || strchr("\\^$.[]|()*+?{}", *p))
			return false;
	return true;
}

void ebt_matcher_deinit(struct ebt_matcher *m)
{
	ebt_pattern_free(&m->compiled);
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
	new.icase = !match_has_capital(copy);
	new.literal = match_is_literal(copy);
	/* Also the literal one: the place of a match is asked of the compiled pattern. */
	rc = ebt_pattern_new(&new.compiled, copy, new.icase, err, err_len);
	if (rc)
		return rc;
	new.pattern = TAKE_PTR(copy);
	ebt_matcher_deinit(m);
	*m = new;
	return 0;
}

bool ebt_matcher_text(struct ebt_matcher *m, struct ebt_bytes text)
{
	enum ebt_pattern_result result;

	if (!m->pattern)
		return true;
	if (m->literal && text.len < m->len)
		return false;
	if (m->literal && !m->icase)
		return memmem(text.data, text.len, m->pattern, m->len) != NULL;
	result = ebt_pattern_match(m->compiled, text);
	m->given_up += result == EBT_PATTERN_GAVE_UP;
	return result != EBT_PATTERN_NO;
}

bool ebt_matcher_find(struct ebt_matcher *m, struct ebt_bytes text, size_t from, size_t *at,
		      size_t *len)
{
	return m->pattern && ebt_pattern_find(m->compiled, text, from, at, len) == EBT_PATTERN_YES;
}

bool ebt_matcher_args(struct ebt_matcher *m, struct ebt_bytes args)
{
	if (!m->pattern)
		return true;
	ebt_buf_reset(&m->text);
	if (ebt_text_join_args(&m->text, args) < 0)
		return true; /* without memory rather too many than a gap */
	return ebt_matcher_text(m, (struct ebt_bytes){ m->text.data, m->text.len });
}
