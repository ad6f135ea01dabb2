/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>

#include "text.h"

char *read_all(const char *path)
{
	char *text = calloc(1, 65536);
	FILE *f = fopen(path, "r");
	size_t len = f && text ? fread(text, 1, 65535, f) : 0;

	if (f)
		fclose(f);
	if (text)
		text[len] = '\0';
	return text;
}
