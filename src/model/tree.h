/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * tree.h - who started whom: live processes and those that ended a moment ago, as the lines of a
 * tree.
 *
 * Built when asked for and something has changed. Siblings stand in order of their start. A process
 * whose parent is not known (any more) is a root.
 */
#ifndef EBT_MODEL_TREE_H
#define EBT_MODEL_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/filter.h"
#include "model/process.h"

/* A line that is shown. */
struct ebt_tree_node {
	struct ebt_proc *proc;
	uint64_t lines; /* ebt_row.tree_lines */
};

struct ebt_tree {
	struct ebt_proc **procs; /* by start */
	struct ebt_proc **order; /* depth first, all */
	struct ebt_tree_node *nodes;
	size_t cap;   /* of each of the three */
	size_t all;   /* processes */
	size_t shown; /* nodes: filter applied, below collapsed ones left out */
	uint32_t filter_generation;
};

void ebt_tree_deinit(struct ebt_tree *tree);
/* Makes the lines; without memory the tree is empty. */
void ebt_tree_build(struct ebt_tree *tree, struct ebt_procs *procs,
		    const struct ebt_history *history, struct ebt_filter *filter);

/* The process of proc's parent pid, if it can be the one that started it. */
struct ebt_proc *ebt_tree_parent(const struct ebt_procs *procs, const struct ebt_history *history,
				 const struct ebt_proc *proc);

/* The row of a process: in the history or kept; NULL when there is neither. */
struct ebt_hist_row *ebt_proc_row(const struct ebt_proc *proc, const struct ebt_history *history);
/* Does it match, by its row or by its comm? */
bool ebt_proc_matches(struct ebt_proc *proc, const struct ebt_history *history,
		      struct ebt_matcher *matcher);

#endif
