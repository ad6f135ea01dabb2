/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * perfetto.h - write events as a Chrome trace (JSON object form), which ui.perfetto.dev and
 * chrome://tracing load. Each process image is a slice with its arguments, on the row of its parent
 * where that has room, else on another row with an arrow from the parent. Counters show the rate of
 * execs and the losses.
 */
#ifndef EBT_EXPORT_PERFETTO_H
#define EBT_EXPORT_PERFETTO_H

#include <stdint.h>

#include "decode/event.h"
#include "model/model.h"

struct ebt_trace;

struct ebt_trace_options {
	int fd;		   /* borrowed */
	uint64_t first_ns; /* the CLOCK_MONOTONIC time that becomes time 0 */
	int64_t mono_to_real_ns;
	const struct ebt_model *names;
	const char *host, *kernel, *command; /* NULL if unknown */
};

int ebt_trace_new(struct ebt_trace **out, const struct ebt_trace_options *options);
void ebt_trace_free(struct ebt_trace **trace);
/* Write an event. Return 0, the -errno of write, or -ENOMEM. */
int ebt_trace_event(struct ebt_trace *trace, const struct ebt_event *ev);
/* Take an event that a filter leaves out. It is not shown, but it ends the slice of a process that
 * is: a program that was shown may end under another user or name. */
void ebt_trace_left_out(struct ebt_trace *trace, const struct ebt_event *ev);
/* End what still runs at last_ns with the given words, and close the object. -errno of write. */
int ebt_trace_finish(struct ebt_trace *trace, uint64_t last_ns, const char *still_runs);

#endif
