/* SPDX-License-Identifier: BSD-3-Clause */
/* recorder_internal.h - what recorder.c and recorder_frames.c share. */
#ifndef EBT_PROCESSES_VIEW_RECORDER_INTERNAL_H
#define EBT_PROCESSES_VIEW_RECORDER_INTERNAL_H

#include "processes/view/recorder.h"
#include "recording/names_sent.h"

struct ebt_recorder {
	int to, from; /* pipes; to < 0: the writer is gone */
	struct ebt_buf out;
	struct ebt_names_sent sent;
	uint64_t bytes;
	bool failed, trouble_new, done;
	char trouble[256];
};

/* False also without a recorder: then there is nothing to make frames for. */
static inline bool ebt_recorder_open(const struct ebt_recorder *r)
{
	return r && r->to >= 0;
}

/* A frame of up to three pieces on its way to the writer. */
void ebt_recorder_put(struct ebt_recorder *r, enum ebt_frame_kind kind,
		      const struct ebt_bytes *pieces, unsigned count);

#endif
