/* SPDX-License-Identifier: BSD-3-Clause */
#include "cli/usage_errors.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/log.h"
#include "cli/suggest.h"

/* How the help of a command is asked for: "execbig-top export --help". */
static const char *usage_help_of(const struct ebt_command *command, char *out, size_t len)
{
	char path[EBT_COMMAND_PATH];

	if (command == &ebt_commands[EBT_CMD_TRACE])
		snprintf(out, len, "execbig-top --help");
	else
		snprintf(out, len, "execbig-top %s --help", ebt_command_path(command, path));
	return out;
}

const struct ebt_operand *ebt_operand_at(const struct ebt_command *command, int place)
{
	const struct ebt_operand *last = NULL;

	for (int i = 0; i < EBT_OPERANDS_MAX && command->operands[i].name; i++) {
		last = &command->operands[i];
		if (i == place)
			return last;
	}
	return last && last->many ? last : NULL;
}

/* Append the names of the commands that take an option, "demo" or "ps, status and save". */
static void usage_takers(const char *name, char letter, struct ebt_buf *out)
{
	uint64_t takers = 0;
	char path[EBT_COMMAND_PATH];

	for (size_t i = 0; i < ebt_options_table_count; i++) {
		const struct ebt_option *option = &ebt_options_table[i];

		if (name ? strcmp(option->name, name) == 0 : option->letter == letter)
			takers |= option->commands;
	}
	for (int i = 0; i < EBT_CMD_MAX; i++) {
		uint64_t left;

		if (!(takers & EBT_CMD_BIT(i)))
			continue;
		left = takers & ~(EBT_CMD_BIT(i + 1) - 1);
		ebt_buf_printf(out, "%s%s", ebt_command_path(&ebt_commands[i], path),
			       !left		   ? ""
			       : left & (left - 1) ? ", "
						   : " and ");
	}
}

/* Say that an option is none of this command's, which other commands take it, or which one was
 * probably meant. shown is the option as it was typed, with dashes. */
static void usage_unknown_option(const struct ebt_command *command, const char *shown,
				 const char *name, char letter)
{
	struct ebt_suggestion s = { .typed = name, .len = name ? strlen(name) : 0 };
	_cleanup_buf_ struct ebt_buf takers = { 0 };
	char path[EBT_COMMAND_PATH], help[EBT_COMMAND_PATH + 32];
	bool root = command == &ebt_commands[EBT_CMD_TRACE];

	usage_help_of(command, help, sizeof(help));
	usage_takers(name, letter, &takers);
	if (takers.len && command->refusal &&
	    (!name || ebt_option_find(&ebt_commands[EBT_CMD_TRACE], name))) {
		ebt_error("%s %s; `%s` lists what can be", shown, command->refusal, help);
	} else if (takers.len) {
		ebt_error("%s is not an option of %s, but of %.*s: `%s` lists those that are",
			  shown, ebt_command_path(command, path), (int)takers.len, takers.data,
			  help);
	} else {
		for (size_t i = 0; name && i < ebt_options_table_count; i++)
			if (ebt_option_belongs(&ebt_options_table[i], command))
				ebt_suggest_offer(&s, ebt_options_table[i].name);
		if (s.word)
			ebt_error("unknown option '%s': did you mean '--%s'?", shown, s.word);
		else
			ebt_error("unknown option '%s'%s%s: `%s` lists the options", shown,
				  root ? "" : " of ", root ? "" : ebt_command_path(command, path),
				  help);
	}
}

/* Say the same of a short option, with the long name that it has elsewhere. */
static void usage_unknown_letter(const struct ebt_command *command, char letter)
{
	char form[EBT_OPTION_FORM] = { '-', letter, '\0' };

	for (size_t i = 0; i < ebt_options_table_count; i++) {
		if (ebt_options_table[i].letter == letter) {
			usage_unknown_option(command, ebt_option_form(&ebt_options_table[i], form),
					     NULL, letter);
			return;
		}
	}
	usage_unknown_option(command, form, NULL, letter);
}

/* If a beginning fits several options of the command, name them and return true. */
static bool usage_ambiguous_option(const struct ebt_command *command, const char *shown,
				   const char *name)
{
	_cleanup_buf_ struct ebt_buf fits = { 0 };
	unsigned n = 0;

	for (size_t i = 0; i < ebt_options_table_count; i++) {
		const struct ebt_option *option = &ebt_options_table[i];

		if (!ebt_option_belongs(option, command) ||
		    strncmp(option->name, name, strlen(name)) != 0)
			continue;
		ebt_buf_printf(&fits, "%s--%s", n++ ? ", " : "", option->name);
	}
	if (n < 2)
		return false;
	ebt_error("'%s' can be %.*s: write more of the one you mean", shown, (int)fits.len,
		  fits.data ? fits.data : "");
	return true;
}

