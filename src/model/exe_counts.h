/* SPDX-License-Identifier: BSD-3-Clause */
/* exe_counts.h - compare the kernel's counts by executable with the events that arrived
 *
 * The difference is the number of execs whose records were lost; it is added to the group of the
 * executable. */
#ifndef EBT_MODEL_EXE_COUNTS_H
#define EBT_MODEL_EXE_COUNTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "ebt_abi.h"
#include "groups/group.h"
#include "model/hash.h"

/* One entry per executable. The number is bounded by the kernel's table: EBT_EXE_MAX, and as many
 * again that only events named. */
struct ebt_exe {
	struct ebt_exe_key key;
	UT_hash_handle hh;
	uint64_t arrived; /* execs that arrived as events since the last clear */
	uint64_t base;	  /* the kernel's count at the last clear */
	uint64_t sync;	  /* the last sync in which the kernel had an entry of it */
	char *name;	  /* path of the executable; NULL if no event of it has arrived yet */
	size_t name_len;
};

struct ebt_exes {
	struct ebt_exe *table;
	uint64_t missing;	 /* of all executables, at the last sync */
	uint64_t sync;		 /* number of the last sync */
	uint64_t arrived_untold; /* arrived, of executables that found no room in the table */
	bool rebase;		 /* set by a clear: the next sync stores the bases */
};

void ebt_exes_deinit(struct ebt_exes *exes);
void ebt_exes_clear(struct ebt_exes *exes);
/* Count an exec that has arrived. */
void ebt_exes_arrived(struct ebt_exes *exes, const struct ebt_exe_key *key, struct ebt_bytes name);
/* Take the kernel's counts and set the missing execs of every group by exe. */
void ebt_exes_sync(struct ebt_exes *exes, struct ebt_groups *groups,
		   const struct ebt_exe_entry *entries, size_t n);

#endif
