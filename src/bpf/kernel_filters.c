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
#include "bpf/programs_internal.h"

/* Of the command behind --; the others are for --pid. */
#define COMMAND_TREE (1u << 31)
#define PASSES_MAX   50 /* over the tracked processes; a second one finds next to nothing */

static int write_head(struct ebt_loader *l, bool tree)
{
	struct ebt_config head = { .enabled = 1,
				   .active = l->active,
				   .filter = tree ? EBT_FILTER_TREE : 0 };
	uint32_t zero = 0;

	return bpf_map_update_elem(ebt_loader_map_fd(l, "ebt_config"), &zero, &head, BPF_ANY);
}

int ebt_tree_track(int map_fd, uint32_t tgid, uint32_t bit)
{
	uint32_t trees = 0;

	bpf_map_lookup_elem(map_fd, &tgid, &trees);
	trees |= bit;
	return bpf_map_update_elem(map_fd, &tgid, &trees, BPF_ANY);
}

/* One pass over all; how many of that tree were found. */
static unsigned untrack_once(int map_fd, uint32_t bit)
{
	uint32_t key, next, trees;
	bool more = bpf_map_get_next_key(map_fd, NULL, &next) == 0;
	unsigned found = 0;

	while (more) {
		key = next;
		more = bpf_map_get_next_key(map_fd, &key, &next) == 0;
		if (bpf_map_lookup_elem(map_fd, &key, &trees) || !(trees & bit))
			continue;
		found++;
		trees &= ~bit;
		if (trees)
			bpf_map_update_elem(map_fd, &key, &trees, BPF_EXIST);
		else
			bpf_map_delete_elem(map_fd, &key);
	}
	return found;
}

/* A process that forks meanwhile hands its bit on behind our back: again, until there is none. */
static void untrack(int map_fd, uint32_t bit)
{
	for (int pass = 0; bit && pass < PASSES_MAX; pass++) {
		if (!untrack_once(map_fd, bit))
			return;
		ebt_grace();
	}
}

/* Bits are used in turn: what was forgotten of one must not come back with the next. */
static uint32_t next_tree(uint32_t tree)
{
	return tree && tree != COMMAND_TREE >> 1 ? tree << 1 : 1;
}

/* The table is kept, and the roots of new trees are in it. */
static int plant(struct ebt_loader *l, const struct ebt_filter_set *set, uint32_t pids_tree,
		 struct ebt_failure *failure)
{
	int map_fd = ebt_loader_map_fd(l, "ebt_tracked");
	int err = ebt_hooks_attach_tree(l, failure);

	if (err)
		return err;
	err = write_head(l, true);
	ebt_grace();
	for (unsigned i = 0; !err && pids_tree && i < set->n_pids; i++)
		err = ebt_tree_track(map_fd, set->pids[i], pids_tree);
	if (!err && pids_tree)
		err = ebt_tree_track_living(map_fd, pids_tree);
	if (!err && set->command && !(l->tree & COMMAND_TREE))
		err = ebt_tree_track(map_fd, set->command, COMMAND_TREE);
	if (err)
		ebt_failure_set(failure, err, "cannot track the processes: %s", strerror(-err));
	return err;
}

/* What is kept for a tree that is in force no more; any: there is another one. */
static void uproot(struct ebt_loader *l, uint32_t tree, bool any)
{
	if (tree)
		untrack(ebt_loader_map_fd(l, "ebt_tracked"), tree);
	if (any)
		return;
	write_head(l, false);
	ebt_hooks_detach_tree(l);
}

/* Writes them where they are not in force, then puts them in force. */
static int put_in_force(struct ebt_loader *l, const struct ebt_config *config, bool tree)
{
	uint32_t at = l->active == 1 ? 2 : 1, before = l->active;
	int err = 0;

	if (config->filter)
		err = bpf_map_update_elem(ebt_loader_map_fd(l, "ebt_config"), &at, config, BPF_ANY);
	if (err)
		return err;
	l->active = config->filter ? at : 0;
	err = write_head(l, tree);
	if (err)
		l->active = before;
	return err;
}

int ebt_loader_set_filters(struct ebt_loader *l, const struct ebt_filter_set *set,
			   struct ebt_failure *failure)
{
	uint32_t before = l->tree & ~COMMAND_TREE, command = set->command ? COMMAND_TREE : 0;
	uint32_t pids = set->keep_pids ? before : set->n_pids ? next_tree(l->last_tree) : 0;
	uint32_t fresh = pids & ~before; /* has to be planted */
	struct ebt_config config = set->config;
	int err = 0;

	config.tree = pids | command;
	if (config.tree) {
		config.filter |= EBT_FILTER_TREE;
		err = plant(l, set, fresh, failure);
	}
	if (!err) {
		err = put_in_force(l, &config, config.tree || l->tree);
		if (err)
			ebt_failure_set(failure, err, "cannot set the filters: %s", strerror(-err));
	}
	if (err) {
		uproot(l, fresh, l->tree != 0);
		return err;
	}
	before &= ~pids;
	if (fresh)
		l->last_tree = fresh;
	/* What was in force is in nobody's hands behind this. */
	if (l->attached || before)
		ebt_grace();
	if (before)
		uproot(l, before, config.tree != 0);
	l->tree = config.tree;
	return 0;
}
