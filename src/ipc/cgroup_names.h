/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * cgroup_names.h - paths of cgroups by their ids. The loader can open one by its handle, the view
 * asks it over a socket of its own: a number there, a path back, at once.
 */
#ifndef EBT_IPC_CGROUP_NAMES_H
#define EBT_IPC_CGROUP_NAMES_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

/* Where the hierarchies are mounted: v2, and v1's memory (else pids). "" when not. */
struct ebt_cgroups {
	char v2[PATH_MAX], v1[PATH_MAX];
};

void ebt_cgroups_open(struct ebt_cgroups *cgroups);
/* Path below the hierarchy's root ("/" for the root itself) of an id as struct ebt_event_exec has
 * it. 0, -ENOENT: gone or not visible here. */
int ebt_cgroups_path(const struct ebt_cgroups *cgroups, uint64_t id, char *out, size_t out_len);

/* The loader's end: answer what waits on the socket. -EPIPE: the view is gone. */
int ebt_cgroups_serve(const struct ebt_cgroups *cgroups, int sock);

struct ebt_cgroup_answer {
	uint64_t id;
	char path[4000]; /* "": there is no such cgroup, or it is not visible to the loader */
};

/* The view's end: send a question; 0 or -errno, without waiting. */
int ebt_cgroups_ask(int sock, uint64_t id);
/* Wait for the next answer, at most 100 ms. Answers come in the order of the questions, so one that
 * was too late for its question comes before that to the next. 0, -ETIMEDOUT, or -EPIPE. */
int ebt_cgroups_answer(int sock, struct ebt_cgroup_answer *answer);

#endif
