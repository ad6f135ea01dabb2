/* SPDX-License-Identifier: BSD-3-Clause */
/* kernel_internal.h - the state that kernel.c and kernel_maps.c share */
#ifndef EBT_HOMEOSTASIS_KERNEL_INTERNAL_H
#define EBT_HOMEOSTASIS_KERNEL_INTERNAL_H

#include <stdint.h>

#include "bpf/generation.h"
#include "homeostasis/kernel.h"

/* The maps of homeostasis.bpf.c. */
enum ebt_ph_map {
	EBT_PH_MAP_CONFIG,
	EBT_PH_MAP_GLOBAL,
	EBT_PH_MAP_PROFILES,
	EBT_PH_MAP_IDS,
	EBT_PH_MAP_ROWS,
	EBT_PH_MAP_TASKS,
	EBT_PH_MAP_MORE_TASKS,
	EBT_PH_MAP_COUNTERS,
	EBT_PH_MAP_RING,
	EBT_PH_MAP_COUNT
};

#define EBT_PH_HOOKS 5

struct ebt_ph_kernel {
	struct ebt_persistent persistent;
	struct ebt_generation *gen;
	int maps[EBT_PH_MAP_COUNT]; /* borrowed from gen */
	int links[EBT_PH_HOOKS];
	int verb_prog;
	unsigned ncpu;
	int64_t epoch_ns;   /* time of profiles - CLOCK_BOOTTIME */
	int64_t step_ns;    /* wall clock - time of profiles, when last read */
	int deny_link;	    /* -1 if this kernel cannot refuse execs */
	char deny_why[128]; /* the reason for that */
	struct ring_buffer *ring;
	/* The callback while ebt_ph_kernel_read() runs. */
	ebt_ph_rec_fn fn;
	void *arg;
	uint64_t bad_records;
};

#endif
