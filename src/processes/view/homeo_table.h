/* SPDX-License-Identifier: BSD-3-Clause */
/* homeo_table.h - the profiles as a table of text. */
#ifndef EBT_PROCESSES_VIEW_HOMEO_TABLE_H
#define EBT_PROCESSES_VIEW_HOMEO_TABLE_H

#include "base/bytes.h"
#include "ui/screens/profiles.h"

/* Append the table. The rows are sorted first, so that those which need attention come first. */
void ebt_homeo_table(struct ebt_profile_row *rows, size_t n, struct ebt_buf *out);

#endif
