/* SPDX-License-Identifier: BSD-3-Clause */
/* help.h - the answers to --help, --usage, --version and --list-columns, from the tables. */
#ifndef EBT_CLI_HELP_H
#define EBT_CLI_HELP_H

#include "cli/command_line.h"

struct ebt_option;

/* Answers of options (see struct ebt_option): print to stdout and return the exit status. */
int ebt_help_print(const struct ebt_command *command, const struct ebt_option *option,
		   const char *arg);
int ebt_help_usage(const struct ebt_command *command, const struct ebt_option *option,
		   const char *arg);
int ebt_help_version(const struct ebt_command *command, const struct ebt_option *option,
		     const char *arg);
int ebt_help_columns(const struct ebt_command *command, const struct ebt_option *option,
		     const char *arg);

/* Run `help [COMMAND [SUBCOMMAND]]`. */
int ebt_help_run(const struct ebt_command_line *line);

/* Print the settings of homeostasis with their defaults. */
void ebt_help_settings(void);

#endif
