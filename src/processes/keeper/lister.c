/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/keeper/lister.h"

#include <ctype.h>
#include <errno.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/proc.h"
#include "confine/child.h"
#include "confine/sandbox.h"
#include "processes/keeper/process_list.h"

#define LISTER_LOOK_NS	 5000000    /* how often the lister looks at its child */
#define LISTER_WAIT_NS	 250000000u /* for the arguments of one process */
#define LISTER_STUCK_MAX 64	    /* children given up; then arguments are read no more */
#define LISTER_PIDS_MAX	 (1u << 22) /* PID_MAX_LIMIT, include/linux/threads.h */

/* Who of the two may write the process at hand. */
enum lister_state { LISTER_IDLE, LISTER_READING, LISTER_WRITING, LISTER_GIVEN_UP };

/* What a child and the lister share. Each child has one of its own: one that is given up may come
 * back at any time. */
struct lister_slot {
	_Atomic int state;
	_Atomic uint32_t at; /* index of the process at hand */
	struct ebt_listed process;
	char comm[EBT_LISTED_COMM];
	char exe[EBT_LISTED_EXE];
};

struct lister {
	int proc, to;
	uint32_t *pids;
	uint32_t count;
	unsigned stuck;
	char *args; /* of a child: EBT_LISTED_ARGS_MAX bytes */
};

static void lister_write(const struct lister *l, const struct lister_slot *slot, const char *args)
{
	const struct ebt_listed *p = &slot->process;

	if (ebt_write_all(l->to, p, sizeof(*p)) || ebt_write_all(l->to, slot->comm, p->comm_len) ||
	    ebt_write_all(l->to, slot->exe, p->exe_len) || ebt_write_all(l->to, args, p->args_len))
		_exit(0); /* the view is gone */
}

/* starttime is in clock ticks since boot as this process sees it, suspend included. */
static uint64_t lister_ticks_to_mono_ns(uint64_t ticks)
{
	uint64_t boot_ns = ticks * (1000000000ull / (unsigned long long)sysconf(_SC_CLK_TCK));
	uint64_t mono_ns = ebt_mono_ns(); /* first: the difference must not be below zero */
	uint64_t suspended_ns = ebt_clock_boot_here_ns() - mono_ns;

	return boot_ns > suspended_ns ? boot_ns - suspended_ns : 0;
}

/* Read what never makes a reader wait. Return false when the process is gone. */
static bool lister_read_fixed(const struct lister *l, struct lister_slot *slot, uint32_t pid)
{
	struct ebt_listed *p = &slot->process;
	char stat_text[1024], status_text[4096], link[32];
	struct ebt_proc_stat stat;
	struct ebt_proc_ids ids;
	ssize_t exe_len;

	if (ebt_proc_stat(l->proc, pid, stat_text, sizeof(stat_text), &stat) ||
	    ebt_proc_read(l->proc, pid, "status", status_text, sizeof(status_text)) <= 0 ||
	    ebt_proc_parse_ids(status_text, &ids))
		return false;
	*p = (struct ebt_listed){ .start_ns = lister_ticks_to_mono_ns(stat.start_ticks),
				  .pid = pid,
				  .ppid = stat.ppid,
				  .uid = ids.uid,
				  .euid = ids.euid,
				  .gid = ids.gid,
				  .egid = ids.egid,
				  .args_unread = 1 };
	p->comm_len = stat.comm.len < EBT_LISTED_COMM ? (uint32_t)stat.comm.len : EBT_LISTED_COMM;
	memcpy(slot->comm, stat.comm.data, p->comm_len);
	/* A kernel thread has none, and of processes of others it is not shown without a privilege. */
	snprintf(link, sizeof(link), "%u/exe", pid);
	exe_len = readlinkat(l->proc, link, slot->exe, sizeof(slot->exe));
	p->exe_len = exe_len > 0 ? (uint32_t)exe_len : 0;
	return true;
}

