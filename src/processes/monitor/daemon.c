/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/monitor/daemon.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/failure.h"
#include "base/log.h"
#include "base/signals.h"
#include "config/options.h"
#include "homeostasis/event_json.h"
#include "processes/monitor/monitor_setup.h"

/* Block the signals that end the daemon and return a descriptor that is readable on them. */
static int daemon_stop_signals(void)
{
	static const int list[] = { SIGINT, SIGTERM, SIGHUP, 0 };

	return ebt_signals_open(SIG_BLOCK, list);
}

/* Tell systemd the state by one datagram to the socket that NOTIFY_SOCKET names. */
static void daemon_notify(const char *state, int flags)
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
	if (fd < 0 || sendto(fd, state, strlen(state), MSG_NOSIGNAL | flags,
			     (struct sockaddr *)&addr, len) < 0)
		ebt_warn("cannot tell systemd: %s", ebt_strerror(errno));
}

/* Destination of the log. While the monitor watches, only its line writer writes
 * (line_writer.h). */
struct daemon_log {
	struct ebt_ph_monitor *monitor;
	bool debug;
};

/* Print an event; those that every program causes only with --debug. */
static void daemon_log_event(const struct ebt_ph_rec *rec, const char *path, void *arg)
{
	const struct daemon_log *log = arg;
	bool everyday = !(rec->events & ~(EBT_PH_EV_ASSOCIATED | EBT_PH_EV_LEARNED)) ||
			(rec->events == EBT_PH_EV_NOTE && rec->call == EBT_LOG_DEBUG);
	_cleanup_buf_ struct ebt_buf line = { 0 };

	if (everyday && !log->debug)
		return;
	ebt_ph_event_text(rec, path, &line);
	if (line.data)
		ebt_ph_monitor_print(log->monitor, STDOUT_FILENO, line.data);
}

/* Print a message of the log (base/log.h) through the line writer. */
static void daemon_log_message(enum ebt_log_level level, const char *text, void *arg)
{
	_cleanup_buf_ struct ebt_buf line = { 0 };
	const struct daemon_log *log = arg;

	ebt_buf_printf(&line, "execbig-top: %s%s",
		       level == EBT_LOG_WARN	? "warning: "
		       : level == EBT_LOG_DEBUG ? "debug: "
						: "",
		       text);
	if (line.data)
		ebt_ph_monitor_print(log->monitor, STDERR_FILENO, line.data);
}

int ebt_homeo_daemon(const struct ebt_homeo_options *o)
{
	int status, got = 0;
	struct ebt_ph_monitor *monitor = NULL;
	struct ebt_ph_server *server = NULL;
	_cleanup_close_ int signals = -1;
	enum ebt_log_level level;
	char why[512] = "";
	struct daemon_log log;

	level = o->debug ? EBT_LOG_DEBUG : EBT_LOG_INFO;
	ebt_log_set(NULL, NULL, level);
	signals = daemon_stop_signals();
	status = ebt_homeo_start(o, &monitor);
	if (status)
		return status;
	if (ebt_ph_server_new(&server, monitor, o->socket, o->gid, why, sizeof(why))) {
		ebt_error("%s", why);
		ebt_ph_monitor_free(&monitor);
		return EBT_EXIT_FAILURE;
	}
	daemon_notify("READY=1", 0);
	log = (struct daemon_log){ monitor, o->debug };
	ebt_log_set(daemon_log_message, &log, level);
	while (!got)
		got = ebt_ph_server_step(server, signals, 1000, daemon_log_event, &log);
	/* Do not wait for the reader of this message, which may be one of the processes that are
	 * still stopped. */
	daemon_notify("STOPPING=1", MSG_DONTWAIT);
	ebt_ph_server_free(&server);
	if (ebt_ph_monitor_end(monitor))
		got = -EIO;
	ebt_log_set(NULL, NULL, level);
	ebt_ph_monitor_free(&monitor);
	return got < 0 ? EBT_EXIT_FAILURE : EBT_EXIT_OK;
}
