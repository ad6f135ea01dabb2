/* SPDX-License-Identifier: BSD-3-Clause */
/* completion_zsh.c - the completion for zsh: one call of _arguments a command. */
#include <stdio.h>
#include <string.h>

#include "cli/completion.h"

/* Print a text for a specification of _arguments in single quotes. */
static void zsh_text(const char *text)
{
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\''", stdout);
		else if (strchr("[]:\\", *text))
			printf("\\%c", *text);
		else
			putchar(*text);
	}
}

static void zsh_words(const struct ebt_words *words)
{
	const char *blank = "";

	for (int i = 0; i < words->count; i++) {
		if (!words->word(i))
			continue;
		printf("%s%s", blank, words->word(i));
		blank = " ";
	}
}

/* Print the action that completes a value. Words and files at once are an alternative; the blank before
 * it keeps _arguments from adding options of its own. */
static void zsh_action(const struct ebt_words *words, enum ebt_complete complete)
{
	static const char *const actions[] = {
		[EBT_COMPLETE_NOTHING] = " ",
		[EBT_COMPLETE_FILE] = "_files",
		[EBT_COMPLETE_DIRECTORY] = "_files -/",
		[EBT_COMPLETE_USER] = "_users",
		[EBT_COMPLETE_GROUP] = "_groups",
		[EBT_COMPLETE_PROCESS] = "_pids",
		[EBT_COMPLETE_COMMAND] = "_execbig-top_names",
	};

	if (!words->count) {
		fputs(actions[complete], stdout);
	} else if (complete == EBT_COMPLETE_NOTHING) {
		putchar('(');
		zsh_words(words);
		putchar(')');
	} else {
		fputs(" _alternative \"words\\:word\\:(", stdout);
		zsh_words(words);
		printf(")\" \"files\\:file\\:%s\"", actions[complete]);
	}
}

static void zsh_option(const struct ebt_option *o)
{
	fputs("\t\t", stdout);
	if (o->letter)
		printf("'(-%c --%s)'{-%c%s,--%s%s}'[", o->letter, o->name, o->letter,
		       o->arg && !o->arg_optional ? "+" : "", o->name,
		       o->arg_optional ? "=-"
		       : o->arg	       ? "="
				       : "");
	else
		printf("'--%s%s[", o->name, o->arg_optional ? "=-" : o->arg ? "=" : "");
	zsh_text(o->help);
	putchar(']');
	if (o->arg) {
		fputs(o->arg_optional ? "::" : ":", stdout);
		zsh_text(o->arg);
		putchar(':');
		zsh_action(&o->words, o->complete);
	}
	puts("' \\");
}

/* Print a function that lists the commands below one. */
static void zsh_names(const struct ebt_command *parent, const char *suffix)
{
	printf("_execbig-top_names%s() {\n\tlocal -a names=(\n", suffix);
	for (int i = EBT_CMD_TRACE + 1; i < EBT_CMD_MAX; i++) {
		if (&ebt_commands[ebt_commands[i].parent] != parent)
			continue;
		printf("\t\t'%s:", ebt_commands[i].name);
		zsh_text(ebt_commands[i].summary);
		puts("'");
	}
	puts("\t)\n\t_describe command names\n}");
}

/* Name the function that completes a command. */
static const char *zsh_function(const struct ebt_command *command, char out[2 * EBT_COMMAND_PATH])
{
	char path[EBT_COMMAND_PATH];

	if (command == &ebt_commands[EBT_CMD_TRACE])
		snprintf(out, 2 * EBT_COMMAND_PATH, "_execbig-top_main");
	else
		snprintf(out, 2 * EBT_COMMAND_PATH, "_execbig-top_%s",
			 ebt_command_path(command, path));
	for (char *at = out; *at; at++)
		if (*at == ' ')
			*at = '-';
	return out;
}

/* Print the end of the function of a command with others below it: go on with that command. */
static void zsh_children(const struct ebt_command *command)
{
	char function[2 * EBT_COMMAND_PATH];

	printf("\t\t'1:command:_execbig-top_names%s' \\\n\t\t'*::operand:->below'\n",
	       command == &ebt_commands[EBT_CMD_TRACE] ? "" : "_below");
	puts("\t[[ $state == below ]] || return\n\tcase $line[1] in");
	for (int i = EBT_CMD_TRACE + 1; i < EBT_CMD_MAX; i++)
		if (&ebt_commands[ebt_commands[i].parent] == command)
			printf("\t%s) %s ;;\n", ebt_commands[i].name,
			       zsh_function(&ebt_commands[i], function));
	puts("\tesac\n}");
}

static void zsh_command(const struct ebt_command *command)
{
	char function[2 * EBT_COMMAND_PATH];
	bool children = ebt_command_has_children(command);

	printf("%s() {\n\tlocal curcontext=$curcontext state line\n\t_arguments -s -S -C : \\\n",
	       zsh_function(command, function));
	for (size_t i = 0; i < ebt_options_table_count; i++)
		if (ebt_option_belongs(&ebt_options_table[i], command))
			zsh_option(&ebt_options_table[i]);
	if (children) {
		zsh_children(command);
		return;
	}
	for (int i = 0; i < EBT_OPERANDS_MAX && command->operands[i].name; i++) {
		const struct ebt_operand *o = &command->operands[i];

		printf("\t\t'%s%s", o->many ? "*" : i ? "2" : "1", o->optional ? "::" : ":");
		zsh_text(o->name);
		putchar(':');
		zsh_action(&o->words, o->complete);
		puts("' \\");
	}
	puts("\t\t&& return\n}");
}

void ebt_completion_zsh(void)
{
	puts("#compdef execbig-top\n"
	     "# zsh completion for execbig-top; printed by `execbig-top --print-completion zsh`");
	zsh_names(&ebt_commands[EBT_CMD_TRACE], "");
	zsh_names(&ebt_commands[EBT_CMD_HOMEOSTASIS], "_below");
	for (int i = 0; i < EBT_CMD_MAX; i++)
		zsh_command(&ebt_commands[i]);
	/* What stands behind -- is another program's command line. */
	puts("_execbig-top() {\n"
	     "\tlocal -i dashes=${words[(i)--]}\n"
	     "\tif ((dashes < CURRENT)); then\n"
	     "\t\twords=(\"${(@)words[dashes + 1, -1]}\")\n"
	     "\t\t((CURRENT -= dashes))\n"
	     "\t\t_normal\n"
	     "\t\treturn\n"
	     "\tfi\n"
	     "\t_execbig-top_main\n"
	     "}\n"
	     "if [[ $zsh_eval_context[-1] == loadautofunc ]]; then\n"
	     "\t_execbig-top \"$@\"\n"
	     "else\n"
	     "\tcompdef _execbig-top execbig-top\n"
	     "fi");
}
