/* SPDX-License-Identifier: BSD-3-Clause */
/* options_rules.h - which options go together, once all have been read. */
#ifndef EBT_CLI_OPTIONS_RULES_H
#define EBT_CLI_OPTIONS_RULES_H

#include <stdbool.h>

#include "cli/options.h"

/* What was on the command line and cannot be seen in the options. */
struct ebt_options_said {
	bool dashes;	   /* -- */
	bool subcommand;   /* check, demo, … */
	bool operand;	   /* behind it: the lesson, the format */
	bool order;	   /* -o */
	const char *fixed; /* an option that cannot be changed while it runs; NULL: none */
};

/* False: they do not, and it was said in a sentence. */
bool ebt_options_agree(const struct ebt_options *options, const struct ebt_options_said *said);

#endif
