/* SPDX-License-Identifier: BSD-3-Clause */
/* process_tree.h - the table of tracked processes: --pid, a COMMAND, and what they start. */
#ifndef EBT_BPF_PROCESS_TREE_H
#define EBT_BPF_PROCESS_TREE_H

#include <stdint.h>

/* Put a process into the map ebt_tracked, with the bit of its tree. -errno. */
int ebt_tree_track(int map_fd, uint32_t tgid, uint32_t bit);
/* Track the living processes that were started by what is in that tree. Call it when the hook on fork is
 * attached, which tracks what they start meanwhile. -errno. */
int ebt_tree_track_living(int map_fd, uint32_t bit);
/* Take a tree's bit from all processes, and those without a bit out of the table. */
void ebt_tree_untrack(int map_fd, uint32_t bit);

#endif
