/* SPDX-License-Identifier: BSD-3-Clause */
/* tune.h - `execbig-top tune`: changes a running instance, or says how it is tuned. */
#ifndef EBT_CLI_TUNE_H
#define EBT_CLI_TUNE_H

#include "config/options.h"

/* Returns the exit status: 0 when the swap is done, 1 with the refusal's words on stderr. */
int ebt_tune_run(const struct ebt_options *options);

#endif
