/* SPDX-License-Identifier: BSD-3-Clause */
/* parts_repeat.h - the frames that a recording repeats, so that every part can be read alone and a
 * damaged block costs only what happened in it
 *
 * A part begins with all of them. Every later block of it begins with the clock and the settings, and
 * with the facts, names and processes that came in the block before. */
#ifndef EBT_RECORDING_PARTS_REPEAT_H
#define EBT_RECORDING_PARTS_REPEAT_H

#include <stdbool.h>

#include "recording/parts_names.h"

/* Zero-initialise it. */
struct ebt_parts_repeat {
	struct ebt_buf meta, clock, start, status; /* the last frame of each kind */
	bool keeps_names;	      /* there will be other parts, which want all names */
	struct ebt_parts_names names; /* filled if keeps_names */
	struct ebt_buf fresh;	      /* facts, names and processes of the open block */
	struct ebt_buf again;	      /* those of the block before */
};

/* Remember a frame that is about to be written. Return false if it need not be, because it is the
 * same as the one before of its kind and stands in every block anyway. */
bool ebt_parts_repeat_take(struct ebt_parts_repeat *repeat, const struct ebt_frame *frame);
/* Write what a block begins with, if the writer is about to begin one. Return 0 or -errno. */
int ebt_parts_repeat_block(struct ebt_parts_repeat *repeat, struct ebt_file_writer *writer);
/* Write what a part begins with, the counters marked as those that the part before has reported.
 * Return 0 or -errno. */
int ebt_parts_repeat_part(struct ebt_parts_repeat *repeat, struct ebt_file_writer *writer);
void ebt_parts_repeat_deinit(struct ebt_parts_repeat *repeat);

#endif
