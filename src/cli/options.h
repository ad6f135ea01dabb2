/* SPDX-License-Identifier: BSD-3-Clause */
/* options.h - parse the command line into struct ebt_options. */
#ifndef EBT_CLI_OPTIONS_H
#define EBT_CLI_OPTIONS_H

#include "config/options.h"

enum ebt_options_result {
	EBT_OPTIONS_RUN,  /* go on as options say */
	EBT_OPTIONS_EXIT, /* all is said (help, version, a wrong value): end with exit_status */
};

/* Fills *out from the command line. argv is borrowed for the life of *out. What is wrong goes to
 * stderr in one sentence; help goes to stdout. Call ebt_options_free in either case. */
enum ebt_options_result ebt_options_parse(struct ebt_options *out, int argc, char **argv);
void ebt_options_free(struct ebt_options *options);

#endif
