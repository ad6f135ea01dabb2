/* SPDX-License-Identifier: BSD-3-Clause */
#include "confine/child.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "confine/untraceable.h"

static _Noreturn void child_refuse(const struct ebt_child *child, const char *why)
{
	dprintf(STDERR_FILENO, "execbig-top: cannot set up the process %s: %s\n",
		child->name ? child->name : "that it needs", why);
	_exit(EBT_CHILD_NOT_STARTED);
}

static int child_number(const struct ebt_child_fd *keep)
{
	return keep->as == EBT_CHILD_SAME ? keep->fd : keep->as;
}

static int child_compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* Write the numbers that stay open to kept, in ascending order, and return how many. */
static unsigned child_list_kept(const struct ebt_child *child, int *kept)
{
	unsigned n = 0;

	for (int fd = 0; fd < 3; fd++)
		kept[n++] = fd;
	for (unsigned i = 0; i < child->keep_count; i++) {
		if (child->keep[i].fd >= 0)
			kept[n++] = child_number(&child->keep[i]);
	}
	for (unsigned i = 0; child->inherit && i < child->inherit->count; i++)
		kept[n++] = child->inherit->fds[i];
	qsort(kept, n, sizeof(*kept), child_compare);
	return n;
}

/* Give every descriptor its number. All sources are first copied to numbers from above, which is
 * higher than every number that is kept, so that no target overwrites a source; copies has room for
 * child->keep_count of them. */
static int child_place(const struct ebt_child *child, int above, int *copies)
{
	for (unsigned i = 0; i < child->keep_count; i++) {
		const struct ebt_child_fd *keep = &child->keep[i];

		copies[i] = -1;
		if (keep->fd < 0 || child_number(keep) == keep->fd)
			continue;
		copies[i] = fcntl(keep->fd, F_DUPFD_CLOEXEC, above);
		if (copies[i] < 0)
			return -errno;
	}
	for (unsigned i = 0; i < child->keep_count; i++) {
		if (copies[i] >= 0 && dup2(copies[i], child->keep[i].as) < 0)
			return -errno;
	}
	return 0;
}

static int child_silence(const struct ebt_child *child)
{
	_cleanup_close_ int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0)
		return -errno;
	for (int fd = 0; fd < 3; fd++) {
		bool placed = false;

		for (unsigned i = 0; i < child->keep_count; i++)
			placed |= child->keep[i].fd >= 0 && child_number(&child->keep[i]) == fd;
		if (!placed && dup2(null, fd) < 0)
			return -errno;
	}
	return 0;
}

/* Close first to last; kernels before 5.9 do not know close_range. */
static void child_close_range(unsigned first, unsigned last)
{
	struct rlimit limit;

	if (first > last || close_range(first, last, 0) == 0 || getrlimit(RLIMIT_NOFILE, &limit))
		return;
	for (unsigned fd = first; fd <= last && fd < limit.rlim_cur; fd++)
		close((int)fd);
}

static void child_close_others(const int *kept, unsigned count)
{
	unsigned next = 0;

	for (unsigned i = 0; i < count; i++) {
		if ((unsigned)kept[i] > next)
			child_close_range(next, (unsigned)kept[i] - 1);
		next = (unsigned)kept[i] + 1;
	}
	child_close_range(next, ~0u);
}

/* Mark what is for the child alone close-on-exec, and what COMMAND inherits open across exec. */
static void child_mark(const struct ebt_child *child)
{
	for (unsigned i = 0; i < child->keep_count; i++) {
		if (child->keep[i].fd >= 0 && child_number(&child->keep[i]) > 2)
			fcntl(child_number(&child->keep[i]), F_SETFD, FD_CLOEXEC);
	}
	for (unsigned i = 0; child->inherit && i < child->inherit->count; i++)
		fcntl(child->inherit->fds[i], F_SETFD, 0);
}

/* Make the forked child what it is to be. kept has room for every number that stays open and for
 * child->keep_count copies. */
static void child_set_up(const struct ebt_child *child, pid_t parent, int *kept)
{
	unsigned count = child_list_kept(child, kept);
	char why[128];
	int err;

	if (child->name)
		prctl(PR_SET_NAME, child->name);
	if (child->death_signal) {
		prctl(PR_SET_PDEATHSIG, child->death_signal);
		/* The parent may have ended before the signal was asked for. */
		if (getppid() != parent)
			_exit(EBT_CHILD_NOT_STARTED);
	}
	err = child_place(child, kept[count - 1] + 1, kept + count);
	if (!err && child->silent)
		err = child_silence(child);
	if (err)
		child_refuse(child, strerror(-err));
	child_close_others(kept, count);
	child_mark(child);
	if (child->rights == EBT_CHILD_NO_CAPABILITIES &&
	    ebt_untraceable_before_exec(why, sizeof(why)))
		child_refuse(child, why);
}

pid_t ebt_child_fork(const struct ebt_child *child)
{
	size_t count =
		3 + 2 * (size_t)child->keep_count + (child->inherit ? child->inherit->count : 0);
	_cleanup_free_ int *kept = calloc(count, sizeof(*kept));
	pid_t pid, parent = getpid();

	if (!kept)
		return -ENOMEM;
	fflush(NULL);
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0)
		child_set_up(child, parent, kept);
	return pid;
}
