/* SPDX-License-Identifier: BSD-3-Clause */
/* kernel_maps.h - read and write the maps of homeostasis.bpf.c: profiles, rows, threads,
 * counters */
#ifndef EBT_HOMEOSTASIS_KERNEL_MAPS_H
#define EBT_HOMEOSTASIS_KERNEL_MAPS_H

#include "homeostasis/kernel.h"

/* Store a profile with its rows in the kernel, before attaching. Return its slot, -ENOSPC if a table is
 * full, or -EEXIST if its key is there already. */
int ebt_ph_kernel_put(struct ebt_ph_kernel *kernel, struct ebt_ph_set *set);
/* Read a profile without its rows. Return -ENOENT if there is none in this slot. */
int ebt_ph_kernel_profile(const struct ebt_ph_kernel *kernel, uint32_t slot,
			  struct ebt_ph_profile *out);
/* Read a profile with its rows, brought up to date. The caller frees *out. *bytes is set to the
 * memory that the profile takes in the kernel's tables. */
int ebt_ph_kernel_get(const struct ebt_ph_kernel *kernel, uint32_t slot, struct ebt_ph_set **out,
		      uint64_t *bytes);

typedef void (*ebt_ph_task_fn)(uint32_t tid, const struct ebt_ph_task *task, void *arg);
/* Call fn for every thread that has a state. Threads may start and end meanwhile. */
int ebt_ph_kernel_tasks(const struct ebt_ph_kernel *kernel, ebt_ph_task_fn fn, void *arg);
/* Read the state of one thread. Return -ENOENT if it has none. */
int ebt_ph_kernel_task(const struct ebt_ph_kernel *kernel, uint32_t tid, struct ebt_ph_task *out);

/* Read the counters, summed over all CPUs. */
int ebt_ph_kernel_counters(const struct ebt_ph_kernel *kernel, struct ebt_ph_counters *out);

#endif
