/* SPDX-License-Identifier: BSD-3-Clause */
/* hooks.h - what is attached where, and which program fills which slot. */
#ifndef EBT_BPF_HOOKS_H
#define EBT_BPF_HOOKS_H

#include "base/failure.h"
#include "bpf/generation.h"

#define EBT_HOOKS 4 /* exec, exit, fork, rename */

/* The attached stubs. Their programs are those of the first generation and stay attached while generations
 * change. -1: not attached, not loaded. */
struct ebt_hooks {
	int links[EBT_HOOKS];
	int stubs[EBT_HOOKS]; /* program fds, owned */
};

void ebt_hooks_init(struct ebt_hooks *hooks);
/* Detach, and close the stubs. */
void ebt_hooks_free(struct ebt_hooks *hooks);

/* Attach the hooks that every run needs; fd and program come from gen the first time. Return 0 or
 * -errno with failure filled; what was attached by then stays, call ebt_hooks_detach. */
int ebt_hooks_attach(struct ebt_hooks *hooks, const struct ebt_generation *gen,
		     struct ebt_failure *failure);
void ebt_hooks_detach(struct ebt_hooks *hooks);
/* The same for the hook on fork, which only the tree filter needs. */
int ebt_hooks_attach_tree(struct ebt_hooks *hooks, const struct ebt_generation *gen,
			  struct ebt_failure *failure);
void ebt_hooks_detach_tree(struct ebt_hooks *hooks);

/* Put the programs of a generation into their slots, the end of each chain first. */
int ebt_hooks_fill(const struct ebt_generation *gen, struct ebt_failure *failure);
/* Take a generation's programs out of the slots that are not the current one's too. */
void ebt_hooks_empty(const struct ebt_generation *gen, const struct ebt_generation *current);
/* Drop a new generation's copies of the stubs that stay attached. */
void ebt_hooks_drop_stubs(const struct ebt_hooks *hooks, struct ebt_generation *gen);
/* Return the borrowed fd of the attached program of that name, or -ENOENT when it is no stub. */
int ebt_hooks_stub_fd(const struct ebt_hooks *hooks, const char *name);

#endif
