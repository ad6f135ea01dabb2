/* SPDX-License-Identifier: BSD-3-Clause */
/* process_tree.h - the table of tracked processes: --pid, a COMMAND, and what they start */
#ifndef EBT_BPF_PROCESS_TREE_H
#define EBT_BPF_PROCESS_TREE_H

#include <stdint.h>

/* Add a process to the map ebt_tracked, with the bit of its tree. Return 0 or -errno. */
int ebt_tree_track(int map_fd, uint32_t tgid, uint32_t bit);
/* Track the living descendants of the processes in that tree. Call it when the hook on fork is
 * attached, which tracks the processes that they start meanwhile. Return 0 or -errno. */
int ebt_tree_track_living(int map_fd, uint32_t bit);
/* Put all living processes into the map of shown ones; what does not fit is left out. Return 0 or
 * -errno. */
int ebt_tree_show_living(int map_fd);
/* Remove a tree's bit from all processes, and remove processes without any bit from the table. */
void ebt_tree_untrack(int map_fd, uint32_t bit);

#endif
