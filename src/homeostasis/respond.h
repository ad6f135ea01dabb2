/* SPDX-License-Identifier: BSD-3-Clause */
/* respond.h - respond to anomalies: log, delay, freeze, kill */
#ifndef EBT_HOMEOSTASIS_RESPOND_H
#define EBT_HOMEOSTASIS_RESPOND_H

#include "homeostasis/monitor_core.h"

/* Respond to an anomaly as the settings and the profile ask. */
void ebt_ph_respond(struct ebt_ph_monitor *monitor, const struct ebt_ph_rec *rec);
/* Continue the processes whose delay is over. */
void ebt_ph_delay_step(struct ebt_ph_monitor *monitor, uint64_t now_ns);
/* Continue all processes that are stopped. */
void ebt_ph_delay_end_all(struct ebt_ph_monitor *monitor);
/* Return the delay for a locality-frame count: 2^lfc units, at most the limit. */
uint64_t ebt_ph_delay_ms(const struct ebt_ph_settings *settings, uint32_t lfc);

#endif
