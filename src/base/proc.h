/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * proc.h - read what /proc says about one process.
 *
 * Every function opens, reads and closes its file; nothing is kept. proc is a descriptor of a
 * mounted proc directory, or -1 for /proc. A process that has ended is -ENOENT or -ESRCH.
 */
#ifndef EBT_BASE_PROC_H
#define EBT_BASE_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/bytes.h"

#define EBT_PROC_COMM_LEN 64 /* more than the kernel's TASK_COMM_LEN: workers have longer names */

struct ebt_proc_stat {
	struct ebt_bytes comm; /* any bytes; it points into the text that was parsed */
	char state;	       /* R, S, D, T, t, Z, X … as proc(5) lists them */
	uint32_t ppid;
	uint64_t start_ticks; /* clock ticks since boot, time in suspend included */
};

/* Read /proc/PID/NAME, at most size - 1 bytes, into buf and end it with a NUL. Return the number of
 * bytes or -errno. */
ssize_t ebt_proc_read(int proc, uint32_t pid, const char *name, char *buf, size_t size);

/* The same up to the end of the file or to size bytes, without a NUL. */
ssize_t ebt_proc_read_whole(int proc, uint32_t pid, const char *name, char *buf, size_t size);

/* Parse the text of /proc/PID/stat. Return 0, or -EINVAL if it has not that form. */
int ebt_proc_parse_stat(const char *text, struct ebt_proc_stat *out);

/* Read and parse /proc/PID/stat; comm of *out points into buf. */
int ebt_proc_stat(int proc, uint32_t pid, char *buf, size_t size, struct ebt_proc_stat *out);

struct ebt_proc_ids {
	uint32_t uid, euid, gid, egid;
};

/* Parse the ids in the text of /proc/PID/status. Return 0, or -EINVAL if it has not all of them. */
int ebt_proc_parse_ids(const char *text, struct ebt_proc_ids *out);

/* Give the process that a thread belongs to and the thread's name, from the text of
 * /proc/TID/status. Return 0, or -EINVAL if the text does not name the process. */
int ebt_proc_parse_status(const char *text, char comm[EBT_PROC_COMM_LEN], uint32_t *tgid);

/* Give the path of the file that a process runs. Return its length or -errno. */
ssize_t ebt_proc_exe(uint32_t pid, char *out, size_t size);

/* Does the process run the same file as we do? False also if it cannot be told. */
bool ebt_proc_runs_our_file(uint32_t pid);

/* Give the path of a process's cgroup in the cgroup2 hierarchy, "" for its root. Return 0, or
 * -errno (-ENOENT if it is in none). */
int ebt_proc_cgroup(uint32_t pid, char *out, size_t size);

#endif
