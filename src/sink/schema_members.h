/* SPDX-License-Identifier: BSD-3-Clause */
/* schema_members.h - the fields for which ECS and OCSF have no place of their own. */
#ifndef EBT_SINK_SCHEMA_MEMBERS_H
#define EBT_SINK_SCHEMA_MEMBERS_H

#include "base/json_write.h"
#include "sink/sink_format.h"

/* Write the object "labels" of ECS, whose values are all texts. */
void ebt_schema_put_labels(struct ebt_json_writer *w, const struct ebt_sink_line *line,
			   const struct ebt_event *ev);
/* Write the object "unmapped" of OCSF. */
void ebt_schema_put_unmapped(struct ebt_json_writer *w, const struct ebt_sink_line *line,
			     const struct ebt_event *ev);

#endif
