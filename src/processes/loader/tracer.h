/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * tracer.h - everything of the kernel that a run holds: images, programs, filters and counters.
 * Used by the loader's only thread. It never reads event data.
 */
#ifndef EBT_PROCESSES_LOADER_TRACER_H
#define EBT_PROCESSES_LOADER_TRACER_H

#include "bpf/programs.h"
#include "config/options.h"
#include "image/image_store.h"
#include "ipc/cgroup_names.h"
#include "ipc/filters.h"
#include "ipc/protocol.h"
#include "processes/loader/own_cost.h"

struct ebt_tracer {
	struct ebt_images images;
	struct ebt_programs *programs; /* owned; NULL before ebt_tracer_open */
	struct ebt_cgroups cgroups;
	struct ebt_filters filters; /* in force once filtering is true */
	bool filtering;
	bool offsets_cached; /* the programs loaded last got their offsets from the cache */
	uint32_t command;    /* pid of COMMAND, which is traced with its descendants; 0: none */
	uint64_t compile_ns; /* time the compiler took at the start; 0: the image was cached */
	bool kernel_refused; /* the start failed because of this kernel, not of a wrong text */

	int status_fd;		   /* the status memory, sealed against the view; -1: none */
	struct ebt_status *status; /* its mapping, status_bytes long */
	size_t status_bytes;
	struct ebt_own_cost own_cost;
};

/* Set up a tracer that holds nothing. */
void ebt_tracer_init(struct ebt_tracer *t);
/* Open the image store and count the CPUs. Return 0, or -errno with failure filled. */
int ebt_tracer_open(struct ebt_tracer *t, const struct ebt_options *o, struct ebt_failure *failure);
/* Compile, load and attach the programs of the options. Return 0, or -errno with failure filled. */
int ebt_tracer_start(struct ebt_tracer *t, const struct ebt_options *o,
		     struct ebt_failure *failure);
/* Load an image beside what runs, for ebt_programs_switch. Return 0, or -errno with failure filled. */
int ebt_tracer_load(struct ebt_tracer *t, const struct ebt_image *image,
		    const struct ebt_params *params, struct ebt_failure *failure);
/* Put filters in force. On -errno, with failure filled, the old ones stay. */
int ebt_tracer_filter(struct ebt_tracer *t, const struct ebt_filters *filters,
		      struct ebt_failure *failure);
/* Create the status memory. Return 0 or -errno. */
int ebt_tracer_make_status(struct ebt_tracer *t);
/* Write the counters into the status memory; with exes also the counts by executable. */
void ebt_tracer_fill_status(struct ebt_tracer *t, bool exes);
/* Return a memory file with the struct ebt_cpu_counters of each CPU, of the generation that ended
 * (old) or of the one that runs, or -1. The caller owns it. */
int ebt_tracer_counters(const struct ebt_tracer *t, bool old);
/* Detach and free everything. */
void ebt_tracer_close(struct ebt_tracer *t);

#endif
