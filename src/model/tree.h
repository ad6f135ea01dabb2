/* SPDX-License-Identifier: BSD-3-Clause */
/* tree.h - the process tree: live processes and those that ended recently, as lines
 *
 * It is rebuilt on request if something has changed. Siblings are in the order of their start. A
 * process whose parent is not known is a root. */
#ifndef EBT_MODEL_TREE_H
#define EBT_MODEL_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/filter.h"
#include "model/process.h"
#include "model/tree_view.h"

#define EBT_TREE_ROOTS_MAX 64u /* as many as -p takes */

/* One line of the tree. */
struct ebt_tree_node {
	struct ebt_proc *proc;
	uint64_t lines; /* ebt_row.tree_lines */
};

struct ebt_tree {
	struct ebt_proc **procs; /* by start */
	struct ebt_proc **order; /* depth first, all processes */
	struct ebt_tree_node *nodes;
	size_t cap;   /* capacity of each of the three arrays */
	size_t all;   /* number of processes */
	size_t shown; /* number of nodes after filtering and collapsing */
	uint32_t filter_generation;
	struct ebt_tree_view view;
	bool view_changed;
	uint64_t arranged_ns, shown_ns; /* last time that it was sorted, that it was listed */
	bool limited; /* only the roots, what ran an exec that was shown, and what belongs to them */
	uint32_t roots[EBT_TREE_ROOTS_MAX]; /* pids */
	unsigned n_roots;
};

void ebt_tree_deinit(struct ebt_tree *tree);
/* Build the lines; without memory the tree is empty. */
void ebt_tree_build(struct ebt_tree *tree, struct ebt_procs *procs,
		    const struct ebt_history *history, struct ebt_filter *filter);

/* Return the process with proc's parent pid if it can be the one that started it. */
struct ebt_proc *ebt_tree_parent(const struct ebt_procs *procs, const struct ebt_history *history,
				 const struct ebt_proc *proc);

/* Return the row of a process, in the history or kept, or NULL. */
struct ebt_hist_row *ebt_proc_row(const struct ebt_proc *proc, const struct ebt_history *history);
/* Return whether the process matches, by its row or by its comm. */
bool ebt_proc_matches(struct ebt_proc *proc, const struct ebt_history *history,
		      const struct ebt_filter *filter, struct ebt_expr *expr);

#endif
