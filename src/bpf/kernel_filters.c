/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * kernel_filters.c - what the programs leave out, changed while they run.
 *
 * Element 0 of the map names the element that is in force. The other one is written, then its
 * number is: a program reads the number once an event, so the event is judged by the old filters or
 * by the new ones, whole. What was in force is written again only after a grace period.
 *
 * Tracked processes carry a bit for each tree they are in, children those of their parents. A new
 * tree gets a bit of its own before it counts; that of the old one is taken away afterwards.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/failure.h"
#include "bpf/generation.h"
#include "bpf/grace.h"
#include "bpf/hooks.h"
#include "bpf/kernel_filters.h"
#include "bpf/process_tree.h"

/* Of the command behind --; the others are for --pid. */
#define COMMAND_TREE (1u << 31)

static int filters_write_head(struct ebt_kernel_filters *l, bool tree)
{
	struct ebt_config head = { .enabled = 1,
				   .active = l->active,
				   .filter = (tree ? EBT_FILTER_TREE : 0) |
					     (l->ends ? EBT_FILTER_ENDS : 0) };
	uint32_t zero = 0;

	return bpf_map_update_elem(ebt_generation_map(l->current, "ebt_config"), &zero, &head,
				   BPF_ANY);
}

/* Bits are used in turn: what was forgotten of one must not come back with the next. */
static uint32_t filters_next_tree(uint32_t tree)
{
	return tree && tree != COMMAND_TREE >> 1 ? tree << 1 : 1;
}

/* Keep the table of tracked processes up to date, and put the roots of new trees into it. */
static int filters_track(struct ebt_kernel_filters *l, const struct ebt_filter_set *set,
			 uint32_t pids_tree, struct ebt_failure *failure)
{
	int map_fd = ebt_generation_map(l->current, "ebt_tracked");
	int err = ebt_hooks_attach_tree(l->hooks, l->current, failure);

	if (err)
		return err;
	err = filters_write_head(l, true);
	ebt_grace();
	for (unsigned i = 0; !err && pids_tree && i < set->n_pids; i++)
		err = ebt_tree_track(map_fd, set->pids[i], pids_tree);
	if (!err && pids_tree)
		err = ebt_tree_track_living(map_fd, pids_tree);
	if (!err && set->command && !(l->tree & COMMAND_TREE))
		err = ebt_tree_track(map_fd, set->command, COMMAND_TREE);
	if (err)
		ebt_failure_set(failure, err, "cannot track the processes: %s", ebt_strerror(-err));
	return err;
}

/* Forget a tree that is no longer in force. any says that another tree is. */
static void filters_untrack(struct ebt_kernel_filters *l, uint32_t tree, bool any)
{
	if (tree)
		ebt_tree_untrack(ebt_generation_map(l->current, "ebt_tracked"), tree);
	if (any)
		return;
	filters_write_head(l, false);
	ebt_hooks_detach_tree(l->hooks);
}

/* Write the filters to the element that is not in force, then put it in force. */
static int filters_put_in_force(struct ebt_kernel_filters *l, const struct ebt_config *config,
				bool tree)
{
	uint32_t at = l->active == 1 ? 2 : 1, before = l->active;
	int err = 0;

	if (config->filter)
		err = bpf_map_update_elem(ebt_generation_map(l->current, "ebt_config"), &at, config,
					  BPF_ANY);
	if (err)
		return err;
	l->active = config->filter ? at : 0;
	err = filters_write_head(l, tree);
	if (err)
		l->active = before;
	return err;
}

/* Before the first filter comes into force, keep the table of shown processes: everything that lives
 * may have been shown, and its end is to be told. */
static int filters_keep_ends(struct ebt_kernel_filters *l)
{
	int err;

	if (l->ends)
		return 0;
	l->ends = true;
	err = filters_write_head(l, l->tree != 0);
	if (err || !ebt_hooks_attached(l->hooks))
		return err;
	ebt_grace();
	return ebt_tree_show_living(ebt_generation_map(l->current, "ebt_shown_tgids"));
}

int ebt_kernel_filters_set(struct ebt_kernel_filters *l, const struct ebt_filter_set *set,
			   struct ebt_failure *failure)
{
	uint32_t before = l->tree & ~COMMAND_TREE, command = set->command ? COMMAND_TREE : 0;
	uint32_t pids = set->keep_pids ? before : set->n_pids ? filters_next_tree(l->last_tree) : 0;
	uint32_t fresh = pids & ~before; /* has no roots in the table yet */
	struct ebt_config config = set->config;
	int err = 0;

	config.tree = pids | command;
	if (config.tree) {
		config.filter |= EBT_FILTER_TREE;
		err = filters_track(l, set, fresh, failure);
	}
	if (!err && config.filter)
		err = filters_keep_ends(l);
	if (!err) {
		err = filters_put_in_force(l, &config, config.tree || l->tree);
		if (err)
			ebt_failure_set(failure, err, "cannot set the filters: %s",
					ebt_strerror(-err));
	}
	if (err) {
		filters_untrack(l, fresh, l->tree != 0);
		return err;
	}
	before &= ~pids;
	if (fresh)
		l->last_tree = fresh;
	/* After a grace period no program reads the old filters any more. */
	if (ebt_hooks_attached(l->hooks) || before)
		ebt_grace();
	if (before)
		filters_untrack(l, before, config.tree != 0);
	l->tree = config.tree;
	return 0;
}
