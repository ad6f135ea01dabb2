/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * completion_bash.c - the completion for bash. The script needs nothing but bash: it looks for the
 * command among the words, then for what can stand at the cursor.
 */
#include <stdio.h>

#include "cli/completion.h"

/* Print the words of a value with blanks between them. */
static void bash_words(const struct ebt_words *words)
{
	for (int i = 0; i < words->count; i++)
		if (words->word(i))
			printf(" %s", words->word(i));
}

/* Return the option of compgen that completes a value. */
static const char *bash_action(enum ebt_complete complete)
{
	switch (complete) {
	case EBT_COMPLETE_FILE:
		return " -f";
	case EBT_COMPLETE_DIRECTORY:
		return " -d";
	case EBT_COMPLETE_USER:
		return " -u";
	case EBT_COMPLETE_GROUP:
		return " -g";
	default:
		return "";
	}
}

/* Print a function that sets options, those of a command. */
static void bash_options(void)
{
	char path[EBT_COMMAND_PATH];

	puts("_execbig_top_options() {\n\tcase $1 in");
	for (int c = 0; c < EBT_CMD_MAX; c++) {
		printf("\t'%s') options='", ebt_command_path(&ebt_commands[c], path));
		for (size_t i = 0; i < ebt_options_table_count; i++) {
			const struct ebt_option *o = &ebt_options_table[i];

			if (!ebt_option_belongs(o, &ebt_commands[c]))
				continue;
			printf(" --%s%s", o->name, o->arg && !o->arg_optional ? "=" : "");
		}
		puts("' ;;");
	}
	puts("\tesac\n}");
}

/* Print a function that sets words and action, which complete the value of an option, and takes: yes if
 * the value may be the next word, glued if it cannot. */
static void bash_values(void)
{
	char path[EBT_COMMAND_PATH];

	puts("_execbig_top_value() {\n\twords='' action='' takes=yes\n\tcase $1:$2 in");
	for (int c = 0; c < EBT_CMD_MAX; c++) {
		for (size_t i = 0; i < ebt_options_table_count; i++) {
			const struct ebt_option *o = &ebt_options_table[i];

			if (!ebt_option_belongs(o, &ebt_commands[c]) || !o->arg)
				continue;
			ebt_command_path(&ebt_commands[c], path);
			printf("\t'%s:--%s'", path, o->name);
			if (o->letter)
				printf(" | '%s:-%c'", path, o->letter);
			printf(") words='");
			bash_words(&o->words);
			printf("' action='%s'%s ;;\n", bash_action(o->complete),
			       o->arg_optional ? " takes=glued" : "");
		}
	}
	puts("\t*) takes= ;;\n\tesac\n}");
}

/* Print a function that sets words and action for the operand at a place behind a command. */
static void bash_operands(void)
{
	char path[EBT_COMMAND_PATH];

	puts("_execbig_top_operand() {\n\twords='' action=''\n\tcase $1:$2 in");
	for (int c = 0; c < EBT_CMD_MAX; c++) {
		const struct ebt_command *command = &ebt_commands[c];

		ebt_command_path(command, path);
		if (ebt_command_has_children(command)) {
			printf("\t'%s:0') words='", path);
			for (int i = EBT_CMD_TRACE + 1; i < EBT_CMD_MAX; i++)
				if (&ebt_commands[ebt_commands[i].parent] == command)
					printf(" %s", ebt_commands[i].name);
			puts("' ;;");
		}
		for (int i = 0; i < EBT_OPERANDS_MAX && command->operands[i].name; i++) {
			const struct ebt_operand *o = &command->operands[i];

			if (o->many)
				printf("\t'%s:'*) words='", path);
			else
				printf("\t'%s:%d') words='", path, i);
			bash_words(&o->words);
			if (o->complete == EBT_COMPLETE_COMMAND)
				for (int k = EBT_CMD_TRACE + 1; k < EBT_CMD_MAX; k++)
					if (ebt_commands[k].parent == EBT_CMD_TRACE)
						printf(" %s", ebt_commands[k].name);
			printf("' action='%s' ;;\n", bash_action(o->complete));
		}
	}
	puts("\tesac\n}");
}

