/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/monitor/monitor_child.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/signals.h"
#include "confine/child.h"
#include "processes/monitor/monitor_setup.h"

#define END_NS 10000000000ull

void ebt_homeo_child_init(struct ebt_homeo_child *c)
{
	*c = (struct ebt_homeo_child){ .control = -1, .view = { -1, -1 } };
}

/* Ignore the signals of the terminal, which are for loader and view. The monitor ends when the
 * loader does. */
static void monitor_ignore_signals(void)
{
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
}

/* Run the monitor process and return its exit status. */
static int monitor_run(const struct ebt_options *options, int control, const int clients[2])
{
	struct ebt_homeo_options o;
	struct ebt_ph_monitor *monitor = NULL;
	struct ebt_ph_server *server = NULL;
	char why[512] = "out of memory";
	int status, got = 0;

	monitor_ignore_signals();
	ebt_signals_unblock_all();
	status = ebt_homeo_options_of(&o, options);
	if (!status)
		status = ebt_homeo_start(&o, &monitor);
	if (status)
		return status;
	if (ebt_ph_server_new(&server, monitor, NULL, (gid_t)-1, why, sizeof(why)) ||
	    ebt_ph_server_add_client(server, clients[0]) ||
	    ebt_ph_server_add_client(server, clients[1])) {
		ebt_error("homeostasis cannot start: %s", why);
		status = EBT_EXIT_FAILURE;
	}
	if (!status && write(control, "", 1) != 1)
		got = 1;
	while (!status && !got)
		got = ebt_ph_server_step(server, control, 1000, NULL, NULL);
	ebt_ph_server_free(&server);
	if (ebt_ph_monitor_end(monitor))
		got = -EIO;
	ebt_ph_monitor_free(&monitor);
	return got < 0 ? EBT_EXIT_FAILURE : status;
}

/* Fork the monitor with its ends of the three pairs. Return its id, or -errno. */
static pid_t monitor_fork(const struct ebt_options *options, int pairs[3][2])
{
	const int clients[2] = { pairs[0][1], pairs[1][1] };
	const struct ebt_child_fd keep[] = { { pairs[0][1], EBT_CHILD_SAME },
					     { pairs[1][1], EBT_CHILD_SAME },
					     { pairs[2][1], EBT_CHILD_SAME } };
	const struct ebt_child child = { .name = "execbig-homeo",
					 .keep = keep,
					 .keep_count = EBT_ARRAY_SIZE(keep) };
	pid_t pid = ebt_child_fork(&child);

	if (pid == 0)
		_exit(monitor_run(options, pairs[2][1], clients));
	return pid;
}

int ebt_homeo_child_start(struct ebt_homeo_child *c, const struct ebt_options *options)
{
	int pairs[3][2], made = 0, err = 0;

	c->keeps = options->profiles_dir != NULL;
	for (; made < 3 && !err; made++)
		err = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pairs[made]) ? -errno : 0;
	made -= err != 0;
	c->pid = err ? err : monitor_fork(options, pairs);
	for (int i = 0; i < made; i++)
		close(pairs[i][1]);
	if (c->pid < 0) {
		err = c->pid;
		for (int i = 0; i < made; i++)
			close(pairs[i][0]);
		c->pid = 0;
		return err;
	}
	c->view[0] = pairs[0][0];
	c->view[1] = pairs[1][0];
	c->control = pairs[2][0];
	return 0;
}

int ebt_homeo_child_await(struct ebt_homeo_child *c)
{
	char byte;
	ssize_t n;
	int status;

	if (!c->pid)
		return 0;
	do
		n = read(c->control, &byte, 1);
	while (n < 0 && errno == EINTR);
	if (n == 1)
		return 0;
	waitpid(c->pid, &status, 0);
	c->pid = 0;
	return WIFEXITED(status) && WEXITSTATUS(status) ? WEXITSTATUS(status) : EBT_EXIT_FAILURE;
}

void ebt_homeo_child_give_view(struct ebt_homeo_child *c)
{
	for (int i = 0; i < 2; i++) {
		ebt_cleanup_close(&c->view[i]);
		c->view[i] = -1;
	}
}

bool ebt_homeo_child_end(struct ebt_homeo_child *c)
{
	int status = 0;
	uint64_t end_ns = ebt_mono_ns() + END_NS;
	struct timespec pause = { 0, 2000000 };

	ebt_homeo_child_give_view(c);
	ebt_cleanup_close(&c->control);
	c->control = -1;
	while (c->pid > 0 && waitpid(c->pid, &status, WNOHANG) == 0) {
		if (ebt_mono_ns() > end_ns)
			kill(c->pid, SIGKILL);
		nanosleep(&pause, NULL);
	}
	c->pid = 0;
	if (!c->keeps)
		return true;
	if (WIFSIGNALED(status))
		ebt_error(
			"homeostasis was ended by signal %d: what it learned since it last saved is lost",
			WTERMSIG(status));
	return status == 0;
}
