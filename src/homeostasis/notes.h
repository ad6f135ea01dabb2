/* SPDX-License-Identifier: BSD-3-Clause */
/* notes.h - warnings of the monitor about its own losses */
#ifndef EBT_HOMEOSTASIS_NOTES_H
#define EBT_HOMEOSTASIS_NOTES_H

#include "homeostasis/monitor_core.h"

/* Once a second, report which tables were full and how many events were lost since the last report. */
void ebt_ph_watch_losses(struct ebt_ph_monitor *monitor, uint64_t now_ns);

#endif
