/* SPDX-License-Identifier: BSD-3-Clause */
/* writer_files.h - the files that the writer process keeps
 *
 * It takes frames and writes them to the recording, the database and the metrics file. A file that
 * cannot be written is given up with a message, and the others go on. One thread. */
#ifndef EBT_PROCESSES_WRITER_WRITER_FILES_H
#define EBT_PROCESSES_WRITER_WRITER_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "config/options.h"
#include "export/metrics_file.h"
#include "processes/writer/writer.h"
#include "processes/writer/writer_database.h"
#include "recording/parts.h"
#include "recording/player.h"

/* Owns everything but options and out. */
struct ebt_writer_files {
	const struct ebt_options *options; /* names the files */
	int out;			   /* gets struct ebt_writer_msg */
	int wanted; /* borrowed: a pipe that hangs up when nobody wants the files; 0: none */
	struct ebt_parts_writer *parts; /* these two are NULL if not asked for, or given up */
	struct ebt_metrics_file *metrics;
	struct ebt_writer_database database;
	struct ebt_player player;   /* for the metrics */
	struct ebt_buf in;	    /* append the bytes of frames here */
	uint64_t bytes, told_bytes; /* of the recording, now and in the last message */
	uint64_t flushed_ns;	    /* when the files were last flushed, CLOCK_MONOTONIC */
	uint64_t synced_ns;	    /* when the recording was last written to the disk */
	uint64_t begun_ns;	    /* when something came that happened; 0: only facts so far */
	bool discard;	      /* the run has not begun: keep the recording that would be replaced */
	bool metrics_failing; /* that was told */
};

/* Set up without files. */
void ebt_writer_files_init(struct ebt_writer_files *w, const struct ebt_options *options, int out);
/* Open the files that the options name. Return 0, or -errno, with a sentence in why unless there is no
 * memory. */
int ebt_writer_files_open(struct ebt_writer_files *w, char *why, size_t why_len);
/* Take the complete frames of w->in and leave the rest for the next call. Return 0, or -EBADMSG for
 * what is no frame. */
int ebt_writer_files_take(struct ebt_writer_files *w);
/* Write what waits to disk, once a second, or at once if it is the last time. */
void ebt_writer_files_flush(struct ebt_writer_files *w, bool last);
/* Return whether any file has not been given up. */
bool ebt_writer_files_left(const struct ebt_writer_files *w);
/* Send a message with the bytes of the recording so far. */
void ebt_writer_files_tell(struct ebt_writer_files *w, enum ebt_writer_type type, const char *text);
/* Close the files and free everything. */
void ebt_writer_files_free(struct ebt_writer_files *w);

#endif
