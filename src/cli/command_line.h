/* SPDX-License-Identifier: BSD-3-Clause */
/* command_line.h - parse the command line into a command, its operands and its options. */
#ifndef EBT_CLI_COMMAND_LINE_H
#define EBT_CLI_COMMAND_LINE_H

#include <sys/types.h>

#include "cli/commands.h"
#include "config/options.h"

enum ebt_command_line_result {
	EBT_COMMAND_LINE_RUN,  /* run the command */
	EBT_COMMAND_LINE_EXIT, /* all is said (help, version, a wrong value): end with exit_status */
};

/* What the command line says. All texts are borrowed from argv. */
struct ebt_command_line {
	const struct ebt_command *command;
	char **operands; /* NULL-terminated; of the root always empty */
	int operand_count;
	struct ebt_options options;

	/* what only commands of homeostasis take */
	const char *socket;  /* where the daemon listens */
	gid_t gid;	     /* daemon: members may connect; (gid_t)-1: root only */
	bool no_save;	     /* daemon: keep no profiles */
	bool json;	     /* print the daemon's own lines */
	bool per_trace;	     /* train, test: a line for each trace */
	const char *profile; /* train: the file to write */

	const char *order; /* -o; what it means depends on the form of output */
	int exit_status;   /* after EBT_COMMAND_LINE_EXIT */
};

/* Fill *out from the command line. argv is borrowed for the life of *out, and its pointers are
 * moved. An error goes to stderr in one sentence; help goes to stdout. Call ebt_command_line_free
 * in either case. Not safe to be called by two threads at once (getopt). */
enum ebt_command_line_result ebt_command_line_parse(struct ebt_command_line *out, int argc,
						    char **argv);
void ebt_command_line_free(struct ebt_command_line *line);

#endif
