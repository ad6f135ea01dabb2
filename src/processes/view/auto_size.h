/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * auto_size.h - advice on the sizes of scratch buffers and ring, from what the present generation
 * has needed and lost. The Buffers screen shows it; with --auto it is applied, and noted as an event.
 */
#ifndef EBT_PROCESSES_VIEW_AUTO_SIZE_H
#define EBT_PROCESSES_VIEW_AUTO_SIZE_H

#include <stdbool.h>
#include <stdint.h>

#include "advice/advice.h"
#include "ipc/protocol.h"
#include "processes/view/retune.h"
#include "processes/view/ring_reader.h"

/* Zero-initialised is ready for the first generation. */
struct ebt_auto_size {
	struct ebt_advice advice;
	uint64_t lost, cut; /* events, when the generation began */
	uint64_t since_ns;  /* when it began */
	bool full;	    /* that --auto has reached its limit has been noted */
};

/* Begin anew with another generation; status as of now. */
void ebt_auto_size_restart(struct ebt_auto_size *a, const struct ebt_status *status,
			   uint64_t now_ns);
/* Form the advice from fresh counters; with --auto ask for the sizes, if may_ask and it is time. */
void ebt_auto_size_update(struct ebt_auto_size *a, const struct ebt_status *status,
			  const struct ebt_ring_demand *demand, struct ebt_retune *retune,
			  bool may_ask);

#endif
