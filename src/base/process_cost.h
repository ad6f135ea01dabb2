/* SPDX-License-Identifier: BSD-3-Clause */
/* process_cost.h - what a process costs: its CPU time and its memory. Nothing is kept. */
#ifndef EBT_BASE_PROCESS_COST_H
#define EBT_BASE_PROCESS_COST_H

#include <stdint.h>

#define EBT_COST_NAME_LEN 16
#define EBT_COSTS_MAX	  10 /* processes of a run that are told of */

struct ebt_process_cost {
	char name[EBT_COST_NAME_LEN]; /* letters, digits and '-' */
	uint32_t pid;
	uint32_t reserved;
	uint64_t cpu_ns;       /* of all its threads, from its start */
	uint64_t memory_bytes; /* see ebt_process_memory */
};

/* Return the CPU time so far in nanoseconds, 0 if it is not known. It opens no file, and everybody may
 * ask. */
uint64_t ebt_process_cpu_ns(uint32_t pid);
/* Return the resident memory in bytes, where a page that n processes share counts for the nth part in
 * each (PSS); where that may not be read the resident memory with all shared pages; 0 if neither is
 * known. The kernel walks the page tables for it: ask every few seconds. */
uint64_t ebt_process_memory(uint32_t pid);

#endif
