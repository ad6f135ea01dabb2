/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * options_table.h - the table of options: one row holds an option's names, argument, help, the
 * commands that take it, and its setter.
 */
#ifndef EBT_CLI_OPTIONS_TABLE_H
#define EBT_CLI_OPTIONS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/command_line.h"

/* Sections of the help, in their order. */
enum ebt_option_group {
	EBT_OPTG_OUTPUT,
	EBT_OPTG_WHAT,
	EBT_OPTG_BUFFERS,
	EBT_OPTG_COMPILE,
	EBT_OPTG_FILES,
	EBT_OPTG_LOOKS,
	EBT_OPTG_LESSON,
	EBT_OPTG_DAEMON,
	EBT_OPTG_HELP,
	EBT_OPTG_MAX,
};
const char *ebt_option_group_title(enum ebt_option_group group);

struct ebt_option;
/* Set the value; arg is NULL when the option takes none or it was left out. Return false if the
 * value is not allowed; ebt_option_bad was called then. */
typedef bool (*ebt_option_set_fn)(struct ebt_command_line *line, const struct ebt_option *option,
				  const char *arg);

struct ebt_option {
	const char *name; /* without dashes */
	char letter;	  /* of the short form; 0: there is none */
	const char *arg;  /* its name in the help; NULL: the option takes none */
	bool arg_optional;
	uint64_t commands; /* EBT_CMD_BIT of each command that takes it */
	enum ebt_option_group group;
	const char *help;
	ebt_option_set_fn set; /* exactly one of set and answer is not NULL */
	/* Print the answer to a question such as --help; the run ends then. arg as for set. Return
	 * the exit status. */
	int (*answer)(const struct ebt_command *command, const struct ebt_option *option,
		      const char *arg);
	size_t offset, size;	/* of the value in struct ebt_command_line */
	size_t given;		/* offset of a bool that says that the option was given; 0: none */
	struct ebt_words words; /* allowed words; others may be allowed beside them (open) */
	bool open;
	enum ebt_complete complete;
	union {
		struct {
			uint64_t min, max, multiple;
		} range;   /* multiple: of what; a power of two is asked for when it is 0 */
		int value; /* for setters of options without an argument */
	};
};

extern const struct ebt_option ebt_options_table[];
extern const size_t ebt_options_table_count;

/* Return the option of a command by its long name, or NULL. */
const struct ebt_option *ebt_option_find(const struct ebt_command *command, const char *name);
bool ebt_option_belongs(const struct ebt_option *option, const struct ebt_command *command);

#define EBT_OPTION_FORM 64
/* Write the option as messages name it, "-b/--batch" or "--csv", and return out. */
const char *ebt_option_form(const struct ebt_option *option, char out[EBT_OPTION_FORM]);

/* Print that a value is not allowed, with the option, the value and what is allowed; if words are
 * given, also the one that was probably meant. Return false. */
bool ebt_option_bad(const struct ebt_option *option, const char *arg, const char *allowed, ...)
	__attribute__((format(printf, 3, 4)));

/* options_values.c: numbers, sizes and texts. */
bool ebt_option_set_flag(struct ebt_command_line *line, const struct ebt_option *option,
			 const char *arg);
bool ebt_option_set_value(struct ebt_command_line *line, const struct ebt_option *option,
			  const char *arg);
bool ebt_option_set_text(struct ebt_command_line *line, const struct ebt_option *option,
			 const char *arg);
bool ebt_option_set_size(struct ebt_command_line *line, const struct ebt_option *option,
			 const char *arg);
bool ebt_option_set_auto(struct ebt_command_line *line, const struct ebt_option *option,
			 const char *arg);
bool ebt_option_set_limit(struct ebt_command_line *line, const struct ebt_option *option,
			  const char *arg);
bool ebt_option_set_number(struct ebt_command_line *line, const struct ebt_option *option,
			   const char *arg);
bool ebt_option_set_seconds(struct ebt_command_line *line, const struct ebt_option *option,
			    const char *arg);
/* Store an integer at the option's offset, in as many bytes as the member has. */
void ebt_option_store(struct ebt_command_line *line, const struct ebt_option *option,
		      uint64_t value);
/* Decimal seconds to nanoseconds. */
bool ebt_option_seconds(const char *text, uint64_t *out_ns);
bool ebt_option_fraction(const char *digits, size_t len, uint64_t *out_ns);

/* options_choice.c: words, processes, users, expressions and directories. */
bool ebt_option_set_choice(struct ebt_command_line *line, const struct ebt_option *option,
			   const char *arg);
bool ebt_option_set_mode(struct ebt_command_line *line, const struct ebt_option *option,
			 const char *arg);
bool ebt_option_set_pids(struct ebt_command_line *line, const struct ebt_option *option,
			 const char *arg);
bool ebt_option_set_only(struct ebt_command_line *line, const struct ebt_option *option,
			 const char *arg);
bool ebt_option_set_user(struct ebt_command_line *line, const struct ebt_option *option,
			 const char *arg);
bool ebt_option_set_compiler(struct ebt_command_line *line, const struct ebt_option *option,
			     const char *arg);
bool ebt_option_set_group(struct ebt_command_line *line, const struct ebt_option *option,
			  const char *arg);
bool ebt_option_set_regex(struct ebt_command_line *line, const struct ebt_option *option,
			  const char *arg);
bool ebt_option_set_filter(struct ebt_command_line *line, const struct ebt_option *option,
			   const char *arg);
bool ebt_option_set_headers(struct ebt_command_line *line, const struct ebt_option *option,
			    const char *arg);
bool ebt_option_set_directory(struct ebt_command_line *line, const struct ebt_option *option,
			      const char *arg);

/* options_files.c: recordings, replays and homeostasis. */
bool ebt_option_set_rotate(struct ebt_command_line *line, const struct ebt_option *option,
			   const char *arg);
bool ebt_option_set_keep(struct ebt_command_line *line, const struct ebt_option *option,
			 const char *arg);
bool ebt_option_set_speed(struct ebt_command_line *line, const struct ebt_option *option,
			  const char *arg);
bool ebt_option_set_time(struct ebt_command_line *line, const struct ebt_option *option,
			 const char *arg);
bool ebt_option_set_homeo(struct ebt_command_line *line, const struct ebt_option *option,
			  const char *arg);
bool ebt_option_set_save_in(struct ebt_command_line *line, const struct ebt_option *option,
			    const char *arg);
/* Take -o once the form of output is known: the columns of lines, or the order of groups. */
bool ebt_option_set_order(struct ebt_command_line *line, const struct ebt_option *option);

#endif
