/* SPDX-License-Identifier: BSD-3-Clause */
/* check.h - the command `check`: print what this kernel and this user can do. */
#ifndef EBT_CLI_CHECK_H
#define EBT_CLI_CHECK_H

#include "config/options.h"

/* Print a table of what was found and run a self-test. Return the exit status: 0 when tracing works. */
int ebt_check_run(const struct ebt_options *options);

#endif
