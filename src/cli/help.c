/* SPDX-License-Identifier: BSD-3-Clause */
/* help.c - print the help of a command from its row and the rows of its options. */
#include "cli/help.h"

#include <stdio.h>
#include <string.h>

#include "cli/options_table.h"
#include "cli/usage_errors.h"
#include "groups/columns.h"
#include "homeostasis/settings.h"
#include "sink/columns.h"

/* Columns of the terminal: texts end before HELP_WIDTH; the text of an option begins at HELP_TEXT. */
#define HELP_WIDTH 79
#define HELP_TEXT  29

/* Text that is being filled into lines. */
struct help_lines {
	size_t column; /* of the cursor */
	size_t indent; /* of the next line */
};

/* Print a word, with a blank before it, or in a new line if it does not fit into this one. */
static void help_word(struct help_lines *l, const char *word, size_t len)
{
	if (l->column > l->indent && l->column + 1 + len > HELP_WIDTH) {
		printf("\n%*s", (int)l->indent, "");
		l->column = l->indent;
	}
	if (l->column > l->indent) {
		putchar(' ');
		l->column++;
	}
	printf("%.*s", (int)len, word);
	l->column += len;
}

static void help_text(struct help_lines *l, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, " ");

		if (len)
			help_word(l, text, len);
		text += len;
		text += strspn(text, " ");
	}
}

/* Print a term at column 2 or 6 and the text beside it. */
static void help_entry(const char *term, const char *text)
{
	struct help_lines l = { .column = strlen(term), .indent = HELP_TEXT };

	fputs(term, stdout);
	if (l.column + 2 > HELP_TEXT) {
		putchar('\n');
		l.column = 0;
	}
	printf("%*s", (int)(HELP_TEXT - l.column), "");
	l.column = HELP_TEXT;
	help_text(&l, text);
	putchar('\n');
}

static void help_option(const struct ebt_option *option)
{
	char term[80];
	int n;

	if (option->letter)
		n = snprintf(term, sizeof(term), "  -%c, --%s", option->letter, option->name);
	else
		n = snprintf(term, sizeof(term), "      --%s", option->name);
	if (option->arg)
		snprintf(term + n, sizeof(term) - (size_t)n, option->arg_optional ? "[=%s]" : "=%s",
			 option->arg);
	help_entry(term, option->help);
}

/* Print the options of a command under the titles of their groups. */
static void help_options(const struct ebt_command *command)
{
	for (int group = 0; group < EBT_OPTG_MAX; group++) {
		bool titled = false;

		for (size_t i = 0; i < ebt_options_table_count; i++) {
			const struct ebt_option *option = &ebt_options_table[i];

			if ((int)option->group != group || !ebt_option_belongs(option, command))
				continue;
			if (!titled)
				printf("\n %s\n", ebt_option_group_title(option->group));
			titled = true;
			help_option(option);
		}
	}
}

/* Print the commands below one, under the titles of their groups. */
static void help_commands(const struct ebt_command *parent)
{
	int last = -1;

	for (int i = EBT_CMD_TRACE + 1; i < EBT_CMD_MAX; i++) {
		const struct ebt_command *command = &ebt_commands[i];
		char term[EBT_COMMAND_PATH];

		if (&ebt_commands[command->parent] != parent)
			continue;
		if ((int)command->group != last)
			printf("\n %s\n", ebt_command_group_title(command->group));
		last = (int)command->group;
		snprintf(term, sizeof(term), "  %s", command->name);
		help_entry(term, command->summary);
	}
}

/* Write how the operands are named in the usage: "PROFILE FILE...", and return out. */
static const char *operand_words(const struct ebt_command *command, char *out, size_t len)
{
	size_t at = 0;

	out[0] = '\0';
	for (int i = 0; i < EBT_OPERANDS_MAX && command->operands[i].name && at < len; i++) {
		const struct ebt_operand *o = &command->operands[i];

		at += (size_t)snprintf(out + at, len - at, " %s%s%s%s", o->optional ? "[" : "",
				       o->name, o->many ? "..." : "", o->optional ? "]" : "");
	}
	return out;
}

static void help_usage_line(const struct ebt_command *command)
{
	char path[EBT_COMMAND_PATH], operands[EBT_COMMAND_PATH];

	ebt_command_path(command, path);
	if (command == &ebt_commands[EBT_CMD_TRACE])
		puts("Usage: execbig-top [OPTION...] [-- COMMAND [ARG...]]\n"
		     "       execbig-top NAME [OPTION...], NAME one of the commands below");
	else if (ebt_command_has_children(command))
		printf("Usage: execbig-top %s NAME [OPTION...], NAME one of the commands below\n",
		       path);
	else
		printf("Usage: execbig-top %s [OPTION...]%s\n", path,
		       operand_words(command, operands, sizeof(operands)));
}

