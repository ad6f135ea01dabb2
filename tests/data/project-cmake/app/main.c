/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>

#include "format.h"
#include "geometry.h"

int main(void)
{
	char text[64];

	format_area(text, sizeof(text), area(2, 3) + length(1, 1));
	puts(text);
	return 0;
}
