/* SPDX-License-Identifier: BSD-3-Clause */
/* homeo_live.c - execbig-top daemon, and --homeostasis in a process of its own. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/homeo.h"
#include "app/homeo_screen.h"
#include "app/homeo_session.h"
#include "app/homeo_table.h"
#include "app/options.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "ui/rescue.h"

struct live {
	const struct ebt_homeo_options *o;
	struct ebt_ph_monitor *monitor;
	uint64_t shown; /* events or tables */
	pid_t child;
	bool done;
};

/* child: the end of one too. The compiler is one, and it has ended by then. */
static int stop_signals(bool child)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	if (child)
		sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* systemd's protocol: one datagram to the socket in NOTIFY_SOCKET. */
static void notify(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	_cleanup_close_ int fd = -1;
	socklen_t len;

	if (!path || (path[0] != '/' && path[0] != '@') || strlen(path) >= sizeof(addr.sun_path))
		return;
	strcpy(addr.sun_path, path);
	len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
	if (path[0] == '@')
		addr.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 ||
	    sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&addr, len) < 0)
		ebt_warn("cannot tell systemd: %s", strerror(errno));
}

/* The daemon's log: what is not everyday. */
static void log_event(const struct ebt_ph_rec *rec, const char *path, void *arg)
{
	_cleanup_buf_ struct ebt_buf line = { 0 };

	if (!(rec->events & ~(EBT_PH_EV_ASSOCIATED | EBT_PH_EV_LEARNED)))
		return;
	ebt_ph_event_text(rec, path, &line);
	printf("%s\n", line.data);
	fflush(stdout);
}

int ebt_homeo_daemon_main(int argc, char **argv)
{
	struct ebt_homeo_options o;
	int status = ebt_homeo_options_parse(&o, argc, argv, false), got = 0;
	struct ebt_ph_monitor *monitor = NULL;
	struct ebt_ph_server *server = NULL;
	_cleanup_close_ int signals = -1;
	char why[512] = "";

	if (status >= 0)
		return status;
	ebt_log_set(NULL, NULL, o.debug ? EBT_LOG_DEBUG : EBT_LOG_INFO);
	signals = stop_signals(false);
	status = ebt_homeo_start(&o, &monitor);
	if (status)
		return status;
	if (ebt_ph_server_new(&server, monitor, o.socket, o.gid, why, sizeof(why))) {
		ebt_error("%s", why);
		ebt_ph_monitor_free(&monitor);
		return EBT_EXIT_FAILURE;
	}
	notify("READY=1");
	while (!got)
		got = ebt_ph_server_step(server, signals, 1000, log_event, NULL);
	notify("STOPPING=1");
	ebt_ph_server_free(&server);
	ebt_ph_monitor_free(&monitor);
	return got < 0 ? EBT_EXIT_FAILURE : EBT_EXIT_OK;
}

static void show_event(const struct ebt_ph_rec *rec, const char *path, void *arg)
{
	_cleanup_buf_ struct ebt_buf line = { 0 };
	struct live *l = arg;

	if (l->o->output == EBT_HOMEO_FRAMES || l->done)
		return;
	if (l->o->output == EBT_HOMEO_JSON) {
		ebt_ph_event_json(rec, path, &line);
		fwrite(line.data, 1, line.len, stdout);
	} else {
		ebt_ph_event_text(rec, path, &line);
		puts(line.data);
	}
	l->done = ++l->shown == l->o->iterations;
}

static pid_t run_command(char **command)
{
	pid_t pid = fork();

	if (pid == 0) {
		sigset_t none;

		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		execvp(command[0], command);
		ebt_error("cannot run %s: %s", command[0], strerror(errno));
		_exit(127);
	}
	return pid;
}

/* What a signal means: the end, or that a child has ended. Gives the exit status, -1 to go on. */
static int take_signal(struct live *l, int signals)
{
	struct signalfd_siginfo si;
	int status, ended = -1;

	while (read(signals, &si, sizeof(si)) == sizeof(si)) {
		if (si.ssi_signo != SIGCHLD)
			ended = EBT_EXIT_OK;
		else if (l->child > 0 && waitpid(l->child, &status, WNOHANG) == l->child)
			ended = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	}
	return ended;
}

