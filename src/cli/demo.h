/* SPDX-License-Identifier: BSD-3-Clause */
/* demo.h - the command `demo`: lessons on eBPF. */
#ifndef EBT_CLI_DEMO_H
#define EBT_CLI_DEMO_H

#include "config/options.h"

/* List the lessons, print the text of one, or run it, which needs privilege. Return the exit status. */
int ebt_lessons_run(const struct ebt_options *options);

#endif
