/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * frame.h - what a recording is made of: frames, each a kind and its bytes, in the order in which
 * things happened (docs/recording.md). The same stream goes from the view to its writer process.
 *
 * All numbers are in the byte order of the machine that recorded. Structures only grow at their
 * end: a reader takes as much of one as there is and the rest as zero.
 */
#ifndef EBT_RECORDING_FRAME_H
#define EBT_RECORDING_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

enum ebt_frame_kind {
	EBT_FRAME_META = 1, /* facts of the machine: NUL-terminated texts "name=value" */
	EBT_FRAME_CLOCK,    /* struct ebt_frame_clock: from here on */
	EBT_FRAME_START,    /* struct ebt_frame_start: what runs, at the start and after a retune */
	EBT_FRAME_USER,	    /* struct ebt_frame_name, then the name: of a uid */
	EBT_FRAME_CGROUP,   /* likewise: path of a cgroup id */
	EBT_FRAME_PROCESS, /* struct ebt_frame_process, comm, arguments: ran before tracing began */
	EBT_FRAME_RECORD,  /* one record of the kernel as it came (bpf_text/ebt_abi.h) */
	EBT_FRAME_FLUSH,   /* struct ebt_frame_flush: what was incomplete was given up */
	EBT_FRAME_STATUS,  /* struct ebt_frame_status, then CPU by CPU received and gaps, then
			      counters */
	EBT_FRAME_NOTE,	   /* struct ebt_frame_note, then text */
	EBT_FRAME_END,	   /* struct ebt_frame_end: the run ended as it should */
	EBT_FRAME_HOMEO,   /* struct ebt_frame_homeo, then its texts */
};

struct ebt_frame {
	uint16_t kind;	  /* enum ebt_frame_kind; a reader passes over kinds it does not know */
	const char *data; /* 8-byte aligned */
	size_t len;
};

struct ebt_frame_hdr {
	uint32_t len; /* of the data behind it, which is padded with zeros to 8 bytes */
	uint16_t kind;
	uint16_t reserved;
};

/* Nothing we write is longer; a counters frame of a machine with 65,536 CPUs is the longest. */
#define EBT_FRAME_MAX (16u << 20)

struct ebt_frame_clock {
	uint64_t mono_ns;	 /* when it was taken */
	int64_t mono_to_real_ns; /* what to add to CLOCK_MONOTONIC to get CLOCK_REALTIME */
};

struct ebt_frame_start {
	uint64_t mono_ns;
	uint64_t took_ns, compile_ns;
	uint32_t ncpu; /* possible CPUs */
	uint32_t generation;
	uint32_t scratch_bytes, ring_bytes, args_limit, env_limit;
	uint8_t paths, failed, perf, reserved[5];
};

struct ebt_frame_name {
	uint64_t number;
};

struct ebt_frame_process {
	uint64_t start_ns;
	uint32_t pid, ppid, uid;
	uint32_t comm_len; /* bytes of comm, which comes first */
};

struct ebt_frame_flush {
	uint64_t now_ns, max_age_ns; /* as in ebt_decoder_flush */
};

#define EBT_STATUS_BASE \
	0x1 /* begins a later part: what was lost until here is told in the parts before */

struct ebt_frame_status {
	uint64_t mono_ns;  /* when the counters were read */
	uint64_t taken_ns; /* and when the view took them */
	uint64_t ring_used, ring_size, scratch_bytes, kernel_bytes, recursion_misses;
	uint32_t ncpu;
	uint32_t counters_bytes; /* of one CPU's struct ebt_cpu_counters */
	uint32_t generation;
	uint32_t flags; /* EBT_STATUS_* */
};

struct ebt_frame_note {
	uint64_t mono_ns;
};

#define EBT_END_SUMMARY 0x1 /* the run was stopped in order: the accounts are complete */

struct ebt_frame_end {
	uint64_t mono_ns;
	uint32_t flags;
	uint32_t reserved;
};

/* An event of process homeostasis. Texts: event, exe, comm, call, cause, one behind the other. */
struct ebt_frame_homeo {
	uint64_t mono_ns;
	uint64_t train_count, count, anomalies;
	uint32_t pid, tid, slot, missed, lfc, max_lfc;
	uint32_t level; /* 0 debug, 1 info, 2 warning, 3 error */
	uint16_t event_len, exe_len, comm_len, call_len, cause_len, reserved;
};

/* Appends a frame of up to three pieces. 0, -ENOMEM, -EMSGSIZE. */
int ebt_frame_append(struct ebt_buf *out, enum ebt_frame_kind kind, const struct ebt_bytes *pieces,
		     unsigned count);

/* Takes the next frame from *at (end exclusive; *at 8-byte aligned). 1, 0: not all of it is there,
 * -EBADMSG. */
int ebt_frame_next(const char **at, const char *end, struct ebt_frame *frame);

/* Copies the fixed part of a frame, what is missing as zeros; gives the bytes behind it. */
struct ebt_bytes ebt_frame_fixed(const struct ebt_frame *frame, void *out, size_t size);

#endif
