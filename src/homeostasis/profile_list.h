/* SPDX-License-Identifier: BSD-3-Clause */
/* profile_list.h - list the profiles of a monitor and find one of them */
#ifndef EBT_HOMEOSTASIS_PROFILE_LIST_H
#define EBT_HOMEOSTASIS_PROFILE_LIST_H

#include "homeostasis/monitor_core.h"

/* One profile. */
struct ebt_ph_line {
	uint32_t slot;
	const char *path; /* borrowed from the monitor; "" if it is not known */
	bool kill;	  /* kill its processes above kill-limit */
	struct ebt_ph_profile profile;
	uint32_t pairs; /* number of pairs in A; only set if it was asked for */
	/* size in the kernel's tables; only set if it was asked for */
	uint64_t bytes;
	/* the highest counts of its running threads, and their number */
	uint32_t lfc, max_lfc, tasks;
};

/* Get all profiles. The caller frees *out; *n is their number. With count, pairs and bytes are filled in
 * as well, which reads every row. Return -ENOMEM. */
int ebt_ph_monitor_lines(struct ebt_ph_monitor *monitor, bool count, struct ebt_ph_line **out,
			 size_t *n);
/* Return the slot of a profile by path, base name, "#SLOT" or pid; -ENOENT if there is none,
 * -ENOTUNIQ if different programs have this base name. */
int ebt_ph_monitor_find(struct ebt_ph_monitor *monitor, const char *what);
/* Return "training", "frozen" or "normal". */
const char *ebt_ph_state_name(const struct ebt_ph_profile *profile);

#endif
