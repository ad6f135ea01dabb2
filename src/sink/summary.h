/* SPDX-License-Identifier: BSD-3-Clause */
/* summary.h - the accounts at the end of a run: the accounting, CPU by CPU. */
#ifndef EBT_SINK_SUMMARY_H
#define EBT_SINK_SUMMARY_H

#include <stdint.h>

#include "base/bytes.h"
#include "model/snapshot.h"

/* Append one JSON line: {"v":1,"type":"note","text":"summary","law":true,…,"cpus":[{…}]}. The
 * numbers have the names of struct ebt_cpu_counters; received and gaps are the decoder's. */
int ebt_summary_json(struct ebt_buf *out, const struct ebt_snapshot *snap, int64_t mono_to_real_ns);

#endif
