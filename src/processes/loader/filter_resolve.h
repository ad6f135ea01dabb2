/* SPDX-License-Identifier: BSD-3-Clause */
/* filter_resolve.h - turn the names in filters into the numbers that the BPF programs compare. */
#ifndef EBT_PROCESSES_LOADER_FILTER_RESOLVE_H
#define EBT_PROCESSES_LOADER_FILTER_RESOLVE_H

#include <stdbool.h>
#include <stddef.h>

#include "bpf/programs.h"
#include "ipc/cgroup_names.h"
#include "ipc/filters.h"

/* Look up the user and the cgroup of filters. Return 0, -ENOENT if there is no such user or cgroup,
 * or -EXDEV if this pid namespace numbers processes differently than the kernel's programs do; why
 * then has a sentence. out->pids points into *filters. */
int ebt_filters_resolve(const struct ebt_filters *filters, const struct ebt_cgroups *cgroups,
			struct ebt_filter_set *out, char *why, size_t why_len);
/* Check that the pids are those of processes that live, not of threads. Call it before they come into
 * force: later on the first process of a tree may have ended. Return 0, or -ESRCH with a sentence in
 * why. */
int ebt_filters_check_pids(const struct ebt_filters *filters, char *why, size_t why_len);
bool ebt_filters_same_pids(const struct ebt_filters *a, const struct ebt_filters *b);

#endif
