/* SPDX-License-Identifier: BSD-3-Clause */
/* parts.h - write and read a recording that consists of the file FILE and, with rotation, FILE.1,
 * FILE.2, … from newest to oldest
 *
 * Every part can be read alone: it begins with the frames that later ones need (facts, clock,
 * names, the counters so far). */
#ifndef EBT_RECORDING_PARTS_H
#define EBT_RECORDING_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "recording/file.h"

#define EBT_PARTS_MAX 9999 /* default and maximum of the number of parts kept */

/* Writing. */
struct ebt_parts_writer;
/* How a recording is divided and kept; zero-initialise it. */
struct ebt_parts_options {
	const char *path;
	int fd;	       /* borrowed: write to this descriptor, which path only names; 0: none */
	int wanted_fd; /* borrowed: a pipe that hangs up when nobody wants the recording; 0: none */
	/* Size at which a part ends, with the block that reaches it, not counting the frames that a
	 * part begins with; 0 writes one file. The next part is created for the next frame. */
	uint64_t rotate_bytes;
	uint64_t rotate_ns;  /* time of its frames at which a part ends; 0: no such limit */
	bool rotate_on_call; /* parts are kept though there may be no limit */
	unsigned count; /* number of parts kept, including the current one; 0 means EBT_PARTS_MAX */
	uint64_t keep_bytes; /* of all parts; 0: no such limit */
	uint64_t keep_ns;    /* since the last change of a part; 0: no such limit */
	uint32_t abi;
};
/* Lock the file, which must be a recording, empty or absent, or neither a file nor a directory. It
 * keeps its contents until ebt_parts_writer_flush() or a new part puts the new recording in its
 * place (mode 0600); where parts are kept it becomes the part before. Any other file is left alone,
 * here and when an old part is removed, and so is a file that another process is writing (-EBUSY;
 * the files are locked with flock). On failure return -errno with a sentence in why. */
int ebt_parts_writer_new(struct ebt_parts_writer **out, const struct ebt_parts_options *options,
			 char *why, size_t why_len);
/* Free the writer without flushing it. A recording that has not got its place is removed. */
void ebt_parts_writer_free(struct ebt_parts_writer **writer);
/* Write a frame; mono_ns is its time, 0 if it has none. After -errno (a full disk, for example) the
 * recording has ended; everything written before stays readable. */
int ebt_parts_writer_frame(struct ebt_parts_writer *writer, const struct ebt_frame *frame,
			   uint64_t mono_ns);
/* Write what waits, and give the recording its place if it has not got it. */
int ebt_parts_writer_flush(struct ebt_parts_writer *writer);
/* Return whether the file that is being written was removed by somebody. */
bool ebt_parts_writer_removed(const struct ebt_parts_writer *writer);
/* After an error of the functions here: give the recording its place with the blocks that were
 * written, if there are any. Without this call what has no place yet is removed. */
void ebt_parts_writer_keep(struct ebt_parts_writer *writer);
/* End the part now, if it has anything in it, and begin the next. */
int ebt_parts_writer_rotate(struct ebt_parts_writer *writer);
/* Make what was flushed survive a loss of power, and remove parts that have become too old. */
int ebt_parts_writer_sync(struct ebt_parts_writer *writer);
/* Return the bytes of all parts written. */
uint64_t ebt_parts_writer_bytes(const struct ebt_parts_writer *writer);

/* Reading. */
struct ebt_parts_reader;
/* Open all parts. path itself must be readable; another part that is not counts as damage. On
 * failure return -errno with a sentence in why. */
int ebt_parts_reader_new(struct ebt_parts_reader **out, const char *path, uint32_t abi, char *why,
			 size_t why_len);
/* Do the same for one file that is open already, without a sentence. It is taken over
 * in any case. */
int ebt_parts_reader_new_fd(struct ebt_parts_reader **out, int fd, uint32_t abi);
/* Return words for why a recording could not be opened. */
const char *ebt_parts_reader_words(int err);
void ebt_parts_reader_free(struct ebt_parts_reader **reader);
/* Get the next frame of all parts, from oldest to newest, as ebt_file_reader_next() does. */
int ebt_parts_reader_next(struct ebt_parts_reader *reader, struct ebt_frame *frame);
void ebt_parts_reader_rewind(struct ebt_parts_reader *reader);
/* Return whether there is more damage than at the last call. It is cheap enough to call for every
 * frame. */
bool ebt_parts_reader_damaged(struct ebt_parts_reader *reader);
/* Return the damage in everything read so far. */
struct ebt_file_damage ebt_parts_reader_damage(const struct ebt_parts_reader *reader);
uint64_t ebt_parts_reader_offset(const struct ebt_parts_reader *reader);
uint64_t ebt_parts_reader_size(const struct ebt_parts_reader *reader);
/* Return whether one of the files being read is path, under whatever name, or one of path.1 to
 * path.COUNT-1, which writing path in parts would rename. */
bool ebt_parts_reader_reads(const struct ebt_parts_reader *reader, const char *path,
			    unsigned count);
/* Return when the oldest part whose header is known was created, CLOCK_REALTIME; 0: unknown. */
uint64_t ebt_parts_reader_created_ns(const struct ebt_parts_reader *reader);
/* Return whether the oldest part that is read is a later one of its recording. */
bool ebt_parts_reader_begins_later(const struct ebt_parts_reader *reader);
bool ebt_parts_reader_span(struct ebt_parts_reader *reader, uint64_t *first_ns, uint64_t *last_ns);

#endif
