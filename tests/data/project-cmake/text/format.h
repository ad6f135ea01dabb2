/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FORMAT_H
#define FORMAT_H
#include <stddef.h>

int format_area(char *out, size_t len, double value);

#endif
