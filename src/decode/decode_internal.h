/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * decode_internal.h - the decoder's parts, for src/decode/ alone.
 */
#ifndef EBT_DECODE_INTERNAL_H
#define EBT_DECODE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "decode/decode.h"
#include "ebt_abi.h"

/* Longest path section taken: a path is built in one scratch slot, so it can never be longer. */
#define EBT_DECODE_PATH_MAX EBT_SCRATCH_MAX
/* ".../" before a cut path */
#define EBT_DECODE_PATH_ROOM (EBT_DECODE_PATH_MAX + 4)
/* Most bytes of one event's stream. */
#define EBT_DECODE_STREAM_MAX (2 * (size_t)EBT_ARGS_MAX + 3 * (size_t)EBT_DECODE_PATH_MAX)
/* A stream buffer larger than this is given back after its event. */
#define EBT_DECODE_STREAM_KEEP (64u << 10)
/* Exits remembered to find doubles; a power of two. */
#define EBT_DECODE_EXITS 1024u
/*
 * Half-assembled events a CPU. Each scratch slot has one, and while a retune swaps images, the old
 * ring and the new one are read side by side: so the generation's parity counts too.
 */
#define EBT_DECODE_PENDING (EBT_SCRATCH_SLOTS * 2)

/* The payload stream of an exec as far as it came: borrowed. */
struct ebt_stream {
	const char *data;
	size_t len;
	uint32_t records;
	uint32_t fault_args, fault_env; /* zero-filled bytes of each section */
	uint16_t fault_flags;		/* EBT_RECF_FAULT_*, of all records */
};

/* Where a section lies in the stream. */
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
	struct ebt_pending **pending; /* ncpu * EBT_DECODE_PENDING, made when first needed */
	struct ebt_pending *given;    /* lent to the last event; NULL: none */
	const char *data;	      /* record that ebt_decoder_put brought; NULL: it was taken */
	size_t size;
	int error; /* -errno to report after the event that was given out */
	union {
		struct ebt_rec_exec exec;
		struct ebt_rec_exit exit;
	} rec; /* copy that the last event borrows from */
	struct {
		uint64_t start_ns;
		uint32_t pid;
	} exits[EBT_DECODE_EXITS];
	char exe[EBT_DECODE_PATH_ROOM];
	char cwd[EBT_DECODE_PATH_ROOM];
	char tty[EBT_COMM_LEN + 1];
};

/* Sets the spans and *total from the record; -EBADMSG when a length is beyond what a kernel can
 * give. */
int ebt_decode_spans(const struct ebt_rec_exec *rec, struct ebt_span span[EBT_SECT_MAX],
		     size_t *total);
/* Accounts the unreadable bytes of one record, whose payload is stream[from, to). */
void ebt_decode_faults(struct ebt_stream *stream, const struct ebt_span span[EBT_SECT_MAX],
		       size_t from, size_t to, uint16_t flags, uint32_t fault_bytes);
/* Makes the event of a record and as much of its stream as there is; ev borrows from all of them
 * and from dec. True when something of the stream is missing. */
bool ebt_decode_exec(struct ebt_decoder *dec, const struct ebt_rec_exec *rec,
		     const struct ebt_span span[EBT_SECT_MAX], const struct ebt_stream *stream,
		     struct ebt_event *ev);
/* ev borrows rec's comm. */
void ebt_decode_exit(const struct ebt_rec_exit *rec, long page_bytes, struct ebt_event *ev);

/*
 * Absolute path from components leaf to root, each ending in NUL, built at the end of out. cut:
 * root-side components are missing, the path begins with ".../". A last component without its NUL
 * is left out and sets *cut. No components: "/", or empty when cut.
 */
struct ebt_bytes ebt_decode_path(char out[EBT_DECODE_PATH_ROOM], struct ebt_bytes components,
				 bool *cut);

/* The CPU-time scaling of cputime_adjust(), kernel/sched/cputime.c: ticks say the ratio, rtime the
 * sum. rtime 0 (not known) leaves both as they are. */
void ebt_decode_scale_cputime(uint64_t rtime_ns, uint64_t *utime_ns, uint64_t *stime_ns);

#endif
