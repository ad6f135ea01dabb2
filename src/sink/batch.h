/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * batch.h - one moment of the model as text, for -b: totals, buffers CPU by CPU, groups, the latest
 * execs. Nothing in it acts on a terminal.
 */
#ifndef EBT_SINK_BATCH_H
#define EBT_SINK_BATCH_H

#include <linux/types.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "model/snapshot.h"

#define EBT_BATCH_GROUPS 20
#define EBT_BATCH_EVENTS 10

/* Zero-initialised gives the defaults. */
struct ebt_batch_options {
	enum ebt_group_by group_by;
	enum ebt_column sort;
	bool invert;
	bool ascii;	 /* escape everything beyond ASCII */
	unsigned width;	 /* no line is wider, in columns; 0: no limit (names up to 4 KiB) */
	unsigned groups; /* most rows; 0: EBT_BATCH_GROUPS */
	unsigned events; /* most rows; 0: EBT_BATCH_EVENTS */
};

/* Append one frame, which ends in an empty line. Return 0 or out->error. */
int ebt_batch_frame(struct ebt_buf *out, struct ebt_model *model, const struct ebt_batch_options *o,
		    uint64_t now_mono_ns);

#endif
