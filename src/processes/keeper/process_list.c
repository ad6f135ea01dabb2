/* SPDX-License-Identifier: BSD-3-Clause */
/* process_list.c - the view's end: starts the lister and takes what it sends. */
#include "processes/keeper/process_list.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "confine/child.h"
#include "processes/keeper/lister.h"

#define LIST_READ_BYTES (64u << 10)

struct ebt_process_list {
	int fd;
	struct ebt_buf in; /* what has come of processes that are not whole yet */
};

static pid_t list_fork(const char *name, int proc, int to)
{
	const struct ebt_child_fd keep[] = { { proc, EBT_CHILD_SAME }, { to, EBT_CHILD_SAME } };
	const struct ebt_child child = {
		.name = name, .silent = true, .keep = keep, .keep_count = EBT_ARRAY_SIZE(keep)
	};

	return ebt_child_fork(&child);
}

/* Fork the lister from a child that ends at once, so that nobody has to wait for the lister: the
 * view may not, in its sandbox. Return the id of the child that ends, or -errno. */
static pid_t list_start_lister(int proc, int to)
{
	pid_t pid = list_fork(NULL, proc, to);

	if (pid)
		return pid;
	pid = list_fork("execbig-lister", proc, to);
	if (pid)
		_exit(pid < 0 ? 1 : 0);
	ebt_lister_run(proc, to);
}

int ebt_process_list_start(struct ebt_process_list **out, int proc)
{
	_cleanup_close_ int dir = proc;
	struct ebt_process_list *list;
	int ends[2];
	pid_t pid;

	if (dir < 0)
		return -EBADF;
	list = calloc(1, sizeof(*list));
	if (!list)
		return -ENOMEM;
	if (pipe2(ends, O_CLOEXEC)) {
		free(list);
		return -errno;
	}
	pid = list_start_lister(dir, ends[1]);
	close(ends[1]);
	list->fd = ends[0];
	fcntl(list->fd, F_SETFL, O_NONBLOCK);
	if (pid < 0) {
		ebt_process_list_free(&list);
		return pid;
	}
	/* Where SIGCHLD is ignored, as it is with a writer process, there is no status to be had. It is
	 * not needed: without a lister the pipe is at its end at once. */
	waitpid(pid, NULL, 0);
	*out = list;
	return 0;
}

void ebt_process_list_free(struct ebt_process_list **listp)
{
	struct ebt_process_list *list = *listp;

	if (!list)
		return;
	ebt_cleanup_close(&list->fd);
	ebt_buf_free(&list->in);
	free(list);
	*listp = NULL;
}

/* Give out the whole processes at the beginning of the buffer and keep the rest. Return false when
 * what came is not of the lister's form. */
static bool list_give(struct ebt_process_list *list, ebt_listed_fn *fn, void *arg)
{
	size_t at = 0;
	struct ebt_listed p;

	while (list->in.len - at >= sizeof(p)) {
		const char *texts = list->in.data + at + sizeof(p);

		memcpy(&p, list->in.data + at, sizeof(p));
		if (p.comm_len > EBT_LISTED_COMM || p.exe_len > EBT_LISTED_EXE ||
		    p.args_len > EBT_LISTED_ARGS_MAX)
			return false;
		if (list->in.len - at - sizeof(p) < (size_t)p.comm_len + p.exe_len + p.args_len)
			break;
		fn(&p, (struct ebt_bytes){ texts, p.comm_len },
		   (struct ebt_bytes){ texts + p.comm_len, p.exe_len },
		   (struct ebt_bytes){ texts + p.comm_len + p.exe_len, p.args_len }, arg);
		at += sizeof(p) + p.comm_len + p.exe_len + p.args_len;
	}
	memmove(list->in.data, list->in.data + at, list->in.len - at);
	list->in.len -= at;
	return true;
}

/* Return 1 when something has come, 0 when nothing has, or -errno; -EPIPE at the end. */
static int list_read(struct ebt_process_list *list)
{
	char *to = ebt_buf_reserve(&list->in, LIST_READ_BYTES);
	ssize_t n;

	if (!to)
		return -ENOMEM;
	n = read(list->fd, to, LIST_READ_BYTES);
	if (n > 0)
		list->in.len += (size_t)n;
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	return n > 0 ? 1 : -EPIPE;
}

bool ebt_process_list_take(struct ebt_process_list *list, int wait_ms, ebt_listed_fn *fn, void *arg)
{
	uint64_t end_ns = ebt_mono_ns() + (uint64_t)wait_ms * 1000000, now_ns;
	int got;

	if (!list || list->fd < 0)
		return false;
	for (;;) {
		struct pollfd p = { .fd = list->fd, .events = POLLIN };

		got = list_read(list);
		if (got > 0 && !list_give(list, fn, arg))
			got = -EBADMSG;
		if (got < 0) {
			close(TAKE_FD(list->fd));
			ebt_buf_free(&list->in);
			return false;
		}
		now_ns = ebt_mono_ns();
		if (now_ns >= end_ns)
			return true;
		if (!got)
			poll(&p, 1, (int)((end_ns - now_ns) / 1000000) + 1);
	}
}
