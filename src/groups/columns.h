/* SPDX-License-Identifier: BSD-3-Clause */
/* columns.h - names of the columns of groups, of the groupings, and what columns were called before
 *
 * All texts are static. */
#ifndef EBT_GROUPS_COLUMNS_H
#define EBT_GROUPS_COLUMNS_H

#include <stddef.h>

#include "config/choices.h"

/* Return what a column is called now that earlier versions called by this name, or NULL: the columns of groups,
 * of the lists of execs, of -e and of CSV. */
const char *ebt_column_now(const char *name, size_t len);
/* Return the column of groups of a name, today's or an earlier one, or -1. */
int ebt_column_find(const char *name);
/* Return the name of a column of the groups list, as used by -o and in files. */
const char *ebt_column_name(enum ebt_column column); /* "rate", "rate1m", "count", … */
/* Return the title for headers: "RATE/s", … */
const char *ebt_column_title(enum ebt_column column);
/* Return one line of help for --list-columns and the sort panel. */
const char *ebt_column_help(enum ebt_column column);
const char *ebt_group_by_name(enum ebt_group_by by); /* "exe", … */

#endif
