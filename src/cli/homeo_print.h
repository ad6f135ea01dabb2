/* SPDX-License-Identifier: BSD-3-Clause */
/* homeo_print.h - print a daemon's answers, which are JSON, as lines for people on stdout. */
#ifndef EBT_CLI_HOMEO_PRINT_H
#define EBT_CLI_HOMEO_PRINT_H

#include <jansson.h>

/* Print one object of the answer to status, save, inspect or attach. It is borrowed. */
void ebt_homeo_print(const char *word, json_t *o);
/* Print all objects of the answer to ps or profiles in columns; nothing when there are none. */
void ebt_homeo_print_table(const char *word, json_t *rows);

#endif
