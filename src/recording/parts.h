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
struct ebt_parts_options {
	const char *path;
	/* Size at which a part ends, with the block that reaches it, not counting the frames that a
	 * part begins with; 0 writes one file. The next part is created for the next frame. */
	uint64_t rotate_bytes;
	unsigned count; /* number of parts kept, including the current one; 0 means EBT_PARTS_MAX */
	uint32_t abi;
};
/* Create the file (mode 0600), or truncate it if it is a recording or empty. Any other file is left
 * alone, here and when an old part is removed, and so is a file that another process is writing
 * (-EBUSY; the files are locked with flock). On failure return -errno with a sentence in why. */
int ebt_parts_writer_new(struct ebt_parts_writer **out, const struct ebt_parts_options *options,
			 char *why, size_t why_len);
/* Free the writer without flushing it. */
void ebt_parts_writer_free(struct ebt_parts_writer **writer);
/* Write a frame; mono_ns is its time, 0 if it has none. After -errno (a full disk, for example) the
 * recording has ended; everything written before stays readable. */
int ebt_parts_writer_frame(struct ebt_parts_writer *writer, const struct ebt_frame *frame,
			   uint64_t mono_ns);
int ebt_parts_writer_flush(struct ebt_parts_writer *writer);
/* Return the bytes of all parts written. */
uint64_t ebt_parts_writer_bytes(const struct ebt_parts_writer *writer);

/* Reading. */
struct ebt_parts_reader;
/* Open all parts. path itself must be readable; another part that is not counts as damage. On
 * failure return -errno with a sentence in why. */
int ebt_parts_reader_new(struct ebt_parts_reader **out, const char *path, uint32_t abi, char *why,
			 size_t why_len);
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
bool ebt_parts_reader_span(struct ebt_parts_reader *reader, uint64_t *first_ns, uint64_t *last_ns);

#endif
