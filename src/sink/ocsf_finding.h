/* SPDX-License-Identifier: BSD-3-Clause */
/* ocsf_finding.h - events of homeostasis as Detection Findings (2004) and Base Events. */
#ifndef EBT_SINK_OCSF_FINDING_H
#define EBT_SINK_OCSF_FINDING_H

#include "sink/ocsf_objects.h"

/* The numbers of an event of homeostasis that the schema has no place for. */
void ebt_ocsf_put_homeo_numbers(struct ebt_json_writer *w, const struct ebt_event_homeo *e);
/* An event of homeostasis, whole. */
void ebt_ocsf_put_homeo(struct ebt_json_writer *w, const struct ebt_sink_options *o,
			const struct ebt_event *ev);

#endif
