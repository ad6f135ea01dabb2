/* SPDX-License-Identifier: BSD-3-Clause */
/* demo.h - `execbig-top demo [NAME]`. */
#ifndef EBT_CLI_DEMO_H
#define EBT_CLI_DEMO_H

#include "config/options.h"

/* Lists the lessons, prints the text of one, or runs it (which needs privilege). Exit status. */
int ebt_lessons_run(const struct ebt_options *options);

#endif
