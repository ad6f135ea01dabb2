/* SPDX-License-Identifier: BSD-3-Clause */
/* summary.h - the accounts at the end of a run: the accounting, CPU by CPU. */
#ifndef EBT_SINK_SUMMARY_H
#define EBT_SINK_SUMMARY_H

#include <stdint.h>

#include "base/bytes.h"
#include "model/snapshot.h"

/* Appends one JSON line: {"v":1,"type":"note","text":"summary","law":true,…,"cpus":[{…}]}. The
 * numbers are those of struct ebt_cpu_counters, by the same names, and received and gaps as the
 * decoder counted them. */
int ebt_summary_json(struct ebt_buf *out, const struct ebt_snapshot *snap, int64_t mono_to_real_ns);

#endif
