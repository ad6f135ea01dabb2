/* SPDX-License-Identifier: BSD-3-Clause */
/* tune.h - the command `tune`: change a running instance, or print how it is tuned. */
#ifndef EBT_CLI_TUNE_H
#define EBT_CLI_TUNE_H

#include "config/options.h"

/* Return the exit status: 0 once the change is in effect, 1 if it was refused; the reason is on stderr
 * then. */
int ebt_tune_run(const struct ebt_options *options);

#endif
