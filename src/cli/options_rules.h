/* SPDX-License-Identifier: BSD-3-Clause */
/* options_rules.h - which options go together, once all have been read. */
#ifndef EBT_CLI_OPTIONS_RULES_H
#define EBT_CLI_OPTIONS_RULES_H

#include <stdbool.h>

#include "cli/command_line.h"

/* Return true if they do; else say in a sentence which do not. */
bool ebt_options_agree(const struct ebt_command_line *line);

#endif
