/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>

#include "text.h"

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		printf("%s: %zu %s\n", NAME, count_words(argv[i]), argv[i]);
	return 0;
}
