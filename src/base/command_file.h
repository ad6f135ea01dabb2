/* SPDX-License-Identifier: BSD-3-Clause */
/* command_file.h - says when a command line alone would not tell which file was run. */
#ifndef EBT_BASE_COMMAND_FILE_H
#define EBT_BASE_COMMAND_FILE_H

#include <stdbool.h>

#include "base/bytes.h"

/* An exec: its arguments end in NUL each; exe is empty when the path of the file is not known. */
struct ebt_exec_command {
	struct ebt_bytes args;
	struct ebt_bytes filename; /* as passed to execve */
	struct ebt_bytes exe;	   /* path of the file that runs */
	bool failed;		   /* nothing runs: the file name is the one that counts */
	bool filename_unread;	   /* it was passed but could not be read, so filename is empty */
	bool script; /* the kernel has put the interpreter before the arguments itself */
	/* The process ran before tracing began, so filename is empty and script is not known. Its comm
	 * is the name of the file that was executed, cut, unless it has renamed itself. */
	bool before;
	struct ebt_bytes comm;
};

/* Return the file to show beside the arguments, or nothing when the first argument names it: by its
 * path, or by its last component as a search along PATH does. Whoever calls exec chooses the first
 * argument freely, so it may be empty or the name of another program. The bytes are borrowed. */
struct ebt_bytes ebt_command_file(const struct ebt_exec_command *command);

/* Return what to show in place of a file name that is missing: of a failed exec whose name was empty or
 * could not be read, or of a process that ran before the tracer and has an empty first argument. Return
 * NULL if a name is known or not needed. The text is static. */
const char *ebt_command_no_file(const struct ebt_exec_command *command);

#endif
