/* SPDX-License-Identifier: BSD-3-Clause */
/* event_json.h - format events of the monitor as JSON and as sentences */
#ifndef EBT_HOMEOSTASIS_EVENT_JSON_H
#define EBT_HOMEOSTASIS_EVENT_JSON_H

#include "base/bytes.h"
#include "homeostasis/monitor_core.h"

/* Append an event as one line of JSON. */
void ebt_ph_event_json(const struct ebt_ph_rec *rec, const char *path, struct ebt_buf *out);
/* Append an event as a sentence without a newline. Control characters are escaped. */
void ebt_ph_event_text(const struct ebt_ph_rec *rec, const char *path, struct ebt_buf *out);

#endif
