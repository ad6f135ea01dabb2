/* SPDX-License-Identifier: BSD-3-Clause */
/* fdinfo.h - what the kernel says of a map or program that is open. */
#ifndef EBT_BPF_FDINFO_H
#define EBT_BPF_FDINFO_H

#include <stdint.h>

/* Return the bytes that the kernel charges for a map or program ("memlock:" of its fdinfo), or 0 when it
 * does not say. */
uint64_t ebt_memlock_bytes(int fd);
/* Return how many runs of a program the kernel skipped because the program was running on that CPU
 * already; 0 for an fd of -1. */
uint64_t ebt_prog_misses(int fd);

#endif
