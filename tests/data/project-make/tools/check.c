/* SPDX-License-Identifier: BSD-3-Clause */
#include "text.h"

int check(void)
{
	return text_words("a b c") == 3;
}
