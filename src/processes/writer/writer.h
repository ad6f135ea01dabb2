/* SPDX-License-Identifier: BSD-3-Clause */
/* writer.h - the process that writes the files which the user named: the recording with its parts,
 * the SQLite database and the metrics file
 *
 * It gets frames through a pipe and ends when the pipe ends. Whatever kills the other processes,
 * what they have sent is written. */
#ifndef EBT_PROCESSES_WRITER_WRITER_H
#define EBT_PROCESSES_WRITER_WRITER_H

#include <stdint.h>

#include "config/options.h"

enum ebt_writer_type {
	EBT_WRITER_READY = 1, /* files are open */
	EBT_WRITER_PROGRESS,  /* bytes */
	EBT_WRITER_TROUBLE,   /* a file lacks something or is given up; text says which and why */
	EBT_WRITER_WARNING,   /* a file cannot be written for a time; text says which and why */
	EBT_WRITER_FATAL,     /* the process ends */
	EBT_WRITER_DONE,      /* all is written and closed */
};

/* It is small enough to be written to a pipe in one piece (PIPE_BUF). */
struct ebt_writer_msg {
	uint32_t type;
	uint32_t reserved;
	uint64_t bytes; /* of the recording, all parts */
	char text[240];
};

/* Run the writer in the child; in and out are its ends of the pipes. Return an exit status. */
int ebt_writer_run(const struct ebt_options *options, int in, int out);

#endif
