/* SPDX-License-Identifier: BSD-3-Clause */
/* ocsf_finding.h - events of homeostasis as Detection Findings (2004) and Base Events. */
#ifndef EBT_SINK_OCSF_FINDING_H
#define EBT_SINK_OCSF_FINDING_H

#include "sink/ocsf_objects.h"

/* Write what the schema has of an event of homeostasis, apart from "unmapped". */
void ebt_ocsf_put_homeo(struct ebt_json_writer *w, const struct ebt_sink_options *o,
			const struct ebt_event *ev);

#endif
