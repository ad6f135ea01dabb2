/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * fuzz_match.c - libFuzzer target: a pattern of the filter and the search, a NUL, and what it is
 * tried on, as one text and as arguments. A refused pattern leaves the one before in force; a
 * pattern without special characters means what strstr means.
 */
#include <ctype.h>
#include <locale.h>

#include "fuzz.h"
#include "base/match.h"

#define PATTERN_MAX 100 /* longer ones are slow and no different */
#define TEXT_MAX    400

static char *lowered(const char *text, size_t len, int fold)
{
	char *copy = malloc(len + 1);

	require(copy != NULL);
	for (size_t i = 0; i < len; i++)
		copy[i] = text[i] >= 'A' && text[i] <= 'Z' && fold ? (char)(text[i] + 32) : text[i];
	copy[len] = '\0';
	return copy;
}

static void compare_literal(struct ebt_matcher *m, const char *text, size_t len)
{
	char *folded = lowered(text, len, m->icase);

	require(ebt_matcher_text(m, (struct ebt_bytes){ text, len }) ==
		(memmem(folded, len, m->pattern, m->len) != NULL));
	free(folded);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	setlocale(LC_ALL, "C.UTF-8");
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t len = strnlen((const char *)data, size), rest;
	struct ebt_matcher m = { 0 };
	char *pattern, *text, err[128] = "";
	int got;

	if (len > PATTERN_MAX)
		return 0;
	pattern = lowered((const char *)data, len, 0);
	rest = len < size ? size - len - 1 : 0;
	rest = rest < TEXT_MAX ? rest : TEXT_MAX;
	text = input_copy(data + size - rest, rest);
	require(ebt_matcher_set(&m, "usual", NULL, 0) == 0);
	got = ebt_matcher_set(&m, pattern, err, sizeof(err));
	require(got == 0 || (*err && m.pattern && strcmp(m.pattern, "usual") == 0));
	require(got != 0 || *pattern || !m.pattern);
	if (m.pattern && m.literal)
		compare_literal(&m, text, rest);
	else
		(void)ebt_matcher_text(&m, (struct ebt_bytes){ text, rest });
	(void)ebt_matcher_args(&m, (struct ebt_bytes){ text, rest });
	ebt_matcher_deinit(&m);
	free(pattern);
	free(text);
	return 0;
}
