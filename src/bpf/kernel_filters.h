/* SPDX-License-Identifier: BSD-3-Clause */
/* kernel_filters.h - change the filters of the BPF programs while they run */
#ifndef EBT_BPF_KERNEL_FILTERS_H
#define EBT_BPF_KERNEL_FILTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/failure.h"
#include "ebt_abi.h"

/* The filters to put in force. */
struct ebt_filter_set {
	struct ebt_config config; /* filter, uid, cgroup_id and cgroup_level are used */
	/* Trace these processes and what they start from now on. Borrowed. */
	const uint32_t *pids;
	unsigned n_pids;
	/* also keep those of the filters before, with all that they have started */
	bool keep_pids;
	/* trace this process and what it starts, from the first time that it is given; 0 if there
	 * is none */
	uint32_t command;
};

struct ebt_generation;
struct ebt_hooks;

struct ebt_kernel_filters {
	/* borrowed, for its maps, which all generations share */
	const struct ebt_generation *current;
	struct ebt_hooks *hooks; /* borrowed */
	bool ends; /* the table of shown processes is kept, since there was a filter */
	/* element of the filter map that is in force; 0 if there is none */
	uint32_t active;
	/* bits of tracked processes: the one in force, and the last one that was assigned */
	uint32_t tree, last_tree;
};

/* Put filters in force. Every event is judged either by the filters before or by these. On failure
 * return -errno and keep those before. */
int ebt_kernel_filters_set(struct ebt_kernel_filters *filters, const struct ebt_filter_set *set,
			   struct ebt_failure *failure);

#endif
