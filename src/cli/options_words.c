/* SPDX-License-Identifier: BSD-3-Clause */
/* options_words.c - the words that options and operands allow. */
#include "cli/options_words.h"

#include <stdio.h>
#include <string.h>

#include "groups/columns.h"

const char *ebt_words_list(const struct ebt_words *words, char *out, size_t len)
{
	int left = 0;
	size_t at = 0;

	for (int i = 0; i < words->count; i++)
		left += words->word(i) != NULL;
	out[0] = '\0';
	for (int i = 0; i < words->count && at < len; i++) {
		const char *word = words->word(i);

		if (!word)
			continue;
		left--;
		at += (size_t)snprintf(out + at, len - at, "%s%s", word,
				       left > 1	   ? ", "
				       : left == 1 ? " or "
						   : "");
	}
	return out;
}

int ebt_words_find(const struct ebt_words *words, const char *word)
{
	if (words->find)
		return words->find(word);
	for (int i = 0; i < words->count; i++)
		if (words->word(i) && strcmp(word, words->word(i)) == 0)
			return i;
	return -1;
}

const char *ebt_words_column(int value)
{
	return ebt_column_name((enum ebt_column)value);
}

const char *ebt_words_group_by(int value)
{
	return ebt_group_by_name((enum ebt_group_by)value);
}

const char *ebt_words_screen(int value)
{
	return ebt_screen_name((enum ebt_ui_screen)value);
}

const char *ebt_words_format(int value)
{
	static const char *const words[] = {
		[EBT_SINK_JSON] = "json",
		[EBT_SINK_ECS] = "ecs",
		[EBT_SINK_OCSF] = "ocsf",
	};

	return words[value];
}

const char *ebt_words_transport(int value)
{
	return value ? "perf" : "ring";
}

const char *ebt_words_headers(int value)
{
	static const char *const words[] = {
		[EBT_HEADERS_AUTO] = "auto",
		[EBT_HEADERS_BTF] = "btf",
		[EBT_HEADERS_KERNEL] = "kernel",
	};

	return words[value];
}

const char *ebt_words_export(int value)
{
	static const char *const words[] = {
		[EBT_EXPORT_PERFETTO] = "perfetto",
		[EBT_EXPORT_COMPILE_COMMANDS] = "compile-commands",
		[EBT_EXPORT_JSON] = "json",
		[EBT_EXPORT_CSV] = "csv",
	};

	return words[value];
}

const char *ebt_words_shell(int value)
{
	static const char *const words[] = {
		[EBT_SHELL_BASH] = "bash",
		[EBT_SHELL_ZSH] = "zsh",
		[EBT_SHELL_FISH] = "fish",
	};

	return words[value];
}

const char *ebt_words_response(int value)
{
	return value ? "default" : "kill";
}

const char *ebt_words_all(int value)
{
	return "all";
}

const char *ebt_words_filter(int value)
{
	return ebt_expr_keys[value].example;
}

const char *ebt_words_max(int value)
{
	return "max";
}

const char *ebt_words_count(int value)
{
	return "count";
}

const char *ebt_words_command(int value)
{
	return value && ebt_commands[value].parent == EBT_CMD_TRACE ? ebt_commands[value].name
								    : NULL;
}
