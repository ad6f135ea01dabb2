/* SPDX-License-Identifier: BSD-3-Clause */
/* batch_line.h - a line of a batch frame that is never wider than the frame. */
#ifndef EBT_SINK_BATCH_LINE_H
#define EBT_SINK_BATCH_LINE_H

#include "base/bytes.h"

#define EBT_BATCH_NAME_BYTES 4096 /* of a name or command line when the width has no limit */

/* A line being built: what goes beyond the width is not appended. */
struct ebt_batch_line {
	struct ebt_buf *out;
	unsigned width; /* columns; 0: no limit */
	unsigned at;	/* columns so far */
	unsigned flags; /* EBT_TEXT_* */
};

/* Own text, plain ASCII. */
void ebt_batch_put(struct ebt_batch_line *l, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Foreign bytes, made safe. When they do not fit they are cut and end in "...". */
void ebt_batch_put_text(struct ebt_batch_line *l, struct ebt_bytes text);
/* NUL-terminated arguments, quoted and cut likewise. */
void ebt_batch_put_args(struct ebt_batch_line *l, struct ebt_bytes args);
void ebt_batch_end_line(struct ebt_batch_line *l);

#endif