void ebt_usage_option(const struct ebt_command *command, bool missing, int letter, const char *word,
		      const struct ebt_option *known)
{
	const char *eq = word ? strchr(word, '=') : NULL;
	_cleanup_buf_ struct ebt_buf shown = { 0 };
	const char *name;
	char form[EBT_OPTION_FORM];

	if (missing && known) {
		ebt_error("%s wants an argument, %s: %s", ebt_option_form(known, form), known->arg,
			  known->help);
		return;
	}
	if (known) {
		ebt_error("--%s takes no argument, and '%s' is one: leave it out", known->name,
			  eq ? eq + 1 : "");
		return;
	}
	if (!word) {
		usage_unknown_letter(command, (char)letter);
		return;
	}
	/* Of --scrach=8K the name alone. */
	ebt_buf_append(&shown, word, eq ? (size_t)(eq - word) : strlen(word));
	ebt_buf_append(&shown, "", 1);
	if (shown.error) {
		ebt_error("out of memory");
		return;
	}
	name = shown.data + strspn(shown.data, "-");
	if (!usage_ambiguous_option(command, shown.data, name))
		usage_unknown_option(command, shown.data, name, 0);
}

/* A word that stands where a command of the root, or of a command with commands below it, can. */
static void usage_unknown_command(const struct ebt_command *parent, const char *word)
{
	struct ebt_suggestion s = { .typed = word, .len = strlen(word) };
	char path[EBT_COMMAND_PATH], help[EBT_COMMAND_PATH + 32];
	bool root = parent == &ebt_commands[EBT_CMD_TRACE];

	for (int i = EBT_CMD_TRACE + 1; i < EBT_CMD_MAX; i++)
		if (&ebt_commands[ebt_commands[i].parent] == parent)
			ebt_suggest_offer(&s, ebt_commands[i].name);
	ebt_command_path(parent, path);
	usage_help_of(parent, help, sizeof(help));
	if (s.word && root)
		ebt_error(
			"'%s' is no command of %s: did you mean '%s'? To run and trace a program of that name, write -- %s",
			word, path, s.word, word);
	else if (root)
		ebt_error(
			"'%s' is no command of %s (`%s` lists them): to run and trace a program of that name, write -- %s",
			word, path, help, word);
	else if (s.word)
		ebt_error("'%s' is no command of %s: did you mean '%s'?", word, path, s.word);
	else
		ebt_error("'%s' is no command of %s: `%s` lists them", word, path, help);
}

void ebt_usage_operand(const struct ebt_command_line *line, const char *word)
{
	const struct ebt_command *command = line->command;
	char path[EBT_COMMAND_PATH];

	ebt_command_path(command, path);
	if (ebt_command_has_children(command))
		usage_unknown_command(command, word);
	else if (!command->operands[0].name && command->group == EBT_CMDG_TRACING)
		ebt_error(
			"'%s' is one operand too many: %s takes none; to trace a program write execbig-top -- %s, without %s",
			word, path, word, path);
	else if (!command->operands[0].name)
		ebt_error("'%s' is one operand too many: %s takes none", word, path);
	else
		ebt_error("'%s' is one operand too many: %s takes %s%s%s alone", word, path,
			  command->operands[0].name, command->operands[1].name ? " and " : "",
			  command->operands[1].name ? command->operands[1].name : "");
}

void ebt_usage_operand_word(const struct ebt_command *command, const struct ebt_operand *operand,
			    const char *word)
{
	const char *meant = ebt_suggest_word(&operand->words, word);
	char words[256], path[EBT_COMMAND_PATH];

	ebt_words_list(&operand->words, words, sizeof(words));
	if (meant)
		ebt_error("%s of %s cannot be '%s': allowed are %s; did you mean '%s'?",
			  operand->name, ebt_command_path(command, path), word, words, meant);
	else
		ebt_error("%s of %s cannot be '%s': allowed are %s", operand->name,
			  ebt_command_path(command, path), word, words);
}

/* Say which commands stand below one that was given without any. */
static void usage_missing_command(const struct ebt_command *parent)
{
	_cleanup_buf_ struct ebt_buf names = { 0 };
	char help[EBT_COMMAND_PATH + 32];

	for (int i = EBT_CMD_TRACE + 1; i < EBT_CMD_MAX; i++)
		if (&ebt_commands[ebt_commands[i].parent] == parent)
			ebt_buf_printf(&names, "%s%s", names.len ? " or " : "",
				       ebt_commands[i].name);
	ebt_error("%s wants a command behind it: %.*s; see `%s`", parent->name, (int)names.len,
		  names.data ? names.data : "", usage_help_of(parent, help, sizeof(help)));
}

bool ebt_usage_operands_complete(const struct ebt_command_line *line)
{
	const struct ebt_command *command = line->command;
	const struct ebt_operand *next;
	char path[EBT_COMMAND_PATH], help[EBT_COMMAND_PATH + 32], words[256] = "";

	if (command != &ebt_commands[EBT_CMD_TRACE] && ebt_command_has_children(command)) {
		usage_missing_command(command);
		return false;
	}
	if (line->operand_count >= EBT_OPERANDS_MAX)
		return true;
	next = &command->operands[line->operand_count];
	if (!next->name || next->optional)
		return true;
	if (next->words.count)
		ebt_words_list(&next->words, words, sizeof(words));
	ebt_error("%s wants %s, %s%s%s: see `%s`", ebt_command_path(command, path), next->name,
		  next->help, words[0] ? ": " : "", words,
		  usage_help_of(command, help, sizeof(help)));
	return false;
}
