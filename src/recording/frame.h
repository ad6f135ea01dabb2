/* SPDX-License-Identifier: BSD-3-Clause */
/* frame.h - the frames that a recording consists of: a kind and its bytes, in the order of events
 * (docs/recording.md)
 *
 * The same stream goes from the view to its writer process.
 *
 * All numbers are in the byte order of the recording machine. Structures only grow at their end: a
 * reader uses the members that are present and takes the rest as zero. */
#ifndef EBT_RECORDING_FRAME_H
#define EBT_RECORDING_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

enum ebt_frame_kind {
	EBT_FRAME_META = 1, /* facts about the machine: "name=value" texts, each with a NUL */
	EBT_FRAME_CLOCK,    /* struct ebt_frame_clock, valid from here on */
	/* struct ebt_frame_start: what is traced, at the start and after a change of settings */
	EBT_FRAME_START,
	/* struct ebt_frame_name, then the name of a uid; empty: it has no name any more */
	EBT_FRAME_USER,
	EBT_FRAME_CGROUP, /* path of a cgroup id, with the same struct */
	/* struct ebt_frame_process, comm, arguments: a process that ran before tracing began */
	EBT_FRAME_PROCESS,
	EBT_FRAME_RECORD, /* one record of the kernel, unchanged (bpf_text/ebt_abi.h) */
	EBT_FRAME_FLUSH,  /* struct ebt_frame_flush: incomplete events were given up */
	/* struct ebt_frame_status, then received and gaps of each CPU, then counters */
	EBT_FRAME_STATUS,
	EBT_FRAME_NOTE,	 /* struct ebt_frame_note, then text */
	EBT_FRAME_END,	 /* struct ebt_frame_end: the run ended in order */
	EBT_FRAME_HOMEO, /* struct ebt_frame_homeo, then its texts */
	/* struct ebt_file_hdr (file.h): the file's header again, first in every block; the reader of
	 * the file takes it out */
	EBT_FRAME_HEADER,
	/* a PROCESS of the block before, once more; the reader of the file takes it out, or makes it a
	 * PROCESS if that block is missing */
	EBT_FRAME_PROCESS_AGAIN,
	EBT_FRAME_CONTINUES, /* no data: the last frame of a part after which a next part was begun */
	/* These go from the view to its writer process and are never in a file. */
	EBT_FRAME_DISCARD = 0x8000, /* keep the file that would have been replaced */
	EBT_FRAME_ROTATE,	    /* end the part now and begin the next */
};

struct ebt_frame {
	uint16_t kind;	  /* enum ebt_frame_kind; a reader skips kinds that it does not know */
	const char *data; /* aligned to 8 bytes */
	size_t len;
};

struct ebt_frame_hdr {
	uint32_t len; /* bytes of the data after it, which is padded with zeros to 8 bytes */
	uint16_t kind;
	uint16_t reserved;
};

/* Limit for reading. The longest frame that is written holds the counters of a machine with 65,536
 * CPUs. */
#define EBT_FRAME_MAX (16u << 20)

struct ebt_frame_clock {
	uint64_t mono_ns;	 /* when the clocks were read */
	int64_t mono_to_real_ns; /* what to add to CLOCK_MONOTONIC to get CLOCK_REALTIME */
};

struct ebt_frame_start {
	uint64_t mono_ns;
	uint64_t took_ns, compile_ns;
	uint32_t ncpu; /* number of possible CPUs */
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
	uint32_t comm_len; /* bytes of comm, which is the first text */
};

struct ebt_frame_flush {
	uint64_t now_ns, max_age_ns; /* the arguments of ebt_decoder_flush */
};

#define EBT_STATUS_BASE \
	0x1 /* begins a later part: losses until here were reported in the parts before */

struct ebt_frame_status {
	uint64_t mono_ns;  /* when the counters were read */
	uint64_t taken_ns; /* when the view received them */
	uint64_t ring_used, ring_size, scratch_bytes, kernel_bytes, recursion_misses;
	uint32_t ncpu;
	uint32_t counters_bytes; /* bytes of one CPU's struct ebt_cpu_counters */
	uint32_t generation;
	uint32_t flags; /* EBT_STATUS_* */
};

struct ebt_frame_note {
	uint64_t mono_ns;
};

#define EBT_END_SUMMARY 0x1 /* the run was stopped in order, so the counters are complete */

struct ebt_frame_end {
	uint64_t mono_ns;
	uint32_t flags;
	uint32_t reserved;
};

/* An event of process homeostasis. The texts event, exe, comm, call and cause follow, one after the
 * other. */
struct ebt_frame_homeo {
	uint64_t mono_ns;
	uint64_t train_count, count, anomalies;
	uint32_t pid, tid, slot, missed, lfc, max_lfc;
	uint32_t level; /* 0 debug, 1 info, 2 warning, 3 error */
	uint16_t event_len, exe_len, comm_len, call_len, cause_len, reserved;
};

/* Append a frame that consists of up to three pieces. Return 0, -ENOMEM or -EMSGSIZE. */
int ebt_frame_append(struct ebt_buf *out, enum ebt_frame_kind kind, const struct ebt_bytes *pieces,
		     unsigned count);

/* Get the next frame at *at, which is aligned to 8 bytes; end is exclusive. Return 1, 0 if the
 * frame is not complete, or -EBADMSG. */
int ebt_frame_next(const char **at, const char *end, struct ebt_frame *frame);

/* Copy the fixed part of a frame, with zeros for missing members, and return the bytes after it. */
struct ebt_bytes ebt_frame_fixed(const struct ebt_frame *frame, void *out, size_t size);

#endif
