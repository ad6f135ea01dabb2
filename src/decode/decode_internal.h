/* SPDX-License-Identifier: BSD-3-Clause */
/* decode_internal.h - functions that the files of src/decode share */
#ifndef EBT_DECODE_INTERNAL_H
#define EBT_DECODE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "decode/decode.h"
#include "ebt_abi.h"

/* maximum bytes of a path section: a path is built in one scratch slot */
#define EBT_DECODE_PATH_MAX EBT_SCRATCH_MAX
/* ".../" before a cut path */
#define EBT_DECODE_PATH_ROOM (EBT_DECODE_PATH_MAX + 4)
/* maximum bytes of the stream of one event */
#define EBT_DECODE_STREAM_MAX (2 * (size_t)EBT_ARGS_MAX + 3 * (size_t)EBT_DECODE_PATH_MAX)
/* A stream buffer larger than this is freed after its event. */
#define EBT_DECODE_STREAM_KEEP (64u << 10)
/* Number of exits that are remembered, to find those reported twice; a power of two. */
#define EBT_DECODE_EXITS 1024u
/* Incomplete events per CPU: one for each scratch slot, and for each parity of the generation,
 * because the old and the new ring are read side by side while a retune swaps images. */
#define EBT_DECODE_PENDING (EBT_SCRATCH_SLOTS * 2)

/* The payload stream of an exec as far as it has come, borrowed. */
struct ebt_stream {
	const char *data;
	size_t len;
	uint32_t records;
	uint32_t fault_args, fault_env; /* zero-filled bytes of each section */
	uint16_t fault_flags;		/* EBT_RECF_FAULT_*, of all records */
};

/* Place of a section in the stream. */
struct ebt_span {
	size_t start;
	uint32_t len;
};

struct ebt_pending {
	bool active;
	struct ebt_rec_exec rec;
	struct ebt_span span[EBT_SECT_MAX];
	size_t total; /* bytes of the whole stream */
	struct ebt_stream stream;
	struct ebt_buf buf; /* owns the bytes of stream */
};

struct ebt_decoder {
	unsigned ncpu;
	unsigned active; /* pending events */
	long page_bytes;
	struct ebt_decode_stats stats;
	struct ebt_decode_cpu *cpus;
	struct ebt_pending **
		pending; /* ncpu * EBT_DECODE_PENDING entries, allocated when they are first needed */
	struct ebt_pending *given; /* used by the last event; NULL for none */
	const char *data;	   /* the record from ebt_decoder_put(); NULL when it was taken */
	size_t size;
	int error; /* -errno to report after the event that was given out */
	union {
		struct ebt_rec_exec exec;
		struct ebt_rec_exit exit;
	} rec; /* copy of the fixed part, which the last event borrows */
	struct {
		uint64_t start_ns;
		uint32_t pid;
	} exits[EBT_DECODE_EXITS];
	char exe[EBT_DECODE_PATH_ROOM];
	char cwd[EBT_DECODE_PATH_ROOM];
	char tty[EBT_COMM_LEN + 1];
};

/* Set the spans and *total from the record. Return 0, or -EBADMSG if a length exceeds what a kernel
 * can give. */
int ebt_decode_spans(const struct ebt_rec_exec *rec, struct ebt_span span[EBT_SECT_MAX],
		     size_t *total);
/* Count the unreadable bytes of one record, whose payload is stream[from, to). */
void ebt_decode_faults(struct ebt_stream *stream, const struct ebt_span span[EBT_SECT_MAX],
		       size_t from, size_t to, uint16_t flags, uint32_t fault_bytes);
/* Make the event of a record and of its stream as far as it has come; ev borrows from them and from
 * dec. Return true if a part of the stream is missing. */
bool ebt_decode_exec(struct ebt_decoder *dec, const struct ebt_rec_exec *rec,
		     const struct ebt_span span[EBT_SECT_MAX], const struct ebt_stream *stream,
		     struct ebt_event *ev);
/* ev borrows rec's comm. */
void ebt_decode_exit(const struct ebt_rec_exit *rec, long page_bytes, struct ebt_event *ev);

/* Make an absolute path of the components from leaf to root, each of which ends in NUL, at the end
 * of out. If `cut` is set, components next to the root are missing and the path begins with ".../".
 * A last component without its NUL is left out and sets *cut. Without components the path is "/",
 * or empty if it was cut. */
struct ebt_bytes ebt_decode_path(char out[EBT_DECODE_PATH_ROOM], struct ebt_bytes components,
				 bool *cut);

/* Scale CPU times as cputime_adjust() of kernel/sched/cputime.c does: the ticks give the ratio,
 * rtime the sum. With an unknown rtime (0) both stay as they are. */
void ebt_decode_scale_cputime(uint64_t rtime_ns, uint64_t *utime_ns, uint64_t *stime_ns);

#endif
