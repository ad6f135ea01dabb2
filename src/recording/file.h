/* SPDX-License-Identifier: BSD-3-Clause */
/* file.h - write and read a recording file: a header, then blocks of compressed frames
 * (docs/recording.md)
 *
 * Header and contents of a block have a checksum each (XXH3, 64 bit), so a block is read completely
 * or not at all: a file that was cut is read up to the cut, and damage costs only the blocks that
 * it touches. Every block begins with a copy of the header. */
#ifndef EBT_RECORDING_FILE_H
#define EBT_RECORDING_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "recording/frame.h"

#define EBT_FILE_VERSION   1u
#define EBT_FILE_BLOCK_RAW (256u << 10) /* a block is closed when its frames have this many bytes */
/* upper bound of the bytes in a block */
#define EBT_FILE_RAW_MAX (EBT_FRAME_MAX + EBT_FILE_BLOCK_RAW + 64)

struct ebt_file_hdr {
	uint8_t magic[8];
	uint32_t order; /* 0x01020304 in the recorder's byte order */
	uint32_t version;
	uint32_t abi;	     /* version of the records */
	uint32_t part;	     /* number of the part of a rotated recording, from 0 */
	uint8_t id[16];	     /* random, and the same in all parts */
	uint64_t created_ns; /* CLOCK_REALTIME */
	uint64_t reserved;
	uint64_t sum; /* XXH3 of the bytes before */
};

struct ebt_block_hdr {
	uint8_t magic[8];
	uint32_t stored_bytes; /* bytes in the file after this header */
	uint32_t raw_bytes;    /* bytes of the frames */
	uint32_t codec;	       /* 0: stored unchanged, 1: one zstd frame */
	uint32_t frames;
	uint64_t number;	    /* number of the block in its file, from 0 */
	uint64_t first_ns, last_ns; /* CLOCK_MONOTONIC times of the frames; 0 if none has a time */
	uint64_t stored_sum;	    /* XXH3 of the stored bytes */
	uint64_t sum;		    /* XXH3 of the header before this member */
};

/* Writing. The writer borrows the file descriptor and belongs to one thread. */
struct ebt_file_writer;
struct ebt_file_options {
	uint32_t abi, part;  /* as in the header */
	const uint8_t *id;   /* 16 bytes, borrowed during the call */
	uint64_t created_ns; /* CLOCK_REALTIME */
	bool replaces;	     /* the file has contents, which the first block replaces */
	bool borrowed;	     /* others may write to the file too: never cut it */
};
/* Create a writer. Nothing is written before the first block is complete or flushed. Return 0 or
 * -ENOMEM. */
int ebt_file_writer_new(struct ebt_file_writer **out, int fd,
			const struct ebt_file_options *options);
void ebt_file_writer_free(struct ebt_file_writer **writer);
/* Add a frame to the block; mono_ns is 0 if it has no time. Return 0, or -errno if writing a full
 * block failed: the file then ends with the last whole block, because a partial block is cut off
 * again. */
int ebt_file_writer_frame(struct ebt_file_writer *writer, const struct ebt_frame *frame,
			  uint64_t mono_ns);
/* Close the open block and write it. */
int ebt_file_writer_flush(struct ebt_file_writer *writer);
/* Return the bytes of the file so far, with the header even if it is not written yet. */
uint64_t ebt_file_writer_bytes(const struct ebt_file_writer *writer);
/* Return the bytes of frames that are not written yet. */
uint64_t ebt_file_writer_pending(const struct ebt_file_writer *writer);

/* Reading. */
struct ebt_file_reader;
/* Create a reader, which takes over fd on success. abi is the latest version of the records that
 * the caller can read. A damaged header is replaced by the copy in the first whole block. Return 0,
 * -EBADMSG if the file is not a recording, -EPROTONOSUPPORT if it has another version or byte order
 * or later records, or -ENODATA if it is empty. */
int ebt_file_reader_new(struct ebt_file_reader **out, int fd, uint32_t abi);
void ebt_file_reader_free(struct ebt_file_reader **reader);
/* Return the header, all zero if it and its copies are damaged; the data after it can be read
 * nevertheless. */
const struct ebt_file_hdr *ebt_file_reader_header(const struct ebt_file_reader *reader);
/* Get the next frame, borrowed until the next call. Return 1, 0 after the last whole block (if the
 * file is still being written, a later call may find more), -ENOMEM, or the -errno of read. */
int ebt_file_reader_next(struct ebt_file_reader *reader, struct ebt_frame *frame);
/* Free the memory for reading while nothing is read; the next block allocates it again. The frame
 * that was returned last becomes invalid. */
void ebt_file_reader_rest(struct ebt_file_reader *reader);
/* Continue at the beginning of the file. */
void ebt_file_reader_rewind(struct ebt_file_reader *reader);
/* Damage found so far. */
struct ebt_file_damage {
	uint64_t bytes;	 /* bytes skipped in search of the next whole block */
	uint64_t places; /* number of contiguous runs of such bytes */
	uint64_t parts;	 /* files missing between other parts */
	/* CLOCK_MONOTONIC times between which the last of these files were; 0: unknown */
	uint64_t parts_from_ns, parts_to_ns;
	/* some of the bytes are at the end, because the file was cut or is being written */
	bool tail;
};
/* number of places without the tail */
uint64_t ebt_file_reader_places(const struct ebt_file_reader *reader);
struct ebt_file_damage ebt_file_reader_damage(const struct ebt_file_reader *reader);
uint64_t ebt_file_reader_offset(const struct ebt_file_reader *reader); /* bytes of the file read */
/* Return whether the reader reads this file. */
bool ebt_file_reader_is(const struct ebt_file_reader *reader, const struct stat *st);
uint64_t ebt_file_reader_size(const struct ebt_file_reader *reader);
/* Get the times of the first and the last block from the headers alone, skipping damage. Return
 * false if there are none. */
bool ebt_file_reader_span(struct ebt_file_reader *reader, uint64_t *first_ns, uint64_t *last_ns);

#endif
