/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * process_list.h - a process beside the view that reads /proc at the start, so that a file of /proc
 * which never answers delays nothing but the row of its own process.
 *
 * Reading /proc/PID/cmdline takes a lock of that process. Whoever runs it can hold the lock for ever
 * with a page fault that nobody answers (a file of FUSE, userfaultfd), and a reader in it cannot be
 * ended. The lister therefore lets a child read, waits for it a short time for each process, and
 * goes on with another child when it does not come back.
 */
#ifndef EBT_PROCESSES_KEEPER_PROCESS_LIST_H
#define EBT_PROCESSES_KEEPER_PROCESS_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

#define EBT_LISTED_COMM	    64	       /* most bytes of comm: EBT_PROC_COMM_LEN */
#define EBT_LISTED_EXE	    4096       /* most bytes of the path of the executable: PATH_MAX */
#define EBT_LISTED_ARGS_MAX (6u << 20) /* most bytes of arguments: EBT_ARGS_MAX */

/* A process that runs, as it comes from the lister; comm, exe and args follow it in the stream. */
struct ebt_listed {
	uint64_t start_ns; /* CLOCK_MONOTONIC */
	uint32_t pid, ppid, uid, euid, gid, egid;
	uint32_t comm_len, args_len; /* bytes; each argument ends in NUL */
	uint32_t args_unread;	     /* 1: the arguments could not be read, args_len is 0 */
	uint32_t exe_len;	     /* as /proc shows it; 0: it has none, or may not be known */
};

struct ebt_process_list; /* the view's end */

typedef void ebt_listed_fn(const struct ebt_listed *process, struct ebt_bytes comm,
			   struct ebt_bytes exe, struct ebt_bytes args, void *arg);

/* Start to list the processes in proc, a directory of /proc that is closed in either case. Call it
 * without rights, before the sandbox. Return 0 or -errno; the caller frees the list. */
int ebt_process_list_start(struct ebt_process_list **out, int proc);
void ebt_process_list_free(struct ebt_process_list **list);
/* Give out all processes that have come, waiting for more at most wait_ms. Return true while more
 * may come. The texts are borrowed during the call. NULL: nothing comes. */
bool ebt_process_list_take(struct ebt_process_list *list, int wait_ms, ebt_listed_fn *fn,
			   void *arg);

#endif
