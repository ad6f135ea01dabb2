/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/loader/view_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "confine/child.h"
#include "processes/view/view_run.h"

#define HIGH_FD 250 /* above the maps and programs of some generations, below usual limits */
#define END_NS	2000000000ull /* how long the view may take to end */

void ebt_view_child_init(struct ebt_view_child *v)
{
	*v = (struct ebt_view_child){ .out = { .sock = -1 }, .query_sock = -1 };
	ebt_rescue_save(&v->rescue, STDOUT_FILENO);
}

/* Move a socket to a high descriptor. On SIGKILL the kernel closes descriptors from high to low and
 * only then tells our parent; so the view sees the end of the socket, and restores the terminal,
 * before a shell writes to it. */
static int view_child_raise_fd(int fd)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, HIGH_FD);

	if (high < 0)
		return fd;
	close(fd);
	return high;
}

/* Fork the view with its two sockets, those to the monitor, and the descriptors that files of the
 * writer, its child, are opened by. Return its id, or -errno. */
static pid_t view_child_fork(const struct ebt_options *options, int sock, int query,
			     const int homeo[2])
{
	const struct ebt_inherited *in = &options->inherited;
	const struct ebt_child_fd keep[] = {
		{ sock, EBT_CHILD_SAME },
		{ query, EBT_CHILD_SAME },
		{ homeo[0], EBT_CHILD_SAME },
		{ homeo[1], EBT_CHILD_SAME },
		{ ebt_inherited_output(in, options->write_file), EBT_CHILD_SAME },
		{ ebt_inherited_named(in, options->sqlite_file), EBT_CHILD_SAME },
		{ ebt_inherited_named(in, options->metrics_file), EBT_CHILD_SAME },
	};
	const struct ebt_child child = { .name = "execbig-view",
					 .keep = keep,
					 .keep_count = EBT_ARRAY_SIZE(keep) };
	pid_t parent = getpid(), pid = ebt_child_fork(&child);

	if (pid == 0)
		_exit(ebt_view_run(options, sock, query, homeo, parent));
	return pid;
}

int ebt_view_child_start(struct ebt_view_child *v, const struct ebt_options *options,
			 const int homeo[2])
{
	int pair[2], query[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -errno;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, query)) {
		int err = -errno;

		close(pair[0]);
		close(pair[1]);
		return err;
	}
	v->out.sock = view_child_raise_fd(pair[0]);
	v->query_sock = query[0];
	v->has_screen = options->mode == EBT_MODE_LIVE && isatty(STDERR_FILENO);
	v->pid = view_child_fork(options, pair[1], query[1], homeo);
	close(pair[1]);
	close(query[1]);
	if (v->pid < 0) {
		int err = v->pid;

		v->pid = 0;
		return err;
	}
	return 0;
}

/*
 * Say that somebody has stopped the view, and that it goes on: until then nothing is read, and nothing
 * else would show it. A stop by the terminal stops the whole job, which the user sees.
 */
static void view_child_note_stop(struct ebt_view_child *v, int status)
{
	if (WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP) {
		v->stopped = true;
		if (v->has_screen)
			return;
		ebt_warn("the view is stopped: events wait in the buffer, and are lost when it is "
			 "full; 'kill -CONT %d' continues it",
			 (int)v->pid);
	} else if (WIFCONTINUED(status) && v->stopped) {
		v->stopped = false;
		if (!v->has_screen)
			ebt_warn("the view goes on");
	}
}

bool ebt_view_child_reap(struct ebt_view_child *v)
{
	int status;

	for (;;) {
		if (waitpid(v->pid, &status, WNOHANG | WUNTRACED | WCONTINUED) != v->pid)
			return false;
		if (WIFEXITED(status) || WIFSIGNALED(status))
			break;
		view_child_note_stop(v, status);
	}
	v->status = status;
	v->pid = 0;
	if (WIFSIGNALED(v->status))
		ebt_rescue_restore(&v->rescue);
	return true;
}

/*
 * The socket is closed only after the view has ended: closing it with a question of the view unread
 * would discard EBT_MSG_END, because ECONNRESET is reported before the data.
 */
void ebt_view_child_end(struct ebt_view_child *v, enum ebt_end end)
{
	uint64_t end_ns = ebt_mono_ns() + END_NS;
	struct timespec pause = { 0, 1000000 };

	if (v->pid > 0)
		ebt_outbox_send(&v->out, &(struct ebt_msg){ .type = EBT_MSG_END, .value = end },
				NULL, 0);
	while (v->pid > 0 && !ebt_view_child_reap(v)) {
		ebt_outbox_flush(&v->out);
		if (ebt_outbox_empty(&v->out))
			shutdown(v->out.sock, SHUT_WR);
		if (ebt_mono_ns() > end_ns)
			v->killed = kill(v->pid, SIGKILL) == 0;
		nanosleep(&pause, NULL);
	}
	ebt_outbox_free(&v->out);
	ebt_cleanup_close(&v->out.sock);
	v->out.sock = -1;
}
