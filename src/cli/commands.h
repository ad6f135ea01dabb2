/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * commands.h - the tree of commands: one row of commands.c describes one command.
 *
 * The program itself is the root of the tree; it traces. A row names its parent, so that a word of
 * the command line leads to a command, and the next word to a command below it.
 */
#ifndef EBT_CLI_COMMANDS_H
#define EBT_CLI_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/options.h"

enum ebt_command_id {
	EBT_CMD_TRACE, /* the root: execbig-top without a command's name */
	EBT_CMD_CHECK,
	EBT_CMD_DEMO,
	EBT_CMD_EXPORT,
	EBT_CMD_TUNE,
	EBT_CMD_HELP,
	EBT_CMD_DAEMON,
	EBT_CMD_ATTACH,
	EBT_CMD_PS,
	EBT_CMD_PROFILES,
	EBT_CMD_STATUS,
	EBT_CMD_INSPECT,
	EBT_CMD_NORMALIZE,
	EBT_CMD_SENSITIZE,
	EBT_CMD_TOLERIZE,
	EBT_CMD_RESPOND,
	EBT_CMD_SET,
	EBT_CMD_SAVE,
	EBT_CMD_HOMEOSTASIS,
	EBT_CMD_TRAIN,
	EBT_CMD_TEST,
	EBT_CMD_MAX,
};

/* Sets of commands, for the rows of options. */
#define EBT_CMD_BIT(id) (UINT64_C(1) << (id))
#define EBT_CMD_ALL	(EBT_CMD_BIT(EBT_CMD_MAX) - 1)

/* Sections of the list of commands. */
enum ebt_command_group {
	EBT_CMDG_NONE, /* not in the list: the root, and commands below another one */
	EBT_CMDG_TRACING,
	EBT_CMDG_HOMEOSTASIS,
	EBT_CMDG_MAX,
};
const char *ebt_command_group_title(enum ebt_command_group group);

/* Allowed words: value v has the word word(v), or none where that is NULL; v < count. */
struct ebt_words {
	const char *(*word)(int value);
	int count;
	/* Return the value of a word, also of one that only earlier versions had, or -1. NULL: no word has changed. */
	int (*find)(const char *word);
};
/* Write all words as "a, b or c" and return out. */
const char *ebt_words_list(const struct ebt_words *words, char *out, size_t len);
/* Return the value with that word, or -1. */
int ebt_words_find(const struct ebt_words *words, const char *word);

/* What a shell offers where a value stands, beside the allowed words. */
enum ebt_complete {
	EBT_COMPLETE_NOTHING,
	EBT_COMPLETE_FILE,
	EBT_COMPLETE_DIRECTORY,
	EBT_COMPLETE_USER,
	EBT_COMPLETE_GROUP,
	EBT_COMPLETE_PROCESS,
	EBT_COMPLETE_COMMAND, /* the name of a command of this program */
};

/* A word behind the command's name that is no option. */
struct ebt_operand {
	const char *name; /* in the usage; NULL: the row has no such operand */
	const char *help; /* what it is, as the end of "export wants FORMAT, …" */
	bool optional;
	bool many; /* one or more; only the last operand may be that */
	bool open; /* other values than words are allowed too */
	struct ebt_words words;
	enum ebt_complete complete;
};
#define EBT_OPERANDS_MAX 2

struct ebt_command {
	const char *name;
	enum ebt_command_id parent; /* the root is its own parent */
	enum ebt_command_group group;
	const char *summary;	 /* one line of the list of commands */
	const char *description; /* paragraphs for the command's own help */
	const char *examples;	 /* lines that are printed as they are; NULL: none */
	const char *refusal; /* ends "--delay …" when the root takes an option and this command
				  * does not; NULL: the usual words */
	struct ebt_operand operands[EBT_OPERANDS_MAX];
	enum ebt_mode mode;	 /* of struct ebt_options */
	void (*more_help)(void); /* print a section of the command's own; NULL: none */
};

/* By id. */
extern const struct ebt_command ebt_commands[EBT_CMD_MAX];

enum ebt_command_id ebt_command_id(const struct ebt_command *command);
/* Return the command of that name below parent, or NULL. */
const struct ebt_command *ebt_command_find(const struct ebt_command *parent, const char *name);
bool ebt_command_has_children(const struct ebt_command *command);
/* Return the set of the command and of all below it. */
uint64_t ebt_command_family(const struct ebt_command *command);
#define EBT_COMMAND_PATH 64
/* Write the words that lead to the command, "homeostasis train" for one, and return out. The root
 * has none: its path is "execbig-top". */
const char *ebt_command_path(const struct ebt_command *command, char out[EBT_COMMAND_PATH]);

#endif
