/* SPDX-License-Identifier: BSD-3-Clause */
/* homeo_print.h - a daemon's answers for people: what came as JSON, as lines on stdout. */
#ifndef EBT_CLI_HOMEO_PRINT_H
#define EBT_CLI_HOMEO_PRINT_H

#include <jansson.h>

/* One object of the answer to status, save, inspect or attach. Borrowed. */
void ebt_homeo_print(const char *word, json_t *o);
/* All objects of the answer to ps or profiles, in columns; nothing when there are none. */
void ebt_homeo_print_table(const char *word, json_t *rows);

#endif
