/* SPDX-License-Identifier: BSD-3-Clause */
/* cgroup_names.h - get paths of cgroups by their ids
 *
 * Only the loader can open a cgroup by its handle. The view sends a number over a socket of its own
 * and receives the path at once. */
#ifndef EBT_IPC_CGROUP_NAMES_H
#define EBT_IPC_CGROUP_NAMES_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

/* The mount points of the hierarchies: v2, and v1's memory (else pids). "" if there is none. */
struct ebt_cgroups {
	char v2[PATH_MAX], v1[PATH_MAX];
};

void ebt_cgroups_open(struct ebt_cgroups *cgroups);
/* Get the path below the hierarchy's root ("/" for the root itself) of an id as in struct
 * ebt_event_exec. Return 0, or -ENOENT if it does not exist or is not visible here. */
int ebt_cgroups_path(const struct ebt_cgroups *cgroups, uint64_t id, char *out, size_t out_len);

/* The loader's end: answer the questions that wait on the socket. Return 0, or -EPIPE if the view
 * has ended. */
int ebt_cgroups_serve(const struct ebt_cgroups *cgroups, int sock);

struct ebt_cgroup_answer {
	uint64_t id;
	char path[4000]; /* "" if there is no such cgroup, or it is not visible to the loader */
};

/* The view's end: send a question without waiting. Return 0 or -errno. */
int ebt_cgroups_ask(int sock, uint64_t id);
/* Wait at most 100 ms for the next answer. Answers come in the order of the questions, so a late
 * answer arrives before that to the next question. Return 0, -ETIMEDOUT or -EPIPE. */
int ebt_cgroups_answer(int sock, struct ebt_cgroup_answer *answer);

#endif
