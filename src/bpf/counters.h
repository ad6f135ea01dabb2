/* SPDX-License-Identifier: BSD-3-Clause */
/* counters.h - read the per-CPU counters of all generations or of one */
#ifndef EBT_BPF_COUNTERS_H
#define EBT_BPF_COUNTERS_H

#include <stdint.h>

#include "ebt_abi.h"

/* The kernel keeps a pair of counters per CPU, one for even and one for odd generations. The count
 * of a generation is the difference to the counter of its parity when the last generation of that
 * parity ended. */
struct ebt_counters {
	unsigned ncpu;
	struct ebt_cpu_counters *base[2]; /* [parity][ncpu] */
	struct ebt_counter_pair *pairs;	  /* [ncpu], buffer for reading the map */
};

/* Zero-initialise the struct; ncpu is the number of possible CPUs. Return -ENOMEM; call
 * ebt_counters_free() in either case. */
int ebt_counters_init(struct ebt_counters *counters, unsigned ncpu);
void ebt_counters_free(struct ebt_counters *counters);

/* Record that a generation has ended: its successor of the same parity starts from its count.
 * map_fd is the map ebt_counters, also below. */
void ebt_counters_close(struct ebt_counters *counters, int map_fd, uint32_t generation);
/* Read the sum over both parities into out[ncpu], with the high water of one generation. Return 0 or
 * -errno. */
int ebt_counters_all(struct ebt_counters *counters, int map_fd, uint32_t generation,
		     struct ebt_cpu_counters *out);
/* Read the count of one generation into out[ncpu]. The largest event is that of all generations of
 * its parity. Return 0 or -errno. */
int ebt_counters_of(struct ebt_counters *counters, int map_fd, uint32_t generation,
		    struct ebt_cpu_counters *out);

#endif
