/* SPDX-License-Identifier: BSD-3-Clause */
/* failed_execs.h - attach the stubs for failed execs (-x), and fill their slots */
#ifndef EBT_BPF_FAILED_EXECS_H
#define EBT_BPF_FAILED_EXECS_H

#include "base/failure.h"
#include "bpf/generation.h"

#define EBT_FAILED_LINKS 4

/* The attached stubs and their programs, whose skipped runs the kernel counts. Zero-initialise
 * it. */
struct ebt_failed_execs {
	int links[EBT_FAILED_LINKS], stubs[EBT_FAILED_LINKS]; /* owned; -1 if not attached */
	unsigned n_links;
	bool fexit;	 /* the stubs are fexit programs; otherwise they are tracepoints */
	bool seccomp;	 /* with fexit: what seccomp refuses is reported too */
	uint64_t misses; /* skipped runs of the stubs that are no longer attached */
};

/* Attach the stubs if gen wants them and they are not attached yet, with gen's programs in their
 * slots. On failure the slots hold the programs of current again; current may be NULL. */
int ebt_failed_attach(struct ebt_failed_execs *failed, const struct ebt_persistent *maps,
		      struct ebt_generation *gen, const struct ebt_generation *current,
		      struct ebt_failure *failure);
/* Check before a switch that gen has the programs that its slots need. */
int ebt_failed_check(const struct ebt_failed_execs *failed, const struct ebt_generation *gen,
		     struct ebt_failure *failure);
/* Put the programs of a generation into the slots; if it has none, empty the slots. */
int ebt_failed_fill(const struct ebt_failed_execs *failed, const struct ebt_persistent *maps,
		    const struct ebt_generation *gen, struct ebt_failure *failure);
/* Return what reports failed execs: "fexit,seccomp", "tracepoints", or "fexit" alone where execs that
 * seccomp refuses are not reported. NULL if nothing is attached. */
const char *ebt_failed_hook(const struct ebt_failed_execs *failed);
void ebt_failed_detach(struct ebt_failed_execs *failed);
/* Return the number of runs that the kernel skipped, of all stubs ever attached. */
uint64_t ebt_failed_misses(const struct ebt_failed_execs *failed);

#endif
