/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * exe_counts.h - what the kernel counted by executable, against what arrived: the difference is
 * execs whose records were lost, and belongs to the group of that executable all the same.
 */
#ifndef EBT_MODEL_EXE_COUNTS_H
#define EBT_MODEL_EXE_COUNTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "ebt_abi.h"
#include "model/group.h"
#include "model/hash.h"

/* One an executable. Bounded by the kernel's table: EBT_EXE_MAX and as many again that only events
 * named. */
struct ebt_exe {
	struct ebt_exe_key key;
	UT_hash_handle hh;
	uint64_t arrived; /* execs that came as events since the last clear */
	uint64_t base;	  /* the kernel's count at the last clear */
	uint64_t sync;	  /* the last sync in which the kernel had an entry of it */
	char *name;	  /* exe path; NULL: no event of it has arrived yet */
	size_t name_len;
};

struct ebt_exes {
	struct ebt_exe *table;
	uint64_t missing;	 /* of all executables, as of the last sync */
	uint64_t sync;		 /* number of the last sync */
	uint64_t arrived_untold; /* arrived, of executables that found no room in the table */
	bool rebase;		 /* a clear: the next sync sets the bases */
};

void ebt_exes_deinit(struct ebt_exes *exes);
void ebt_exes_clear(struct ebt_exes *exes);
/* An exec has arrived. */
void ebt_exes_arrived(struct ebt_exes *exes, const struct ebt_exe_key *key, struct ebt_bytes name);
/* The kernel's counts: every group by exe gets what it misses. */
void ebt_exes_sync(struct ebt_exes *exes, struct ebt_groups *groups,
		   const struct ebt_exe_entry *entries, size_t n);

#endif
