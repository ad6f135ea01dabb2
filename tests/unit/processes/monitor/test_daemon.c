/* SPDX-License-Identifier: BSD-3-Clause */
/* The daemon around a monitor that is a stand-in: readiness, log lines and exit status. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "homeostasis/monitor_core.h"

/* The library needs the other functions of monitor_core.c, so this one gets another name. */
#define ebt_ph_monitor_print stub_print
static void stub_print(struct ebt_ph_monitor *monitor, int fd, const char *line);

#include "processes/monitor/daemon.c"

static struct {
	int start, server, step, end;
	unsigned steps, freed, freed_servers;
	int fd;
	char line[1024];
} stub;

int ebt_homeo_start(const struct ebt_homeo_options *options, struct ebt_ph_monitor **out)
{
	*out = (struct ebt_ph_monitor *)&stub;
	return stub.start;
}

int ebt_ph_server_new(struct ebt_ph_server **out, struct ebt_ph_monitor *monitor, const char *path,
		      gid_t gid, char *why, size_t why_len)
{
	*out = (struct ebt_ph_server *)&stub;
	snprintf(why, why_len, "no socket");
	return stub.server;
}

void ebt_ph_server_free(struct ebt_ph_server **server)
{
	stub.freed_servers += *server != NULL;
	*server = NULL;
}

int ebt_ph_server_step(struct ebt_ph_server *server, int stop_fd, int timeout_ms,
		       ebt_ph_event_fn fn, void *arg)
{
	return ++stub.steps < 3 ? 0 : stub.step;
}

int ebt_ph_monitor_end(struct ebt_ph_monitor *monitor)
{
	return stub.end;
}

void ebt_ph_monitor_free(struct ebt_ph_monitor **monitor)
{
	stub.freed++;
	*monitor = NULL;
}

static void stub_print(struct ebt_ph_monitor *monitor, int fd, const char *line)
{
	stub.fd = fd;
	snprintf(stub.line, sizeof(stub.line), "%s", line);
}

static int setup(void **state)
{
	memset(&stub, 0, sizeof(stub));
	stub.step = 1;
	return 0;
}

static void test_runs(void **state)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct ebt_homeo_options o = { 0 };
	char got[64];
	ssize_t n;

	/* An abstract address, as systemd may give one. */
	snprintf(addr.sun_path, sizeof(addr.sun_path), "@ebt-test-daemon-%d", getpid());
	setenv("NOTIFY_SOCKET", addr.sun_path, 1);
	n = (ssize_t)(offsetof(struct sockaddr_un, sun_path) + strlen(addr.sun_path));
	addr.sun_path[0] = '\0';
	assert_int_equal(bind(fd, (struct sockaddr *)&addr, (socklen_t)n), 0);
	assert_int_equal(ebt_homeo_daemon(&o), EBT_EXIT_OK);
	assert_int_equal(stub.steps, 3);
	assert_int_equal(stub.freed, 1);
	assert_int_equal(stub.freed_servers, 1);
	n = recv(fd, got, sizeof(got), 0);
	assert_int_equal(n, 7);
	assert_memory_equal(got, "READY=1", 7);
	n = recv(fd, got, sizeof(got), 0);
	assert_int_equal(n, 10);
	assert_memory_equal(got, "STOPPING=1", 10);
	unsetenv("NOTIFY_SOCKET");
	close(fd);
}

static void test_fails(void **state)
{
	struct ebt_homeo_options o = { 0 };

	stub.start = EBT_EXIT_KERNEL;
	assert_int_equal(ebt_homeo_daemon(&o), EBT_EXIT_KERNEL);
	assert_int_equal(stub.steps, 0);
	stub.start = 0;
	stub.server = -EADDRINUSE;
	assert_int_equal(ebt_homeo_daemon(&o), EBT_EXIT_FAILURE);
	assert_int_equal(stub.steps, 0);
	assert_int_equal(stub.freed, 1);
	stub.server = 0;
	stub.step = -EIO;
	assert_int_equal(ebt_homeo_daemon(&o), EBT_EXIT_FAILURE);
	stub.step = 1;
	stub.end = -ENOSPC;
	assert_int_equal(ebt_homeo_daemon(&o), EBT_EXIT_FAILURE);
}

static void test_log(void **state)
{
	struct ebt_ph_rec rec = { .events = EBT_PH_EV_ASSOCIATED, .pid = 77, .comm = "x" };
	struct daemon_log log = { NULL, false };

	daemon_log_event(&rec, "/bin/x", &log);
	assert_string_equal(stub.line, "");
	rec.events = EBT_PH_EV_ASSOCIATED | EBT_PH_EV_NEW_PROFILE;
	rec.profile = 5;
	daemon_log_event(&rec, "/bin/x", &log);
	assert_int_equal(stub.fd, STDOUT_FILENO);
	assert_non_null(strstr(stub.line, "info    77 /bin/x: new profile #5"));
	stub.line[0] = '\0';
	rec.events = EBT_PH_EV_NOTE;
	rec.call = EBT_LOG_DEBUG;
	daemon_log_event(&rec, "3 profiles saved", &log);
	assert_string_equal(stub.line, "");
	log.debug = true;
	daemon_log_event(&rec, "3 profiles saved", &log);
	assert_non_null(strstr(stub.line, "debug   77 x: 3 profiles saved"));
	rec.events = EBT_PH_EV_LEARNED;
	daemon_log_event(&rec, "/bin/x", &log);
	assert_non_null(strstr(stub.line, "debug   77 /bin/x: new pair"));
	daemon_log_message(EBT_LOG_WARN, "careful", &log);
	assert_int_equal(stub.fd, STDERR_FILENO);
	assert_string_equal(stub.line, "execbig-top: warning: careful");
	daemon_log_message(EBT_LOG_DEBUG, "detail", &log);
	assert_string_equal(stub.line, "execbig-top: debug: detail");
	daemon_log_message(EBT_LOG_ERROR, "wrong", &log);
	assert_string_equal(stub.line, "execbig-top: wrong");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_runs, setup),
		cmocka_unit_test_setup(test_fails, setup),
		cmocka_unit_test_setup(test_log, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