static void help_paragraph(const char *text)
{
	struct help_lines l = { 0 };

	help_text(&l, text);
	putchar('\n');
}

int ebt_help_print(const struct ebt_command *command, const struct ebt_option *option,
		   const char *arg)
{
	help_usage_line(command);
	help_paragraph(command->description);
	if (ebt_command_has_children(command))
		help_commands(command);
	help_options(command);
	if (command->more_help)
		command->more_help();
	if (command->examples)
		printf("\nExamples:\n%s", command->examples);
	if (command == &ebt_commands[EBT_CMD_TRACE]) {
		putchar('\n');
		help_paragraph(
			"Exit status: that of COMMAND if one was run; else 0, 1 failure, 2 wrong usage, 69 this kernel cannot, 77 not enough privilege.");
		help_paragraph(
			"`execbig-top NAME --help` and `execbig-top help NAME` describe a command.");
	}
	return EBT_EXIT_OK;
}

int ebt_help_run(const struct ebt_command_line *line)
{
	struct ebt_command_line found = { .command = &ebt_commands[EBT_CMD_TRACE] };

	for (int i = 0; i < line->operand_count; i++) {
		const char *word = line->operands[i];
		const struct ebt_command *child = ebt_command_find(found.command, word);

		if (!child) {
			ebt_usage_operand(&found, word);
			return EBT_EXIT_USAGE;
		}
		found.command = child;
	}
	return ebt_help_print(found.command, NULL, NULL);
}

int ebt_help_usage(const struct ebt_command *command, const struct ebt_option *option,
		   const char *arg)
{
	struct help_lines l = { .column = 0, .indent = 7 };
	char word[80], path[EBT_COMMAND_PATH];

	printf("Usage: execbig-top");
	l.column = 18;
	if (command != &ebt_commands[EBT_CMD_TRACE])
		help_text(&l, ebt_command_path(command, path));
	for (size_t i = 0; i < ebt_options_table_count; i++) {
		const struct ebt_option *o = &ebt_options_table[i];

		if (!ebt_option_belongs(o, command))
			continue;
		snprintf(word, sizeof(word), "[%s%s%s--%s%s%s%s]", o->letter ? "-" : "",
			 o->letter ? (char[]){ o->letter, '\0' } : "", o->letter ? "|" : "",
			 o->name,
			 o->arg_optional ? "[="
			 : o->arg	 ? "="
					 : "",
			 o->arg ? o->arg : "", o->arg_optional ? "]" : "");
		help_word(&l, word, strlen(word));
	}
	if (command == &ebt_commands[EBT_CMD_TRACE])
		help_text(&l, "[-- COMMAND [ARG...]]");
	else if (ebt_command_has_children(command))
		help_text(&l, "NAME");
	else
		help_text(&l, operand_words(command, word, sizeof(word)));
	putchar('\n');
	return EBT_EXIT_OK;
}

int ebt_help_version(const struct ebt_command *command, const struct ebt_option *option,
		     const char *arg)
{
	printf("execbig-top %s\n", EBT_VERSION);
	return EBT_EXIT_OK;
}

static void help_line_columns(const char *title, enum ebt_sink_format format)
{
	struct ebt_sink_column all[EBT_SINK_COLUMNS_MAX];
	unsigned count = ebt_sink_columns_of(format, all);

	printf("\n%s\n", title);
	for (unsigned i = 0; i < count; i++)
		printf("%-15s %s\n", all[i].name, all[i].help);
}

int ebt_help_columns(const struct ebt_command *command, const struct ebt_option *option,
		     const char *arg)
{
	puts("Groups:");
	for (int i = 0; i < EBT_COL_MAX; i++)
		printf("%-10s %s\n", ebt_column_name((enum ebt_column)i),
		       ebt_column_help((enum ebt_column)i));
	help_line_columns("Lines of -e:", EBT_SINK_TEXT);
	help_line_columns("Lines of --csv (docs/json.md):", EBT_SINK_CSV);
	return EBT_EXIT_OK;
}

void ebt_help_settings(void)
{
	struct ebt_ph_settings s;
	const char *text;

	ebt_ph_settings_default(&s);
	puts("\n Settings, as ebpH names them:");
	for (size_t i = 0; ebt_ph_setting_name(i, &text); i++) {
		char term[64], value[128];

		snprintf(term, sizeof(term), "  %s", ebt_ph_setting_name(i, NULL));
		snprintf(value, sizeof(value), "%s (%llu)", text,
			 (unsigned long long)ebt_ph_setting_get(&s, i));
		help_entry(term, value);
	}
}