static int loop(struct live *l, struct ebt_ph_server *server, int signals)
{
	uint64_t next_ns = ebt_mono_ns() + l->o->delay_ns;
	int status = -1;

	while (status < 0 && !l->done) {
		int got = ebt_ph_server_step(server, signals, 100, show_event, l);

		if (got < 0)
			return EBT_EXIT_FAILURE;
		if (got)
			status = take_signal(l, signals);
		if (l->o->output == EBT_HOMEO_FRAMES && (status >= 0 || ebt_mono_ns() >= next_ns)) {
			ebt_homeo_table_print(l->monitor, stdout);
			next_ns += l->o->delay_ns;
			l->done = ++l->shown == l->o->iterations;
		}
		fflush(stdout);
	}
	ebt_ph_monitor_step(l->monitor, show_event, l);
	fflush(stdout);
	return status < 0 ? EBT_EXIT_OK : status;
}

/* The screen runs in a process of its own, without our rights; it is there before anything is
 * loaded, and waits for the first answer. ours: the server's ends. */
static pid_t start_screen(int ours[2])
{
	int requests[2], events[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, requests) ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, events))
		return -1;
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		sigset_t none;

		close(requests[0]);
		close(events[0]);
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		_exit(ebt_homeo_screen(requests[1], events[1]));
	}
	close(requests[1]);
	close(events[1]);
	ours[0] = requests[0];
	ours[1] = events[0];
	return pid;
}

/* On a terminal: we serve, the child shows. */
static int run_screen(const struct ebt_homeo_options *o)
{
	struct ebt_ph_monitor *monitor = NULL;
	struct ebt_ph_server *server = NULL;
	struct ebt_rescue rescue;
	_cleanup_close_ int signals = stop_signals(true);
	char why[512] = "";
	struct live l = { .o = o };
	int ours[2], status, got = 0;
	pid_t child;

	ebt_rescue_save(&rescue, STDOUT_FILENO);
	child = start_screen(ours);
	if (child < 0) {
		ebt_error("cannot start the view: %s", strerror(errno));
		return EBT_EXIT_FAILURE;
	}
	l.child = child;
	status = ebt_homeo_start(o, &monitor);
	if (status || ebt_ph_server_new(&server, monitor, NULL, (gid_t)-1, why, sizeof(why))) {
		close(ours[0]);
		close(ours[1]);
		ebt_ph_monitor_free(&monitor);
		waitpid(child, NULL, 0);
		return status ? status : EBT_EXIT_FAILURE;
	}
	ebt_ph_server_add_client(server, ours[0]);
	ebt_ph_server_add_client(server, ours[1]);
	status = -1;
	while (status < 0 && got >= 0) {
		got = ebt_ph_server_step(server, signals, 1000, NULL, NULL);
		if (got > 0)
			status = take_signal(&l, signals);
	}
	ebt_ph_server_free(&server);
	ebt_ph_monitor_free(&monitor);
	waitpid(child, NULL, 0);
	if (status >= 128)
		ebt_rescue_restore(&rescue);
	return status < 0 ? EBT_EXIT_FAILURE : status;
}

int ebt_homeo_live_main(int argc, char **argv)
{
	struct ebt_homeo_options o;
	int status = ebt_homeo_options_parse(&o, argc, argv, true);
	struct live l = { .o = &o };
	struct ebt_ph_server *server = NULL;
	_cleanup_close_ int signals = -1;
	char why[512] = "";

	if (status >= 0)
		return status;
	ebt_log_set(NULL, NULL, o.debug ? EBT_LOG_DEBUG : EBT_LOG_WARN);
	if (o.output == EBT_HOMEO_AUTO && !o.command && isatty(STDOUT_FILENO))
		return run_screen(&o);
	if (o.output == EBT_HOMEO_AUTO)
		o.output = EBT_HOMEO_FRAMES;
	signals = stop_signals(true);
	status = ebt_homeo_start(&o, &l.monitor);
	if (status)
		return status;
	if (ebt_ph_server_new(&server, l.monitor, NULL, (gid_t)-1, why, sizeof(why))) {
		ebt_error("%s", why);
		status = EBT_EXIT_FAILURE;
	} else {
		if (o.command)
			l.child = run_command(o.command);
		status = loop(&l, server, signals);
	}
	ebt_ph_server_free(&server);
	ebt_ph_monitor_free(&l.monitor);
	return status;
}
