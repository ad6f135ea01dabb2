/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * options_table.h - the table of options: one row holds an option's names, argument, help and setter.
 */
#ifndef EBT_CLI_OPTIONS_TABLE_H
#define EBT_CLI_OPTIONS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/options.h"

enum ebt_option_group {
	EBT_OPTG_OUTPUT = 1, /* argp sorts groups by number */
	EBT_OPTG_WHAT,
	EBT_OPTG_BUFFERS,
	EBT_OPTG_COMPILE,
	EBT_OPTG_FILES,
	EBT_OPTG_LOOKS,
	EBT_OPTG_DEMO,
	EBT_OPTG_HELP,
	EBT_OPTG_MAX,
};
const char *ebt_option_group_title(enum ebt_option_group group);

struct ebt_option;
/* Sets the value; arg NULL when the option takes none or it was left out. False: not possible, and
 * ebt_option_bad was called. */
typedef bool (*ebt_option_set_fn)(struct ebt_options *o, const struct ebt_option *option,
				  const char *arg);

struct ebt_option {
	const char *name; /* without dashes */
	int key;	  /* the short option's letter, else a number above 255 */
	const char *arg;  /* its name in the help, NULL: takes none */
	bool arg_optional;
	enum ebt_option_group group;
	const char *help;
	ebt_option_set_fn set;
	size_t offset; /* into struct ebt_options, for setters that several options share */
	union {
		struct {
			uint64_t min, max, multiple;
		} range; /* multiple: of what; a power of two is asked for when it is 0 */
		int value;
	};
};

extern const struct ebt_option ebt_options_table[];
extern const size_t ebt_options_table_count;

/* Says that a value is not possible: names the option, the value, what is allowed. Gives false. */
bool ebt_option_bad(const struct ebt_option *option, const char *arg, const char *allowed, ...)
	__attribute__((format(printf, 3, 4)));

/* Setters (options_values.c, options_choice.c). */
bool ebt_option_set_flag(struct ebt_options *o, const struct ebt_option *option, const char *arg);
bool ebt_option_set_mode(struct ebt_options *o, const struct ebt_option *option, const char *arg);
bool ebt_option_set_text(struct ebt_options *o, const struct ebt_option *option, const char *arg);
bool ebt_option_set_u8(struct ebt_options *o, const struct ebt_option *option, const char *arg);
bool ebt_option_set_u32_size(struct ebt_options *o, const struct ebt_option *option,
			     const char *arg);
bool ebt_option_set_u64_size(struct ebt_options *o, const struct ebt_option *option,
			     const char *arg);
bool ebt_option_set_auto(struct ebt_options *o, const struct ebt_option *option, const char *arg);
bool ebt_option_set_limit(struct ebt_options *o, const struct ebt_option *option, const char *arg);
bool ebt_option_set_u32(struct ebt_options *o, const struct ebt_option *option, const char *arg);
bool ebt_option_set_u64(struct ebt_options *o, const struct ebt_option *option, const char *arg);
bool ebt_option_set_seconds(struct ebt_options *o, const struct ebt_option *option,
			    const char *arg);
bool ebt_option_set_sort(struct ebt_options *o, const struct ebt_option *option, const char *arg);
bool ebt_option_set_group_by(struct ebt_options *o, const struct ebt_option *option,
			     const char *arg);
bool ebt_option_set_screen(struct ebt_options *o, const struct ebt_option *option, const char *arg);
bool ebt_option_set_only(struct ebt_options *o, const struct ebt_option *option, const char *arg);
bool ebt_option_set_pids(struct ebt_options *o, const struct ebt_option *option, const char *arg);
bool ebt_option_set_user(struct ebt_options *o, const struct ebt_option *option, const char *arg);
bool ebt_option_set_regex(struct ebt_options *o, const struct ebt_option *option, const char *arg);
bool ebt_option_set_headers(struct ebt_options *o, const struct ebt_option *option,
			    const char *arg);
bool ebt_option_set_directory(struct ebt_options *o, const struct ebt_option *option,
			      const char *arg);
/* Decimal seconds to nanoseconds. */
bool ebt_option_seconds(const char *text, uint64_t *out_ns);
bool ebt_option_fraction(const char *digits, size_t len, uint64_t *out_ns);
/* Columns of -e and --csv: once the mode is known. */
bool ebt_options_set_line_columns(struct ebt_options *o, const struct ebt_option *option,
				  const char *arg);

/* options_files.c */
bool ebt_option_set_rotate(struct ebt_options *o, const struct ebt_option *option, const char *arg);
bool ebt_option_set_format(struct ebt_options *o, const struct ebt_option *option, const char *arg);
bool ebt_option_set_speed(struct ebt_options *o, const struct ebt_option *option, const char *arg);
bool ebt_option_set_time(struct ebt_options *o, const struct ebt_option *option, const char *arg);

/* options_files.c: a setting of homeostasis. */
bool ebt_option_set_homeo(struct ebt_options *o, const struct ebt_option *option, const char *arg);

bool ebt_option_set_transport(struct ebt_options *o, const struct ebt_option *option,
			      const char *arg);

/* Keys without a short letter that the parser itself acts on. */
enum {
	EBT_KEY_USAGE = 0x1000,
	EBT_KEY_LONG, /* further ones, each its own number */
};

#endif
