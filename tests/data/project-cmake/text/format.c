/* SPDX-License-Identifier: BSD-3-Clause */
#include "format.h"

#include <stdio.h>

int format_area(char *out, size_t len, double value)
{
	return snprintf(out, len, "%.*f %s", DIGITS, value, UNIT);
}
