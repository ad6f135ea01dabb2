/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * parts.h - a recording as files: FILE, and with rotation FILE.1, FILE.2, … from newest to oldest.
 * Every part can be read alone: it begins with what the later frames need (facts, clock, names, the
 * counters so far).
 */
#ifndef EBT_RECORDING_PARTS_H
#define EBT_RECORDING_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "recording/file.h"

#define EBT_PARTS_MAX 9999 /* parts kept when no number was given, and at most */

/* Writer. */
struct ebt_parts_writer;
struct ebt_parts_options {
	const char *path;
	/* 0: one file. A part ends with the block that reaches it, counted from behind what the
	 * part begins with (above); the next one is made for the next frame. */
	uint64_t rotate_bytes;
	unsigned count; /* parts kept, the current one included; 0: EBT_PARTS_MAX */
	uint32_t abi;
};
/* Creates the file (mode 0600), or begins it anew when it is a recording or empty; anything else is
 * left alone, here and when a part goes to make room, and so is what another process is writing
 * (-EBUSY; the file is locked with flock). -errno with a sentence in why. */
int ebt_parts_writer_new(struct ebt_parts_writer **out, const struct ebt_parts_options *options,
			 char *why, size_t why_len);
/* Does not flush. */
void ebt_parts_writer_free(struct ebt_parts_writer **writer);
/* mono_ns: its time, 0: none. -errno: the recording is over (the disk is full, say); what was
 * written before stays readable. */
int ebt_parts_writer_frame(struct ebt_parts_writer *writer, const struct ebt_frame *frame,
			   uint64_t mono_ns);
int ebt_parts_writer_flush(struct ebt_parts_writer *writer);
uint64_t ebt_parts_writer_bytes(const struct ebt_parts_writer *writer); /* of all parts written */

/* Reader. */
struct ebt_parts_reader;
/* Of the parts, path itself has to be readable; one of the others that is not is a damage.
 * -errno with a sentence in why. */
int ebt_parts_reader_new(struct ebt_parts_reader **out, const char *path, uint32_t abi, char *why,
			 size_t why_len);
void ebt_parts_reader_free(struct ebt_parts_reader **reader);
/* As ebt_file_reader_next, over all parts from oldest to newest. */
int ebt_parts_reader_next(struct ebt_parts_reader *reader, struct ebt_frame *frame);
void ebt_parts_reader_rewind(struct ebt_parts_reader *reader);
/* Whether there is more damage than at the last call: for a look at every frame. */
bool ebt_parts_reader_damaged(struct ebt_parts_reader *reader);
/* In what was read so far. */
struct ebt_file_damage ebt_parts_reader_damage(const struct ebt_parts_reader *reader);
uint64_t ebt_parts_reader_offset(const struct ebt_parts_reader *reader);
uint64_t ebt_parts_reader_size(const struct ebt_parts_reader *reader);
/* Whether one of the files read is path, under whatever name, or one of path.1 to path.COUNT-1,
 * which writing path in parts would move. */
bool ebt_parts_reader_reads(const struct ebt_parts_reader *reader, const char *path,
			    unsigned count);
bool ebt_parts_reader_span(struct ebt_parts_reader *reader, uint64_t *first_ns, uint64_t *last_ns);

#endif
