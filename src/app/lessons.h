/* SPDX-License-Identifier: BSD-3-Clause */
/* lessons.h - `execbig-top demo [NAME]`. */
#ifndef EBT_APP_LESSONS_H
#define EBT_APP_LESSONS_H

#include "app/options.h"

/* Lists the lessons, prints the text of one, or runs it (which needs privilege). Exit status. */
int ebt_lessons_run(const struct ebt_options *options);

#endif
