/* SPDX-License-Identifier: BSD-3-Clause */
/* counters.h - the per-CPU counters, of all generations and of one. */
#ifndef EBT_BPF_COUNTERS_H
#define EBT_BPF_COUNTERS_H

#include <stdint.h>

#include "ebt_abi.h"

/* The kernel keeps a pair of counters a CPU, one for even and one for odd generations. What a generation
 * counted is the difference to what its parity had counted when the last one of it came to rest. */
struct ebt_counters {
	unsigned ncpu;
	struct ebt_cpu_counters *base[2]; /* [parity][ncpu] */
	struct ebt_counter_pair *pairs;	  /* [ncpu], room for a reading */
};

/* Zero-initialise the struct; ncpu is the number of possible CPUs. -ENOMEM; free it in either case. */
int ebt_counters_init(struct ebt_counters *counters, unsigned ncpu);
void ebt_counters_free(struct ebt_counters *counters);

/* A generation has ended: its successor of the same parity begins with what it counted. map_fd is the
 * map ebt_counters, also below. */
void ebt_counters_close(struct ebt_counters *counters, int map_fd, uint32_t generation);
/* Read the sum over both parities into out[ncpu]. -errno. */
int ebt_counters_all(struct ebt_counters *counters, int map_fd, struct ebt_cpu_counters *out);
/* Read what one generation counted into out[ncpu]. High water and largest event are of all generations of
 * its parity. -errno. */
int ebt_counters_of(struct ebt_counters *counters, int map_fd, uint32_t generation,
		    struct ebt_cpu_counters *out);

#endif
