/* SPDX-License-Identifier: BSD-3-Clause */
/* words.c - where a bare word of an expression ends. */
#include <ctype.h>
#include <string.h>

#include "expr/expr_internal.h"

/* Return the byte behind a bracket expression that begins at `at`, or 0 when it does not end. */
static size_t words_bracket_end(const char *text, size_t at)
{
	at++;
	at += text[at] == '^';
	at += text[at] == ']';
	for (; text[at]; at++) {
		const char *end = NULL;

		if (text[at] == ']')
			return at + 1;
		if (text[at] == '[' && text[at + 1] == ':')
			end = strstr(text + at + 2, ":]");
		if (end)
			at = (size_t)(end - text) + 1;
	}
	return 0;
}

size_t ebt_expr_word_end(const char *text, size_t at)
{
	unsigned open = 0;
	size_t end;

	while (text[at] && !isspace((unsigned char)text[at])) {
		if (text[at] == '\\' && text[at + 1]) {
			at += 2;
		} else if (text[at] == '[' && (end = words_bracket_end(text, at))) {
			at = end;
		} else {
			if (text[at] == ')' && !open)
				break;
			open += text[at] == '(';
			open -= text[at] == ')';
			at++;
		}
	}
	return at;
}

bool ebt_expr_is_word(const char *text, size_t at)
{
	size_t end = ebt_expr_word_end(text, at);

	/* What began with a parenthesis is one word only when it is closed in it, and goes on. */
	for (size_t i = at, open = 0; i < end; i++) {
		size_t skip = text[i] == '[' ? words_bracket_end(text, i) : 0;

		if (skip) {
			i = skip - 1;
			continue;
		}
		if (text[i] == '\\' && text[i + 1]) {
			i++;
			continue;
		}
		open += text[i] == '(';
		open -= text[i] == ')';
		if (!open)
			return i + 1 < end;
	}
	return false;
}
