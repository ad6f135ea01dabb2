/* SPDX-License-Identifier: BSD-3-Clause */
#include <ctype.h>

#include "text.h"

size_t text_words(const char *text)
{
	size_t words = 0;
	int inside = 0;

	for (; *text; text++) {
		int letter = !isspace((unsigned char)*text);

		words += letter && !inside;
		inside = letter;
	}
	return words;
}
