/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TEXT_H
#define TEXT_H
#include <stddef.h>

size_t text_words(const char *text);
size_t count_words(const char *path);
char *read_all(const char *path);

#endif