/* This part does not depend on the tables. bash divides --name=value into three words. */
static const char bash_main[] =
	"_execbig_top() {\n"
	"\tlocal command=execbig-top cur=${COMP_WORDS[COMP_CWORD]} word value_of='' takes='' words action options\n"
	"\tlocal -i i=1 place=0\n"
	"\tCOMPREPLY=()\n"
	"\twhile ((i < COMP_CWORD)); do\n"
	"\t\tword=${COMP_WORDS[i]}\n"
	"\t\tif [[ $word == -- ]]; then\n"
	"\t\t\tif [[ $command == execbig-top ]]; then\n"
	"\t\t\t\tif ((i + 1 == COMP_CWORD)); then\n"
	"\t\t\t\t\tmapfile -t COMPREPLY < <(compgen -c -- \"$cur\")\n"
	"\t\t\t\telse\n"
	"\t\t\t\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
	"\t\t\t\tfi\n"
	"\t\t\t\treturn\n"
	"\t\t\tfi\n"
	"\t\telif [[ $word == -* ]]; then\n"
	"\t\t\t_execbig_top_value \"$command\" \"$word\"\n"
	"\t\t\tif [[ ${COMP_WORDS[i + 1]} == = ]]; then\n"
	"\t\t\t\tvalue_of=$word\n"
	"\t\t\t\ti+=2\n"
	"\t\t\t\t((i < COMP_CWORD)) && value_of=\n"
	"\t\t\telif [[ $takes == yes ]]; then\n"
	"\t\t\t\tvalue_of=$word\n"
	"\t\t\t\ti+=1\n"
	"\t\t\t\t((i < COMP_CWORD)) && value_of=\n"
	"\t\t\tfi\n"
	"\t\telif _execbig_top_is_command \"$command\" \"$word\"; then\n"
	"\t\t\tif [[ $command == execbig-top ]]; then command=$word; else command+=\" $word\"; fi\n"
	"\t\t\tplace=0\n"
	"\t\telse\n"
	"\t\t\tplace+=1\n"
	"\t\tfi\n"
	"\t\ti+=1\n"
	"\tdone\n"
	"\tif [[ -n $value_of ]]; then\n"
	"\t\t[[ $cur == = ]] && cur=\n"
	"\t\t_execbig_top_value \"$command\" \"$value_of\"\n"
	"\telif [[ $cur == -* ]]; then\n"
	"\t\t_execbig_top_options \"$command\"\n"
	"\t\tmapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$cur\")\n"
	"\t\t[[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null\n"
	"\t\treturn\n"
	"\telse\n"
	"\t\t_execbig_top_operand \"$command\" \"$place\"\n"
	"\tfi\n"
	"\t[[ $action == *-[fd] ]] && compopt -o filenames 2>/dev/null\n"
	"\t# shellcheck disable=SC2086 # action is one option or none\n"
	"\t[[ -n $words$action ]] && mapfile -t COMPREPLY < <(compgen -W \"$words\" $action -- \"$cur\")\n"
	"}\n"
	"complete -F _execbig_top execbig-top\n";

/* Print a function that tells whether a word names a command below the one that was found so far. */
static void bash_is_command(void)
{
	puts("_execbig_top_is_command() {\n\tcase $1:$2 in");
	for (int c = EBT_CMD_TRACE + 1; c < EBT_CMD_MAX; c++)
		printf("\t'%s:%s') return 0 ;;\n", ebt_commands[ebt_commands[c].parent].name,
		       ebt_commands[c].name);
	puts("\tesac\n\treturn 1\n}");
}

void ebt_completion_bash(void)
{
	puts("# bash completion for execbig-top; printed by `execbig-top --print-completion bash`");
	bash_options();
	bash_values();
	bash_operands();
	bash_is_command();
	fputs(bash_main, stdout);
}
