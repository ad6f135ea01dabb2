/* SPDX-License-Identifier: BSD-3-Clause */
/* shared_memory.h - memory that one process writes and others only read */
#ifndef EBT_IPC_SHARED_MEMORY_H
#define EBT_IPC_SHARED_MEMORY_H

#include <stddef.h>

/* Make zeroed memory of so many bytes and map it into this process for writing: *map, which the
 * caller unmaps. Return a descriptor, which the caller owns, or -errno. Whoever gets the descriptor
 * may map the memory for reading only, and may not change its size. name is what /proc/PID/fd
 * shows. */
int ebt_shared_memory_create(const char *name, size_t bytes, void **map);

#endif
