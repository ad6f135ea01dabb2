/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * sink_internal.h - the formats behind sink.h. A format only appends to a buffer; sink.c owns the
 * buffer and writes it.
 */
#ifndef EBT_SINK_SINK_INTERNAL_H
#define EBT_SINK_SINK_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/container.h"
#include "decode/event.h"
#include "sink/sink.h"

struct ebt_sink_ops {
	/* The column line; NULL: the format has none. */
	void (*header)(struct ebt_buf *out, const struct ebt_sink_options *o);
	/* One event as one line, newline included; nothing when the format does not show it.
	 * Errors stay in out->error. */
	void (*event)(struct ebt_buf *out, const struct ebt_sink_options *o,
		      const struct ebt_event *ev);
};

extern const struct ebt_sink_ops ebt_sink_text_ops;
extern const struct ebt_sink_ops ebt_sink_json_ops;
extern const struct ebt_sink_ops ebt_sink_csv_ops;
extern const struct ebt_sink_ops ebt_sink_ecs_ops;
extern const struct ebt_sink_ops ebt_sink_ocsf_ops;

/* List of names to numbers; *bad is the name that is none. */
int ebt_sink_columns_parse(enum ebt_sink_format format, const char *list, unsigned char *out,
			   unsigned *count, const char **bad);

/* EBT_EV_* flags that have a name, in the order of their bits. */
struct ebt_sink_flag {
	uint32_t bit;
	const char *name;
};
extern const struct ebt_sink_flag ebt_sink_flags[];
extern const size_t ebt_sink_flags_count;

static inline uint64_t ebt_sink_real_ns(const struct ebt_sink_options *o,
					const struct ebt_event *ev)
{
	return ev->mono_ns + (uint64_t)o->mono_to_real_ns;
}

/* Something that process homeostasis found, not what it says of itself or of its profiles. */
static inline bool ebt_sink_homeo_alert(const struct ebt_event_homeo *e)
{
	return e->level >= EBT_HOMEO_WARNING && !ebt_bytes_equal(e->event, ebt_bytes_from("note"));
}

/* Of these: an exec that it refused. */
static inline bool ebt_sink_homeo_denial(const struct ebt_event_homeo *e)
{
	return ebt_sink_homeo_alert(e) && ebt_bytes_equal(e->event, ebt_bytes_from("exec_denied"));
}

/* The schemas of others have no place for notes; what every start of a program brings to
 * homeostasis is no news there. */
static inline bool ebt_sink_schema_omits(const struct ebt_event *ev)
{
	return ev->type == EBT_EVENT_NOTE ||
	       (ev->type == EBT_EVENT_HOMEO && ev->homeo.level == EBT_HOMEO_DEBUG);
}

/* The container that a cgroup path names, as one word: docker:ID. False: none. */
static inline bool ebt_sink_container(struct ebt_buf *out, const char *path)
{
	struct ebt_container c;

	if (!path || !ebt_container_find(path, &c))
		return false;
	ebt_buf_printf(out, "%s:%.*s", c.runtime, (int)c.id.len, c.id.data);
	return true;
}

#endif
