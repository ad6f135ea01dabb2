/* SPDX-License-Identifier: BSD-3-Clause */
/* suggest.h - find the word that somebody probably meant who typed another one. */
#ifndef EBT_CLI_SUGGEST_H
#define EBT_CLI_SUGGEST_H

#include <stddef.h>

#include "cli/commands.h"

/* The nearest word so far. Begin with { .typed = …, .len = … }. Texts are borrowed. */
struct ebt_suggestion {
	const char *typed;
	size_t len;	  /* of typed, which need not end there */
	const char *word; /* NULL: no word is near enough */
	size_t distance;  /* of word */
};

/* Consider one more word. A word is near enough if it begins with three or more typed characters and
 * nothing else, or if at most one change in three characters leads to it; a change is a character
 * that is missing, too many, another one, or two neighbours exchanged. */
void ebt_suggest_offer(struct ebt_suggestion *s, const char *word);
/* Return the nearest of the allowed words, or NULL. */
const char *ebt_suggest_word(const struct ebt_words *words, const char *typed);

#endif
