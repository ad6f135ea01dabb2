/* SPDX-License-Identifier: BSD-3-Clause */
/* check.h - what this kernel and this user can do. */
#ifndef EBT_CLI_CHECK_H
#define EBT_CLI_CHECK_H

#include "config/options.h"

/* `execbig-top check`: prints a table of what was found and runs a self-test. Exit status 0 when
 * tracing works. */
int ebt_check_run(const struct ebt_options *options);

#endif
