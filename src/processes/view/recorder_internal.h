/* SPDX-License-Identifier: BSD-3-Clause */
/* recorder_internal.h - the parts that recorder.c and recorder_frames.c share */
#ifndef EBT_PROCESSES_VIEW_RECORDER_INTERNAL_H
#define EBT_PROCESSES_VIEW_RECORDER_INTERNAL_H

#include "ipc/pipe_queue.h"
#include "processes/view/recorder.h"
#include "recording/names_sent.h"

struct ebt_recorder {
	uint64_t stuck_ns; /* how long a writer that does not get on is waited for at the end */
	struct ebt_pipe_queue to; /* the writer; closed when it is gone */
	int from;		  /* pipe with its messages */
	pid_t writer;
	uint64_t slow_ns; /* since when it does not take what comes, CLOCK_MONOTONIC; 0: it does */
	bool slow_told;
	struct ebt_names_sent sent;
	uint64_t bytes;
	bool failed, trouble_new, done;
	char trouble[256];
};

/* Return whether frames are needed. It is false without a recorder. */
static inline bool ebt_recorder_open(const struct ebt_recorder *r)
{
	return r && r->to.fd >= 0;
}

/* Send a frame that consists of up to three pieces. */
void ebt_recorder_put(struct ebt_recorder *r, enum ebt_frame_kind kind,
		      const struct ebt_bytes *pieces, unsigned count);

#endif
