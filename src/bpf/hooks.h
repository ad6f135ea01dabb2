/* SPDX-License-Identifier: BSD-3-Clause */
/* hooks.h - attach the stubs to their tracepoints and put programs into their slots */
#ifndef EBT_BPF_HOOKS_H
#define EBT_BPF_HOOKS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/failure.h"
#include "bpf/generation.h"

#define EBT_HOOKS 4 /* exec, exit, fork, rename */

/* The attached stubs. They are programs of the first generation and stay attached while generations
 * change. An fd of -1 means not attached or not loaded. */
struct ebt_hooks {
	int links[EBT_HOOKS];
	int stubs[EBT_HOOKS]; /* program fds, owned */
};

void ebt_hooks_init(struct ebt_hooks *hooks);
/* Detach, and close the stubs. */
void ebt_hooks_free(struct ebt_hooks *hooks);

/* Attach the hooks that every run needs, at the first time with the stubs of gen. Return 0, or
 * -errno with failure filled in; hooks attached by then stay, so call ebt_hooks_detach(). */
int ebt_hooks_attach(struct ebt_hooks *hooks, const struct ebt_generation *gen,
		     struct ebt_failure *failure);
void ebt_hooks_detach(struct ebt_hooks *hooks);
/* Return whether the hooks that every run needs are attached, so that programs may be running. */
bool ebt_hooks_attached(const struct ebt_hooks *hooks);
/* Write the short names of the attached hooks, such as "exec exit rename", into out. */
void ebt_hooks_names(const struct ebt_hooks *hooks, char *out, size_t out_len);
/* Attach the hook on fork, which only the tree filter needs. Return as above. */
int ebt_hooks_attach_tree(struct ebt_hooks *hooks, const struct ebt_generation *gen,
			  struct ebt_failure *failure);
void ebt_hooks_detach_tree(struct ebt_hooks *hooks);

/* Put the programs of a generation into their slots, starting at the end of each chain. */
int ebt_hooks_fill(const struct ebt_generation *gen, struct ebt_failure *failure);
/* Remove a generation's programs from the slots that do not belong to the current generation as
 * well. */
void ebt_hooks_empty(const struct ebt_generation *gen, const struct ebt_generation *current);
/* Close a new generation's copies of the stubs, because those of the first generation stay
 * attached. */
void ebt_hooks_drop_stubs(const struct ebt_hooks *hooks, struct ebt_generation *gen);
/* Return the borrowed fd of the attached program of that name, or -ENOENT if it is not a stub. */
int ebt_hooks_stub_fd(const struct ebt_hooks *hooks, const char *name);

#endif
