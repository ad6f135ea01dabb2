/* SPDX-License-Identifier: BSD-3-Clause */
/* own_cost.h - what the tracer itself costs: shares of a CPU over the last seconds, and memory */
#ifndef EBT_MODEL_OWN_COST_H
#define EBT_MODEL_OWN_COST_H

#include <stdint.h>

#include "base/process_cost.h"

struct ebt_own_cost_sample {
	uint64_t at_ns, bpf_ns;
	unsigned count;
	struct ebt_process_cost process[EBT_COSTS_MAX];
};

struct ebt_own_costs {
	struct ebt_own_cost_sample now, older, newer; /* older: the shares are since then */
	double share[EBT_COSTS_MAX]; /* of one CPU, 1 is all of it; as now.process */
	double bpf_share;	     /* of one CPU, in the BPF programs, in all processes */
	double all_share;	     /* of all these together */
	uint64_t process_bytes;	     /* memory of all processes; the kernel's maps are beside it */
};

/* Take the figures of now. bpf_ns is the time of all BPF programs so far. */
void ebt_own_costs_update(struct ebt_own_costs *costs, const struct ebt_process_cost *processes,
			  unsigned count, uint64_t bpf_ns, uint64_t now_ns);

#endif
