/* SPDX-License-Identifier: BSD-3-Clause */
/* batch_rows.h - the groups and the latest execs of a batch frame. */
#ifndef EBT_SINK_BATCH_ROWS_H
#define EBT_SINK_BATCH_ROWS_H

#include "sink/batch.h"
#include "sink/batch_line.h"

void ebt_batch_groups(struct ebt_batch_line *l, const struct ebt_snapshot *snap,
		      const struct ebt_batch_options *o);
void ebt_batch_events(struct ebt_batch_line *l, const struct ebt_snapshot *snap);

#endif
