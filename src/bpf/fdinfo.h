/* SPDX-License-Identifier: BSD-3-Clause */
/* fdinfo.h - read /proc/self/fdinfo of a map or program */
#ifndef EBT_BPF_FDINFO_H
#define EBT_BPF_FDINFO_H

#include <stdint.h>
#include <stdio.h>

/* Return the bytes that the kernel charges for a map or program ("memlock:" in its fdinfo), or 0 if
 * they are not stated. */
uint64_t ebt_memlock_bytes(int fd);
/* Return the same of a text that has the form of such a file. */
uint64_t ebt_memlock_parse(FILE *text);
/* Return how often the kernel skipped a run because the program was already running on that CPU; 0
 * for an fd of -1. */
uint64_t ebt_prog_misses(int fd);

#endif
