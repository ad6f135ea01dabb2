/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * file.h - a recording file: a header, then blocks of compressed frames (docs/recording.md).
 *
 * A block is whole or it is not there: header and contents have a checksum each (XXH3, 64 bit), so
 * that a file that was cut anywhere is read up to the cut, and damage in the middle costs the
 * blocks it touches and no more.
 */
#ifndef EBT_RECORDING_FILE_H
#define EBT_RECORDING_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "recording/frame.h"

#define EBT_FILE_VERSION 1u
#define EBT_FILE_BLOCK_RAW \
	(256u << 10) /* a block is closed when it has this many bytes of frames */
#define EBT_FILE_RAW_MAX (EBT_FRAME_MAX + EBT_FILE_BLOCK_RAW + 64) /* and never has more */

struct ebt_file_hdr {
	uint8_t magic[8];
	uint32_t order; /* 0x01020304 in the recorder's byte order */
	uint32_t version;
	uint32_t abi;	     /* of the records */
	uint32_t part;	     /* of a recording that was rotated, from 0 */
	uint8_t id[16];	     /* random, the same in all parts */
	uint64_t created_ns; /* CLOCK_REALTIME */
	uint64_t reserved;
	uint64_t sum; /* XXH3 of the bytes before */
};

struct ebt_block_hdr {
	uint8_t magic[8];
	uint32_t stored_bytes; /* in the file, behind this header */
	uint32_t raw_bytes;    /* of frames */
	uint32_t codec;	       /* 0: as they are, 1: one zstd frame */
	uint32_t frames;
	uint64_t number;	    /* of the block in its file, from 0 */
	uint64_t first_ns, last_ns; /* CLOCK_MONOTONIC of what is inside; 0: no times in it */
	uint64_t stored_sum;	    /* XXH3 of the stored bytes */
	uint64_t sum;		    /* XXH3 of the header before this member */
};

/* Writer. Borrows the file descriptor. One thread. */
struct ebt_file_writer;
int ebt_file_writer_new(struct ebt_file_writer **out, int fd, uint32_t abi, uint32_t part,
			const uint8_t id[16], uint64_t created_ns);
void ebt_file_writer_free(struct ebt_file_writer **writer);
/* One frame into the block; mono_ns 0: it has no time. 0, or -errno of writing a full block: the
 * file then ends with the last whole block (what of a block was written is cut off again). */
int ebt_file_writer_frame(struct ebt_file_writer *writer, const struct ebt_frame *frame,
			  uint64_t mono_ns);
/* Closes the block that is open and writes it. */
int ebt_file_writer_flush(struct ebt_file_writer *writer);
uint64_t ebt_file_writer_bytes(const struct ebt_file_writer *writer);	/* of the file so far */
uint64_t ebt_file_writer_pending(const struct ebt_file_writer *writer); /* raw bytes not written */

/* Reader. */
struct ebt_file_reader;
/* Takes over fd on success. abi is the latest version of the records that the caller can read.
 * -EBADMSG: not a recording; -EPROTONOSUPPORT: of another file version or byte order, or with later
 * records; -ENODATA: empty file. */
int ebt_file_reader_new(struct ebt_file_reader **out, int fd, uint32_t abi);
void ebt_file_reader_free(struct ebt_file_reader **reader);
/* All zero when its checksum was wrong; what is behind it can be read all the same. */
const struct ebt_file_hdr *ebt_file_reader_header(const struct ebt_file_reader *reader);
/* The next frame, borrowed until the next call. 1; 0: the end of the whole blocks (at the end of a
 * file that is still being written, a later call may find more); -ENOMEM; -errno of read. */
int ebt_file_reader_next(struct ebt_file_reader *reader, struct ebt_frame *frame);
/* Frees what reading takes, when no more is to be read for now: it comes again with the next block.
 * The frame that was given out last is gone. */
void ebt_file_reader_rest(struct ebt_file_reader *reader);
/* To the beginning. */
void ebt_file_reader_rewind(struct ebt_file_reader *reader);
/* What could not be read so far. */
struct ebt_file_damage {
	uint64_t bytes;	 /* passed over in search of the next whole block */
	uint64_t places; /* in a row */
	uint64_t parts;	 /* of a recording in parts: files that are missing between others */
	bool tail;	 /* some of them are at the end: the file was cut, or is being written */
};
uint64_t ebt_file_reader_places(const struct ebt_file_reader *reader); /* without the tail */
struct ebt_file_damage ebt_file_reader_damage(const struct ebt_file_reader *reader);
uint64_t ebt_file_reader_offset(const struct ebt_file_reader *reader); /* bytes of the file read */
/* Whether it reads this very file. */
bool ebt_file_reader_is(const struct ebt_file_reader *reader, const struct stat *st);
uint64_t ebt_file_reader_size(const struct ebt_file_reader *reader);
/* Times of the first and the last block, from the headers alone; what is damaged is passed over.
 * False when there are none. */
bool ebt_file_reader_span(struct ebt_file_reader *reader, uint64_t *first_ns, uint64_t *last_ns);

#endif
