/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * sink.h - prints events as lines: text for people (-e), JSON (-J), CSV (--csv), ECS and OCSF
 * (--format). An event is one line, which is written whole.
 */
#ifndef EBT_SINK_SINK_H
#define EBT_SINK_SINK_H

#include "decode/event.h"
#include "sink/sink_options.h"

struct ebt_sink;

/* Make a sink. 0; -EINVAL: there is no such format or column; -ENOMEM. */
int ebt_sink_new(struct ebt_sink **out, const struct ebt_sink_options *options);
/* Write what is left and free the sink. *sink may be NULL. */
void ebt_sink_free(struct ebt_sink **sink);
/* Append one event, and write when the buffer is full. 0; -ENOMEM: the event is left out; -errno of
 * write, such as -EPIPE when the reader is gone. */
int ebt_sink_event(struct ebt_sink *sink, const struct ebt_event *ev);
/* Write what is in the buffer. 0 or -errno of write. */
int ebt_sink_flush(struct ebt_sink *sink);
/* Move the lines that wait to out, for a sink without a descriptor (fd -1), which writes nothing. 0 or
 * -errno of out. */
int ebt_sink_take(struct ebt_sink *sink, struct ebt_buf *out);
/* Use another offset of the clock for the lines that follow, because the clock was stepped. */
void ebt_sink_set_clock(struct ebt_sink *sink, int64_t mono_to_real_ns);

#endif
