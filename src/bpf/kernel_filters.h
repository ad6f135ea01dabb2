/* SPDX-License-Identifier: BSD-3-Clause */
/* kernel_filters.h - what the BPF programs leave out, changed while they run. */
#ifndef EBT_BPF_KERNEL_FILTERS_H
#define EBT_BPF_KERNEL_FILTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/failure.h"
#include "ebt_abi.h"

/* What the programs leave out. */
struct ebt_filter_set {
	struct ebt_config config; /* filter, uid, cgroup_id, cgroup_level */
	/* These processes and what they start from now on; borrowed. */
	const uint32_t *pids;
	unsigned n_pids;
	bool keep_pids;	  /* those of the filters before, with all they have started */
	uint32_t command; /* this one and what it starts too, from the first time it is named; 0:
			     none */
};

struct ebt_generation;
struct ebt_hooks;

struct ebt_kernel_filters {
	const struct ebt_generation *current; /* borrowed: its maps are those of all generations */
	struct ebt_hooks *hooks;	      /* borrowed */
	bool attached;			      /* programs may be reading the filters */
	uint32_t active;		      /* element of the map that is in force; 0: none */
	uint32_t tree, last_tree;	      /* bits of tracked processes: in force, given last */
};

/* Put filters in force. Every event is judged by the filters before or by these. On failure, -errno, those
 * before stay. */
int ebt_kernel_filters_set(struct ebt_kernel_filters *filters, const struct ebt_filter_set *set,
			   struct ebt_failure *failure);

#endif
