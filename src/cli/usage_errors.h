/* SPDX-License-Identifier: BSD-3-Clause */
/* usage_errors.h - say in one sentence what is wrong with a word of the command line. */
#ifndef EBT_CLI_USAGE_ERRORS_H
#define EBT_CLI_USAGE_ERRORS_H

#include "cli/command_line.h"
#include "cli/options_table.h"

/* Return the operand that stands at a place behind the command, or NULL. */
const struct ebt_operand *ebt_operand_at(const struct ebt_command *command, int place);

/* An option that getopt refused: known is its row if the command has it. missing: its argument is. A
 * long option is given as it was typed; word is NULL for a short one, whose letter is given. */
void ebt_usage_option(const struct ebt_command *command, bool missing, int letter, const char *word,
		      const struct ebt_option *known);
/* A word that is no operand: no command has this name, or there is one too many. */
void ebt_usage_operand(const struct ebt_command_line *line, const char *word);
/* The operand is not one of the words that are allowed. */
void ebt_usage_operand_word(const struct ebt_command *command, const struct ebt_operand *operand,
			    const char *word);
/* Return true if no operand is missing; else say which. */
bool ebt_usage_operands_complete(const struct ebt_command_line *line);

#endif
