/* SPDX-License-Identifier: BSD-3-Clause */
/* sink_names.h - lets the table of fields look up names in the model. */
#ifndef EBT_SINK_SINK_NAMES_H
#define EBT_SINK_SINK_NAMES_H

#include "decode/event_fields.h"
#include "model/model.h"

/* Return a context that takes names of users and cgroups from the model, which is borrowed. NULL:
 * there are no names. */
struct ebt_field_context ebt_sink_field_context(const struct ebt_model *names,
						int64_t mono_to_real_ns);
/* Append the container that a cgroup path names as one word, runtime:id, or nothing. */
void ebt_sink_put_container(struct ebt_buf *out, const char *cgroup_path);
/* Append the names of the flags that are set, with a blank between them. */
void ebt_sink_put_flags(struct ebt_buf *out, uint32_t flags);

#endif
