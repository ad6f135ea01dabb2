/* SPDX-License-Identifier: BSD-3-Clause */
/* freeze.h - stop a process in a frozen cgroup of its own, below the cgroup that it is in
 *
 * A SIGCONT does not continue such a process, its parent is not told that it stopped, and its
 * limits still apply. It needs a writable cgroup2 tree. */
#ifndef EBT_HOMEOSTASIS_FREEZE_H
#define EBT_HOMEOSTASIS_FREEZE_H

#include <stdint.h>

/* Move a process into a frozen cgroup below its own. Return the path of that cgroup (to be freed by
 * the caller), or NULL if it cannot be done. */
char *ebt_ph_freeze(uint32_t pid);
/* Let the processes of a frozen cgroup run again in the cgroup above it, and remove it. */
void ebt_ph_thaw(const char *cgroup);
/* Thaw the cgroups of monitors that were killed. */
void ebt_ph_thaw_leftovers(void);

#endif
