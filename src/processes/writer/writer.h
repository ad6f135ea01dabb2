/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * writer.h - the process that writes what the user named: the recording with its parts, the SQLite
 * database, the metrics file. Fed with frames through a pipe; ends when the pipe ends, and only
 * then, so that whatever kills the others, what they sent is on disk.
 */
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

/* Small enough to be written to a pipe in one piece (PIPE_BUF). */
struct ebt_writer_msg {
	uint32_t type;
	uint32_t reserved;
	uint64_t bytes; /* of the recording, all parts */
	char text[240];
};

/* The child's life; in and out are its ends of the pipes. Returns an exit status. */
int ebt_writer_run(const struct ebt_options *options, int in, int out);

#endif