/* Read a process and write it, unless the lister has done so meanwhile. */
static void lister_read_one(const struct lister *l, struct lister_slot *slot, uint32_t pid)
{
	ssize_t n = -1;
	int mine = LISTER_READING;

	if (!lister_read_fixed(l, slot, pid))
		return;
	if (l->stuck < LISTER_STUCK_MAX) {
		atomic_store(&slot->state, LISTER_READING);
		n = ebt_proc_read_whole(l->proc, pid, "cmdline", l->args, EBT_LISTED_ARGS_MAX);
		if (!atomic_compare_exchange_strong(&slot->state, &mine, LISTER_WRITING))
			_exit(0);
	}
	if (n >= 0) {
		slot->process.args_unread = 0;
		slot->process.args_len = (uint32_t)n;
	}
	lister_write(l, slot, l->args);
	atomic_store(&slot->state, LISTER_IDLE);
}

static _Noreturn void lister_child(struct lister *l, struct lister_slot *slot, uint32_t from)
{
	char why[128];

	if (ebt_sandbox_seccomp_files(why, sizeof(why)))
		_exit(1);
	l->args = malloc(EBT_LISTED_ARGS_MAX);
	for (uint32_t i = from; l->args && i < l->count; i++) {
		atomic_store(&slot->at, i);
		lister_read_one(l, slot, l->pids[i]);
	}
	_exit(0);
}

/* Wait for a child to end. Return the index of the process to go on with: of the one behind that
 * whose arguments did not come. */
static uint32_t lister_watch(struct lister *l, struct lister_slot *slot, pid_t child)
{
	const struct timespec look = { .tv_nsec = LISTER_LOOK_NS };
	uint64_t since_ns = ebt_mono_ns();
	uint32_t at = 0;

	while (waitpid(child, NULL, WNOHANG) == 0) {
		int reading = LISTER_READING;

		if (at != atomic_load(&slot->at) || atomic_load(&slot->state) != LISTER_READING) {
			at = atomic_load(&slot->at);
			since_ns = ebt_mono_ns();
		} else if (ebt_mono_ns() - since_ns > LISTER_WAIT_NS &&
			   atomic_compare_exchange_strong(&slot->state, &reading,
							  LISTER_GIVEN_UP)) {
			kill(child, SIGKILL); /* it may never notice */
			l->stuck++;
			lister_write(l, slot, NULL);
			return at + 1;
		}
		nanosleep(&look, NULL);
	}
	return l->count;
}

/* The kernel lists processes in the order of their numbers, some of them twice if others end. */
static void lister_read_pids(struct lister *l)
{
	_cleanup_closedir_ DIR *dir = fdopendir(dup(l->proc));
	struct dirent *d;
	uint32_t room = 0;

	while (dir && l->count < LISTER_PIDS_MAX && (d = readdir(dir))) {
		if (!isdigit((unsigned char)d->d_name[0]))
			continue;
		if (l->count == room) {
			uint32_t *more;

			room = room ? 2 * room : 1024;
			more = realloc(l->pids, room * sizeof(*more));
			if (!more)
				return;
			l->pids = more;
		}
		l->pids[l->count++] = (uint32_t)strtoul(d->d_name, NULL, 10);
	}
}

/* Fork a child that reads processes one after the other. Return its id, or -errno. */
static pid_t lister_fork(const struct lister *l)
{
	const struct ebt_child_fd keep[] = { { l->proc, EBT_CHILD_SAME },
					     { l->to, EBT_CHILD_SAME } };
	const struct ebt_child child = { .death_signal = SIGKILL,
					 .silent = true,
					 .keep = keep,
					 .keep_count = EBT_ARRAY_SIZE(keep) };

	return ebt_child_fork(&child);
}

void ebt_lister_run(int proc, int to)
{
	struct lister l = { .proc = proc, .to = to };

	signal(SIGPIPE, SIG_IGN);
	lister_read_pids(&l);
	for (uint32_t next = 0; next < l.count;) {
		struct lister_slot *slot = mmap(NULL, sizeof(*slot), PROT_READ | PROT_WRITE,
						MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		pid_t child = slot == MAP_FAILED ? -1 : lister_fork(&l);

		if (child == 0)
			lister_child(&l, slot, next);
		if (child < 0)
			break;
		next = lister_watch(&l, slot, child);
	}
	_exit(0);
}
