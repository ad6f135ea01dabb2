/* SPDX-License-Identifier: BSD-3-Clause */
/* options_words.h - the words that options and operands allow, for the tables. */
#ifndef EBT_CLI_OPTIONS_WORDS_H
#define EBT_CLI_OPTIONS_WORDS_H

#include "cli/commands.h"
#include "expr/keys.h"
#include "groups/columns.h"

/* Initialisers of struct ebt_words. */
#define EBT_WORDS_COLUMNS                                      \
	{                                                      \
		ebt_words_column, EBT_COL_MAX, ebt_column_find \
	}
#define EBT_WORDS_GROUP_BY                           \
	{                                            \
		ebt_words_group_by, EBT_GROUP_BY_MAX \
	}
#define EBT_WORDS_SCREENS                         \
	{                                         \
		ebt_words_screen, EBT_SCREEN_TABS \
	}
#define EBT_WORDS_FORMATS                           \
	{                                           \
		ebt_words_format, EBT_SINK_OCSF + 1 \
	}
#define EBT_WORDS_TRANSPORTS           \
	{                              \
		ebt_words_transport, 2 \
	}
#define EBT_WORDS_HEADERS                          \
	{                                          \
		ebt_words_headers, EBT_HEADERS_DIR \
	}
#define EBT_WORDS_EXPORTS                            \
	{                                            \
		ebt_words_export, EBT_EXPORT_CSV + 1 \
	}
#define EBT_WORDS_SHELLS                       \
	{                                      \
		ebt_words_shell, EBT_SHELL_MAX \
	}
#define EBT_WORDS_RESPONSES           \
	{                             \
		ebt_words_response, 2 \
	}
#define EBT_WORDS_ALL            \
	{                        \
		ebt_words_all, 1 \
	}
#define EBT_WORDS_FILTER                          \
	{                                         \
		ebt_words_filter, EBT_EXPR_FIELDS \
	}
#define EBT_WORDS_MAX            \
	{                        \
		ebt_words_max, 1 \
	}
#define EBT_WORDS_COUNT            \
	{                          \
		ebt_words_count, 1 \
	}
#define EBT_WORDS_COMMANDS                     \
	{                                      \
		ebt_words_command, EBT_CMD_MAX \
	}

/* Shells that completions are printed for. */
enum ebt_shell { EBT_SHELL_BASH, EBT_SHELL_ZSH, EBT_SHELL_FISH, EBT_SHELL_MAX };

/* Each returns the word of a value that is below its count, or NULL where the value has none. */
const char *ebt_words_column(int value);
const char *ebt_words_group_by(int value);
const char *ebt_words_screen(int value);
const char *ebt_words_format(int value);
const char *ebt_words_transport(int value);
const char *ebt_words_headers(int value);
const char *ebt_words_export(int value);
const char *ebt_words_shell(int value);
const char *ebt_words_response(int value);
const char *ebt_words_all(int value);
/* The examples of the keys of filters. */
const char *ebt_words_filter(int value);
const char *ebt_words_max(int value);
const char *ebt_words_count(int value);
const char *ebt_words_command(int value);

#endif
