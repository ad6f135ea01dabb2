/* SPDX-License-Identifier: BSD-3-Clause */
/* tree.c - lines of the process tree */
#include <stdlib.h>
#include <string.h>

#include "model/tree.h"

struct ebt_hist_row *ebt_proc_row(const struct ebt_proc *proc, const struct ebt_history *history)
{
	return proc->kept ? proc->kept : ebt_history_get(history, proc->row_id);
}

bool ebt_proc_matches(struct ebt_proc *proc, const struct ebt_history *history,
		      const struct ebt_filter *filter, struct ebt_expr *expr)
{
	const struct ebt_hist_row *row = ebt_proc_row(proc, history);
	const struct ebt_row bare = { .pid = proc->pid,
				      .uid = proc->uid,
				      .euid = proc->uid,
				      .comm = { proc->comm, proc->comm_len } };

	return row ? ebt_filter_judge(filter, expr, row)
		   : ebt_filter_judge_row(filter, expr, &bare);
}

void ebt_tree_deinit(struct ebt_tree *tree)
{
	free(tree->procs);
	free(tree->order);
	free(tree->nodes);
	/* What it is limited to stays: it may only grow. */
	tree->procs = tree->order = NULL;
	tree->nodes = NULL;
	tree->cap = tree->all = tree->shown = 0;
}

static bool tree_reserve(struct ebt_tree *tree, size_t n)
{
	size_t cap = n + n / 2 + 64;

	if (n <= tree->cap)
		return true;
	ebt_tree_deinit(tree);
	tree->procs = calloc(cap, sizeof(struct ebt_proc *));
	tree->order = calloc(cap, sizeof(struct ebt_proc *));
	tree->nodes = calloc(cap, sizeof(*tree->nodes));
	if (!tree->procs || !tree->order || !tree->nodes) {
		ebt_tree_deinit(tree);
		return false;
	}
	tree->cap = cap;
	return true;
}

static int by_start(const void *a, const void *b)
{
	const struct ebt_proc *p = *(struct ebt_proc *const *)a;
	const struct ebt_proc *q = *(struct ebt_proc *const *)b;

	if (p->start_ns != q->start_ns)
		return p->start_ns < q->start_ns ? -1 : 1;
	return p->pid < q->pid ? -1 : p->pid > q->pid;
}

static int by_name(const void *a, const void *b)
{
	const struct ebt_proc *p = *(struct ebt_proc *const *)a;
	const struct ebt_proc *q = *(struct ebt_proc *const *)b;
	size_t n = p->comm_len < q->comm_len ? p->comm_len : q->comm_len;
	int r = n ? memcmp(p->comm, q->comm, n) : 0;

	if (r)
		return r;
	return p->comm_len != q->comm_len ? (int)p->comm_len - (int)q->comm_len : by_start(a, b);
}

static int by_cpu(const void *a, const void *b)
{
	const struct ebt_proc *p = *(struct ebt_proc *const *)a;
	const struct ebt_proc *q = *(struct ebt_proc *const *)b;

	if (p->job_cpu_ns != q->job_cpu_ns)
		return p->job_cpu_ns > q->job_cpu_ns ? -1 : 1;
	return by_start(a, b);
}

static void tree_collect(struct ebt_tree *tree, const struct ebt_procs *procs,
			 const struct ebt_history *history)
{
	static int (*const orders[EBT_TREE_ORDER_MAX])(const void *, const void *) = {
		[EBT_TREE_BY_START] = by_start,
		[EBT_TREE_BY_NAME] = by_name,
		[EBT_TREE_BY_CPU] = by_cpu,
	};
	size_t n = 0;

	for (struct ebt_proc *p = procs->live.first; p; p = p->next)
		tree->procs[n++] = p;
	for (struct ebt_proc *p = procs->exited.first; p; p = p->next)
		if (ebt_proc_row(p, history)) /* otherwise it was dropped with its row */
			tree->procs[n++] = p;
	if (n > 0)
		qsort(tree->procs, n, sizeof(struct ebt_proc *), orders[tree->view.order]);
	tree->all = n;
	for (size_t i = 0; i < n; i++) {
		struct ebt_proc *p = tree->procs[i];

		p->parent = p->child = p->last_child = p->sibling = NULL;
		p->children = p->depth = 0;
		p->visited = p->shown = p->last = p->child_seen = false;
	}
}

struct ebt_proc *ebt_tree_parent(const struct ebt_procs *procs, const struct ebt_history *history,
				 const struct ebt_proc *proc)
{
	struct ebt_proc *parent = ebt_procs_find(procs, proc->ppid);

	if (!parent || parent == proc || (parent->exited && !ebt_proc_row(parent, history)))
		return NULL;
	if (!ebt_proc_is(parent, proc->parent_start_ns))
		return NULL;
	/* A parent is older than its child; start times from /proc are slightly inexact. */
	if (proc->start_ns && parent->start_ns > proc->start_ns + EBT_PROC_SEED_SLACK_NS)
		return NULL;
	return parent;
}

static void link_child(struct ebt_proc *parent, struct ebt_proc *proc)
{
	proc->parent = parent;
	*(parent->last_child ? &parent->last_child->sibling : &parent->child) = proc;
	parent->last_child = proc;
	parent->children++;
}

static void unlink_child(struct ebt_proc *proc)
{
	struct ebt_proc *parent = proc->parent, *before = NULL;

	for (struct ebt_proc *p = parent->child; p != proc; p = p->sibling)
		before = p;
	*(before ? &before->sibling : &parent->child) = proc->sibling;
	if (parent->last_child == proc)
		parent->last_child = before;
	parent->children--;
	proc->parent = proc->sibling = NULL;
}

