/* SPDX-License-Identifier: BSD-3-Clause */
/* process_tree.c - --pid means those processes and what they start, also what they have started
 * already: living children are tracked as if the hook on fork had seen them begin. */
#include <bpf/bpf.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/proc.h"
#include "bpf/grace.h"
#include "bpf/process_tree.h"
#include "ebt_abi.h"

/* A pass finds what was started by those that the one before found; a child is nearly always newer
 * than its parent, has the higher number, and is found in the same pass. */
#define PASSES_MAX     50
#define UNTRACK_PASSES 50 /* over the tracked processes; a second one finds next to nothing */

/* Return the parent of a process that lives, 0 if there is none or if the process has ended. */
static uint32_t tree_parent_of(uint32_t pid)
{
	struct ebt_proc_stat stat;
	char text[512];

	if (ebt_proc_stat(-1, pid, text, sizeof(text), &stat))
		return 0;
	return strchr("ZXx", stat.state) ? 0 : stat.ppid;
}

int ebt_tree_track(int map_fd, uint32_t tgid, uint32_t bit)
{
	uint32_t trees = 0;

	bpf_map_lookup_elem(map_fd, &tgid, &trees);
	trees |= bit;
	return bpf_map_update_elem(map_fd, &tgid, &trees, BPF_ANY);
}

static bool is_tracked(int map_fd, uint32_t tgid, uint32_t bit)
{
	uint32_t trees = 0;

	return bpf_map_lookup_elem(map_fd, &tgid, &trees) == 0 && trees & bit;
}

/* 1: tracked now, 0: it was, or is no child of theirs; -errno. */
static int track_child(int map_fd, const char *name, uint32_t bit)
{
	uint32_t pid = (uint32_t)strtoul(name, NULL, 10), parent = tree_parent_of(pid);
	int err;

	if (!parent || !is_tracked(map_fd, parent, bit) || is_tracked(map_fd, pid, bit))
		return 0;
	err = ebt_tree_track(map_fd, pid, bit);
	if (err)
		return err;
	/* Its end takes it out of the table; one that came before left it to us. */
	if (!tree_parent_of(pid))
		bpf_map_delete_elem(map_fd, &pid);
	return 1;
}

int ebt_tree_track_living(int map_fd, uint32_t bit)
{
	int found = 1;

	for (int pass = 0; found > 0 && pass < PASSES_MAX; pass++) {
		DIR *proc = opendir("/proc");
		struct dirent *entry;

		if (!proc)
			return -errno;
		found = 0;
		while (found >= 0 && (entry = readdir(proc))) {
			int err = isdigit((unsigned char)entry->d_name[0])
					  ? track_child(map_fd, entry->d_name, bit)
					  : 0;

			found = err < 0 ? err : found + err;
		}
		closedir(proc);
	}
	return found < 0 ? found : 0;
}

int ebt_tree_show_living(int map_fd)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	int err = 0;

	if (!proc)
		return -errno;
	while (!err && (entry = readdir(proc))) {
		uint32_t pid = (uint32_t)strtoul(entry->d_name, NULL, 10), state = EBT_SHOWN;

		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		err = bpf_map_update_elem(map_fd, &pid, &state, BPF_NOEXIST);
		/* Its end takes it out of the table; one that came before left it to us. */
		if (!err && !tree_parent_of(pid))
			bpf_map_delete_elem(map_fd, &pid);
		err = err == -E2BIG ? err : 0;
	}
	closedir(proc);
	return err == -E2BIG ? 0 : err;
}

/* One pass over all; how many of that tree were found. */
static unsigned tree_untrack_once(int map_fd, uint32_t bit)
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
void ebt_tree_untrack(int map_fd, uint32_t bit)
{
	for (int pass = 0; bit && pass < UNTRACK_PASSES; pass++) {
		if (!tree_untrack_once(map_fd, bit))
			return;
		ebt_grace();
	}
}
