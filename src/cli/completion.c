/* SPDX-License-Identifier: BSD-3-Clause */
#include "cli/completion.h"

#include "cli/options_words.h"

int ebt_completion_print(const struct ebt_command *command, const struct ebt_option *option,
			 const char *shell)
{
	static void (*const print[EBT_SHELL_MAX])(void) = {
		[EBT_SHELL_BASH] = ebt_completion_bash,
		[EBT_SHELL_ZSH] = ebt_completion_zsh,
		[EBT_SHELL_FISH] = ebt_completion_fish,
	};
	int value = ebt_words_find(&option->words, shell);
	char words[64];

	if (value < 0) {
		ebt_option_bad(option, shell, "allowed are %s",
			       ebt_words_list(&option->words, words, sizeof(words)));
		return EBT_EXIT_USAGE;
	}
	print[value]();
	return EBT_EXIT_OK;
}
