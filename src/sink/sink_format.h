/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * sink_format.h - what a format of lines is, for src/sink/ alone.
 *
 * A format appends one event to a buffer and does nothing else. sink.c owns the buffer, decides
 * when it is written, and gives the format what it needs to know of the run. Everything here
 * belongs to the thread that owns the sink.
 */
#ifndef EBT_SINK_SINK_FORMAT_H
#define EBT_SINK_SINK_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "cgroup/container.h"
#include "decode/event_fields.h"
#include "sink/sink_column.h"
#include "sink/sink_options.h"

/* What all lines of a sink have in common. */
struct ebt_sink_line {
	struct ebt_sink_options options;
	struct ebt_field_context context; /* for ebt_field_value */
	/* Text, CSV: the columns to print, in that order. Text without -o has none. */
	struct ebt_sink_column column[EBT_SINK_COLUMNS_MAX];
	unsigned column_count;
};

struct ebt_sink_format_ops {
	/* Append the line over the columns. NULL: the format has none. */
	void (*header)(struct ebt_buf *out, const struct ebt_sink_line *line);
	/* Append one event as one line, newline included, or nothing when the format does not show
	 * it. Errors stay in out->error. */
	void (*event)(struct ebt_buf *out, const struct ebt_sink_line *line,
		      const struct ebt_event *ev);
};

extern const struct ebt_sink_format_ops ebt_sink_text_ops;
extern const struct ebt_sink_format_ops ebt_sink_json_ops;
extern const struct ebt_sink_format_ops ebt_sink_csv_ops;
extern const struct ebt_sink_format_ops ebt_sink_ecs_ops;
extern const struct ebt_sink_format_ops ebt_sink_ocsf_ops;

static inline uint64_t ebt_sink_real_ns(const struct ebt_sink_options *o,
					const struct ebt_event *ev)
{
	return ev->mono_ns + (uint64_t)o->mono_to_real_ns;
}

/* Return whether homeostasis found something, in contrast to what it says of itself or of its
 * profiles. */
static inline bool ebt_sink_homeo_alert(const struct ebt_event_homeo *e)
{
	return e->level >= EBT_HOMEO_WARNING && !ebt_bytes_equal(e->event, ebt_bytes_from("note"));
}

/* Return whether the alert is an exec that homeostasis refused. */
static inline bool ebt_sink_homeo_denial(const struct ebt_event_homeo *e)
{
	return ebt_sink_homeo_alert(e) && ebt_bytes_equal(e->event, ebt_bytes_from("exec_denied"));
}

/* Return whether ECS and OCSF leave an event out. They have no place for notes and
 * for images that were replaced, and the events
 * that homeostasis reports at every start of a program are no news in a log of a whole site. */
static inline bool ebt_sink_schema_omits(const struct ebt_event *ev)
{
	return ev->type == EBT_EVENT_NOTE || ev->type == EBT_EVENT_REPLACED ||
	       (ev->type == EBT_EVENT_HOMEO && ev->homeo.level == EBT_HOMEO_DEBUG);
}

#endif
