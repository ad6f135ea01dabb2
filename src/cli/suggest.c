/* SPDX-License-Identifier: BSD-3-Clause */
#include "cli/suggest.h"

#include <string.h>

#define SUGGEST_MAX 40 /* longer texts are no typos of our words */

static size_t suggest_least(size_t a, size_t b, size_t c)
{
	size_t least = a < b ? a : b;

	return least < c ? least : c;
}

/* Return the optimal string alignment distance of two texts of at most SUGGEST_MAX bytes. */
static size_t suggest_distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t rows[3][SUGGEST_MAX + 1], *before = rows[0], *last = rows[1], *row = rows[2];

	for (size_t j = 0; j <= b_len; j++)
		last[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t *oldest = before;

		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			row[j] = suggest_least(last[j] + 1, row[j - 1] + 1,
					       last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    before[j - 2] + 1 < row[j])
				row[j] = before[j - 2] + 1;
		}
		before = last;
		last = row;
		row = oldest;
	}
	return last[b_len];
}

void ebt_suggest_offer(struct ebt_suggestion *s, const char *word)
{
	size_t len = strlen(word), distance;

	if (s->len > SUGGEST_MAX || len > SUGGEST_MAX || s->len < 3)
		return;
	distance = suggest_distance(s->typed, s->len, word, len);
	if (strncmp(word, s->typed, s->len) == 0)
		distance = 1;
	if (distance > s->len / 3 || (s->word && distance >= s->distance))
		return;
	s->word = word;
	s->distance = distance;
}

const char *ebt_suggest_word(const struct ebt_words *words, const char *typed)
{
	struct ebt_suggestion s = { .typed = typed, .len = strlen(typed) };

	for (int i = 0; i < words->count; i++)
		if (words->word(i))
			ebt_suggest_offer(&s, words->word(i));
	return s.word;
}
