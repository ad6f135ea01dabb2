/* SPDX-License-Identifier: BSD-3-Clause */
/* completion_fish.c - the completion for fish: one `complete` a command and option. */
#include <stdio.h>

#include "cli/completion.h"

/* Print a text in single quotes. */
static void fish_text(const char *text)
{
	putchar('\'');
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\')
			putchar('\\');
		putchar(*text);
	}
	putchar('\'');
}

/* Print the functions that conditions call: __execbig_top_path prints how many operands were typed and
 * which command stands before them; the others tell whether it is a certain one. */
static void fish_functions(void)
{
	puts("function __execbig_top_path\n"
	     "    set -l path\n"
	     "    set -l operands 0\n"
	     "    set -l skip 0\n"
	     "    set -l words (commandline -opc)\n"
	     "    for word in $words[2..-1]\n"
	     "        if test $skip = 1\n"
	     "            set skip 0\n"
	     "            continue\n"
	     "        end\n"
	     "        switch $word\n"
	     "            case --\n"
	     "                test -n \"$path\"; or set operands command\n"
	     "                test -n \"$path\"; or break");
	fputs("            case", stdout);
	for (size_t i = 0; i < ebt_options_table_count; i++) {
		const struct ebt_option *o = &ebt_options_table[i];

		if (!o->arg || o->arg_optional)
			continue;
		printf(" --%s", o->name);
		if (o->letter)
			printf(" -%c", o->letter);
	}
	puts("\n                set skip 1\n"
	     "            case '-*'\n"
	     "            case '*'\n"
	     "                switch \"$path $word\"");
	fputs("                    case", stdout);
	for (int i = EBT_CMD_TRACE + 1; i < EBT_CMD_MAX; i++) {
		char path[EBT_COMMAND_PATH];

		printf(" '%s%s'", ebt_commands[i].parent == EBT_CMD_TRACE ? " " : "",
		       ebt_command_path(&ebt_commands[i], path));
	}
	puts("\n                        set path (string trim -- \"$path $word\")\n"
	     "                        set operands 0\n"
	     "                    case '*'\n"
	     "                        set operands (math $operands + 1)\n"
	     "                end\n"
	     "        end\n"
	     "    end\n"
	     "    echo $operands $path\n"
	     "end\n"
	     "function __execbig_top_in\n"
	     "    set -l at (string split -m 1 ' ' -- (__execbig_top_path))\n"
	     "    test \"$at[2]\" = \"$argv[1]\"; and test \"$at[1]\" != command\n"
	     "end\n"
	     "function __execbig_top_at\n"
	     "    __execbig_top_in $argv[1]; or return\n"
	     "    set -l at (string split -m 1 ' ' -- (__execbig_top_path))\n"
	     "    test $at[1] = $argv[2]; or test $argv[2] = many -a $at[1] -gt 0\n"
	     "end\n"
	     "function __execbig_top_command\n"
	     "    string match -q 'command*' -- (__execbig_top_path)\n"
	     "end\n"
	     "complete -c execbig-top -f\n"
	     "complete -c execbig-top -n __execbig_top_command -a '(__fish_complete_subcommand --commandline)'");
}

/* The path of a command as the functions above print it: nothing for the root. */
static const char *fish_path(const struct ebt_command *command, char out[EBT_COMMAND_PATH])
{
	if (command == &ebt_commands[EBT_CMD_TRACE]) {
		out[0] = '\0';
		return out;
	}
	return ebt_command_path(command, out);
}

/* Print what completes a value, as options of `complete`. */
static void fish_value(const struct ebt_words *words, enum ebt_complete complete)
{
	static const char *const calls[] = {
		[EBT_COMPLETE_USER] = "(__fish_complete_users)",
		[EBT_COMPLETE_GROUP] = "(__fish_complete_groups)",
		[EBT_COMPLETE_PROCESS] = "(__fish_complete_pids)",
		[EBT_COMPLETE_DIRECTORY] = "(__fish_complete_directories)",
		[EBT_COMPLETE_COMMAND] = NULL,
	};

	if (complete == EBT_COMPLETE_FILE)
		fputs(" -F", stdout);
	if (!words->count && !calls[complete])
		return;
	fputs(" -a '", stdout);
	for (int i = 0; i < words->count; i++)
		if (words->word(i))
			printf("%s ", words->word(i));
	printf("%s'", calls[complete] ? calls[complete] : "");
}

static void fish_options(const struct ebt_command *command)
{
	char path[EBT_COMMAND_PATH];

	fish_path(command, path);
	for (size_t i = 0; i < ebt_options_table_count; i++) {
		const struct ebt_option *o = &ebt_options_table[i];

		if (!ebt_option_belongs(o, command))
			continue;
		printf("complete -c execbig-top -n '__execbig_top_in \"%s\"' -l %s", path, o->name);
		if (o->letter)
			printf(" -s %c", o->letter);
		fputs(" -d ", stdout);
		fish_text(o->help);
		if (o->arg) {
			fputs(o->arg_optional			 ? ""
			      : o->complete == EBT_COMPLETE_FILE ? " -r"
								 : " -x",
			      stdout);
			fish_value(&o->words, o->complete);
		}
		putchar('\n');
	}
}

static void fish_operands(const struct ebt_command *command)
{
	char path[EBT_COMMAND_PATH];

	fish_path(command, path);
	for (int i = EBT_CMD_TRACE + 1; i < EBT_CMD_MAX; i++) {
		if (&ebt_commands[ebt_commands[i].parent] != command)
			continue;
		printf("complete -c execbig-top -n '__execbig_top_at \"%s\" 0' -a %s -d ", path,
		       ebt_commands[i].name);
		fish_text(ebt_commands[i].summary);
		putchar('\n');
	}
	for (int i = 0; i < EBT_OPERANDS_MAX && command->operands[i].name; i++) {
		const struct ebt_operand *o = &command->operands[i];

		if (o->complete == EBT_COMPLETE_COMMAND) {
			for (int k = EBT_CMD_TRACE + 1; k < EBT_CMD_MAX; k++)
				if (ebt_commands[k].parent == EBT_CMD_TRACE)
					printf("complete -c execbig-top -n '__execbig_top_at \"%s\" %d' -a %s\n",
					       path, i, ebt_commands[k].name);
			continue;
		}
		printf("complete -c execbig-top -n '__execbig_top_at \"%s\" %s'", path,
		       o->many && i ? "many"
		       : i	    ? "1"
				    : "0");
		fish_value(&o->words, o->complete);
		putchar('\n');
		if (o->many && !i)
			printf("complete -c execbig-top -n '__execbig_top_at \"%s\" many' -F\n",
			       path);
	}
}

void ebt_completion_fish(void)
{
	puts("# fish completion for execbig-top; printed by `execbig-top --print-completion fish`");
	fish_functions();
	for (int i = 0; i < EBT_CMD_MAX; i++) {
		fish_options(&ebt_commands[i]);
		fish_operands(&ebt_commands[i]);
	}
}
