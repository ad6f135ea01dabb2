/* SPDX-License-Identifier: BSD-3-Clause */
/* completion.h - scripts that complete commands, options and words in a shell, from the tables. */
#ifndef EBT_CLI_COMPLETION_H
#define EBT_CLI_COMPLETION_H

#include "cli/options_table.h"

/* The answer to --print-completion SHELL: print the script. Return the exit status. */
int ebt_completion_print(const struct ebt_command *command, const struct ebt_option *option,
			 const char *shell);

/* Print the script of one shell to stdout. */
void ebt_completion_bash(void);
void ebt_completion_zsh(void);
void ebt_completion_fish(void);

#endif
