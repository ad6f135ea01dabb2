/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "text.h"

size_t count_words(const char *path)
{
	char *text = read_all(path);
	size_t words = text ? text_words(text) : 0;

	free(text);
	return words;
}
