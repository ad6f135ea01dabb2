/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * perfetto.h - events as a Chrome trace (JSON object form), which ui.perfetto.dev and
 * chrome://tracing load: a slice a process image, below its parent's where that has room, with the
 * arguments in it; counters for the rate of execs and for losses.
 */
#ifndef EBT_EXPORT_PERFETTO_H
#define EBT_EXPORT_PERFETTO_H

#include <stdint.h>

#include "decode/event.h"
#include "model/model.h"

struct ebt_trace;

struct ebt_trace_options {
	int fd;		   /* borrowed */
	uint64_t first_ns; /* CLOCK_MONOTONIC that becomes time 0 */
	int64_t mono_to_real_ns;
	const struct ebt_model *names;
	const char *host, *kernel, *command; /* NULL: unknown */
};

int ebt_trace_new(struct ebt_trace **out, const struct ebt_trace_options *options);
void ebt_trace_free(struct ebt_trace **trace);
/* -errno of write, -ENOMEM. */
int ebt_trace_event(struct ebt_trace *trace, const struct ebt_event *ev);
/* What still runs ends with the recording, and says so; closes the object. */
int ebt_trace_finish(struct ebt_trace *trace, uint64_t last_ns);

#endif