/* Append a root and all its descendants to the order. */
static size_t tree_walk(struct ebt_tree *tree, size_t n, struct ebt_proc *root)
{
	struct ebt_proc *p = root;

	while (p) {
		p->visited = true;
		p->depth = p->parent ? p->parent->depth + 1 : 0;
		tree->order[n++] = p;
		if (p->child) {
			p = p->child;
			continue;
		}
		/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): the loop meets root before
		 * NULL */
		while (p != root && !p->sibling)
			p = p->parent;
		p = p == root ? NULL : p->sibling;
	}
	return n;
}

static void tree_arrange(struct ebt_tree *tree, const struct ebt_procs *procs,
			 const struct ebt_history *history)
{
	size_t n = 0;

	for (size_t i = 0; i < tree->all; i++) {
		struct ebt_proc *parent = ebt_tree_parent(procs, history, tree->procs[i]);

		if (parent)
			link_child(parent, tree->procs[i]);
	}
	for (size_t i = 0; i < tree->all; i++)
		if (!tree->procs[i]->parent)
			n = tree_walk(tree, n, tree->procs[i]);
	/* Reused pids can form a circle of parents: the oldest process of it becomes a root. */
	for (size_t i = 0; n < tree->all && i < tree->all; i++) {
		if (tree->procs[i]->visited)
			continue;
		unlink_child(tree->procs[i]);
		n = tree_walk(tree, n, tree->procs[i]);
	}
}

static bool tree_is_root(const struct ebt_tree *tree, uint32_t pid)
{
	for (unsigned i = 0; i < tree->n_roots; i++)
		if (tree->roots[i] == pid)
			return true;
	return false;
}

/* Return whether p is the thread that starts all kernel threads, or below it. */
static bool tree_is_kernel(const struct ebt_proc *p)
{
	static const char all[] = "kthreadd";

	return p->parent ? p->parent->kernel
			 : p->pid == 2 && p->comm_len == sizeof(all) - 1 &&
				   memcmp(p->comm, all, p->comm_len) == 0;
}

/* Mark what a limited tree consists of. An exec that was shown passed the filter itself, also when the
 * process that started it is gone. */
static void tree_limit(struct ebt_tree *tree)
{
	const struct ebt_tree_view *view = &tree->view;

	for (size_t i = 0; i < tree->all; i++) {
		struct ebt_proc *p = tree->order[i];

		p->inside = !tree->limited || p->has_exec || (p->parent && p->parent->inside) ||
			    tree_is_root(tree, p->pid);
		p->kernel = tree_is_kernel(p);
		p->below_root = !view->root_pid || (p->parent && p->parent->below_root) ||
				(p->pid == view->root_pid && ebt_proc_is(p, view->root_start_ns));
	}
}

/* Return whether the user asked for lines such as this one. */
static bool tree_wanted(const struct ebt_tree_view *view, const struct ebt_proc *p)
{
	return p->inside && p->below_root && !(view->hide_ended && p->exited) &&
	       !(view->hide_kernel && p->kernel);
}

/* Go from the last line to the first, so that children mark their parent before it is processed. */
static void tree_mark(struct ebt_tree *tree, const struct ebt_history *history,
		      struct ebt_filter *filter)
{
	bool root_seen = false;

	for (size_t i = tree->all; i-- > 0;) {
		struct ebt_proc *p = tree->order[i];
		bool *seen = p->parent ? &p->parent->child_seen : &root_seen;

		if (ebt_filter_on(filter) &&
		    (p->match_generation != filter->generation || p->match_id != p->row_id ||
		     p->match_exited != p->exited)) {
			p->match = ebt_proc_matches(p, history, filter, filter->expr);
			p->match_unsure = p->match && ebt_expr_unsure(filter->expr);
			p->match_generation = filter->generation;
			p->match_id = p->row_id;
			p->match_exited = p->exited;
		}
		p->shown = p->child_seen ||
			   (tree_wanted(&tree->view, p) && (!ebt_filter_on(filter) || p->match));
		if (!p->shown)
			continue;
		p->last = !*seen;
		*seen = true;
	}
}

static void make_lines(struct ebt_tree *tree)
{
	uint64_t lines[65] = { 0 }; /* of the last line processed at each depth */
	uint32_t hidden_below = UINT32_MAX;

	tree->shown = 0;
	for (size_t i = 0; i < tree->all; i++) {
		struct ebt_proc *p = tree->order[i];
		uint32_t d = p->depth < 64 ? p->depth : 64;
		uint64_t own = d < 64 && !p->last ? (uint64_t)1 << d : 0;

		if (p->depth > hidden_below)
			continue;
		hidden_below = p->collapsed ? p->depth : UINT32_MAX;
		if (!p->shown)
			continue;
		/* A line deeper than the bits has those of its ancestor at the limit. */
		if (p->depth <= 64)
			lines[d] = (d > 0 ? lines[d - 1] : 0) | own;
		tree->nodes[tree->shown++] = (struct ebt_tree_node){ p, lines[d] };
	}
}

void ebt_tree_build(struct ebt_tree *tree, struct ebt_procs *procs,
		    const struct ebt_history *history, struct ebt_filter *filter)
{
	if (!procs->changed && !tree->view_changed && tree->filter_generation == filter->generation)
		return;
	if (!tree_reserve(tree, procs->live.n + procs->exited.n)) {
		tree->all = tree->shown = 0;
		return;
	}
	tree_collect(tree, procs, history);
	tree_arrange(tree, procs, history);
	tree_limit(tree);
	tree_mark(tree, history, filter);
	make_lines(tree);
	procs->changed = tree->view_changed = false;
	tree->filter_generation = filter->generation;
}
