/* SPDX-License-Identifier: BSD-3-Clause */
/* homeo_table.h - the profiles as text. */
#ifndef EBT_APP_HOMEO_TABLE_H
#define EBT_APP_HOMEO_TABLE_H

#include <stdio.h>

#include "homeo/monitor.h"

/* One frame: a head line, then the profiles, those with most to look at first. */
void ebt_homeo_table_print(struct ebt_ph_monitor *monitor, FILE *out);

#endif
