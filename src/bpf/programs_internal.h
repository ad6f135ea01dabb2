/* SPDX-License-Identifier: BSD-3-Clause */
/* programs_internal.h - the loader's state, shared by programs.c (generations come and go), hooks.c
 * (what is attached, what fills which slot), filters.c and counters.c. */
#ifndef EBT_BPF_PROGRAMS_INTERNAL_H
#define EBT_BPF_PROGRAMS_INTERNAL_H

#include "bpf/generation.h"

#define EBT_HOOKS	 4
#define EBT_FAILED_LINKS 4

struct ebt_loader {
	struct ebt_persistent persistent;
	struct ebt_generation *current, *next, *old;
	int links[EBT_HOOKS];
	int stubs[EBT_HOOKS]; /* program fds, of the first generation, owned */
	/* Attachments of the stubs for failed execs, and their programs, which the kernel counts
	 * skipped runs of (-1: not known); and those of the ones that are attached no more. */
	int failed_links[EBT_FAILED_LINKS], failed_stubs[EBT_FAILED_LINKS];
	unsigned n_failed_links;
	uint64_t failed_misses;
	bool attached;
	bool at_rest; /* after the last ebt_loader_quiesce */
	unsigned ncpu;
	uint32_t last_number;

	/* Filters (filters.c): which element of the map is in force, and which bits of a tracked
	 * process. */
	uint32_t active, tree, last_tree;

	/* Counters of even and odd generations when the last one of their kind had come to rest;
	 * ncpu each. */
	struct ebt_cpu_counters *base[2];
	struct ebt_counter_pair *pairs; /* ncpu: room for a reading */
};

/* hooks.c */
void ebt_hooks_init(struct ebt_loader *loader);
/* Puts the programs of a generation into their slots, the end of each chain first. */
int ebt_hooks_fill(struct ebt_loader *loader, const struct ebt_generation *gen,
		   struct ebt_failure *failure);
/* Takes a generation's programs out of the slots that are not the current one's too. */
void ebt_hooks_empty(struct ebt_loader *loader, const struct ebt_generation *gen);
/* A new generation's copies of what stays attached are not needed. */
void ebt_hooks_drop_stubs(const struct ebt_loader *loader, struct ebt_generation *gen);
/* The hook that only the tree filter needs. */
int ebt_hooks_attach_tree(struct ebt_loader *loader, struct ebt_failure *failure);
void ebt_hooks_detach_tree(struct ebt_loader *loader);

/* filters.c: a process into the table of tracked ones, bit: of its tree. */
int ebt_tree_track(int map_fd, uint32_t tgid, uint32_t bit);
/* process_tree.c: those that live and were started by what is in that tree. Call when the hook on
 * fork is attached: what they start meanwhile is its business. */
int ebt_tree_track_living(int map_fd, uint32_t bit);

/* failed_execs.c: attaches the stubs for failed execs if gen wants them and they are not there yet,
 * with its programs in their slots. */
int ebt_failed_attach(struct ebt_loader *loader, struct ebt_generation *gen,
		      struct ebt_failure *failure);
/* Before anything is switched: are those there that its slots need? */
int ebt_failed_check(const struct ebt_loader *loader, const struct ebt_generation *gen,
		     struct ebt_failure *failure);
/* The programs of a generation into the slots; those of one without are emptied. */
int ebt_failed_fill(const struct ebt_loader *loader, const struct ebt_generation *gen,
		    struct ebt_failure *failure);
void ebt_failed_detach(struct ebt_loader *loader);

/* Waits for a grace period of the kernel: every program that had begun has ended. */
void ebt_grace(void);

/* counters.c: what the old generation counted is from now on what its successor begins with. */
int ebt_accounts_init(struct ebt_loader *loader);
void ebt_accounts_close(struct ebt_loader *loader, const struct ebt_generation *gen);
void ebt_accounts_free(struct ebt_loader *loader);
/* Runs of a program that the kernel skipped; 0 for an fd of -1. */
uint64_t ebt_prog_misses(int fd);

#endif
