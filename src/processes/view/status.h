/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * status.h - the kernel's counters as the loader copies them into shared memory: ask for them, turn
 * what was lost into events, and give them to model and recorder.
 */
#ifndef EBT_PROCESSES_VIEW_STATUS_H
#define EBT_PROCESSES_VIEW_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decode/lost.h"
#include "ipc/protocol.h"
#include "processes/view/auto_size.h"
#include "processes/view/retune.h"
#include "processes/view/ring_reader.h"

/* Owns the mapping and the arrays, each with an entry for a CPU; borrows the rest. */
struct ebt_status_reader {
	struct ebt_ring_reader *reader;
	struct ebt_retune *retune;
	struct ebt_auto_size *auto_size;
	const struct ebt_status *shared; /* the loader writes it */
	size_t bytes;
	struct ebt_lost_told *told; /* which losses have been told */
	uint64_t *received, *gaps;
	bool *renewed; /* new perf buffers were asked for, and nothing has come since */
	/* copies of what the loader told last; hooks is empty before the first answer */
	char hooks[EBT_STATUS_HOOKS];
	bool offsets_cached;
	uint64_t last_ns; /* when it was asked last */
	bool asked;	  /* an answer is under way */
	bool stopped;	  /* the programs are detached: what is in the ring is all */
};

/* Map the loader's memory, fd, for ncpu CPUs. The borrowed members are set. 0 or -errno. */
int ebt_status_reader_open(struct ebt_status_reader *s, int fd, unsigned ncpu);
void ebt_status_reader_close(struct ebt_status_reader *s);

/* Ask the loader for fresh counters, a few times a second at most; now: whenever none are under
 * way. */
void ebt_status_reader_ask(struct ebt_status_reader *s, bool now);
/* Take the fresh counters. final: nothing runs any more, and the ring is empty. */
void ebt_status_reader_take(struct ebt_status_reader *s, bool final);
/* Take the kernel's counts by executable, if they say more than the events do; call it with counters
 * that came with them. */
void ebt_status_reader_take_exes(struct ebt_status_reader *s);

#endif
