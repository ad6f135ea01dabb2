/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * takenover.c - execbig-top with a view that was taken over: all of the program, but in place of
 * ebt_view_run (see CMakeLists.txt: --wrap) this, with the rights the real view has.
 *
 * EBT_ATTACK names what it does. It writes to its standard output what it saw, a line each, and
 * then goes on until it is ended. takenover.sh looks at what came of it.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/dispatch.h"
#include "confine/sandbox.h"
#include "ipc/protocol.h"
#include "processes/view/view_run.h"

/* Of the type of what it stands in for: the linker would not notice another. */
__typeof__(ebt_view_run) __wrap_ebt_view_run;

struct attack {
	int sock, query;
	pid_t loader;
	struct ebt_params params; /* what runs */
	unsigned swapped, refused, status, lab, other;
};

static void say(const char *text)
{
	if (write(STDOUT_FILENO, text, strlen(text)) < 0)
		_exit(3);
}

static void say_number(const char *what, unsigned long n)
{
	char line[128];

	snprintf(line, sizeof(line), "%s %lu\n", what, n);
	say(line);
}

static _Noreturn void linger(void)
{
	for (;;)
		pause();
}

/* Takes what the loader has to say, for so long. False when it has closed. */
static bool listen_ms(struct attack *a, int ms)
{
	uint64_t end_ns = ebt_mono_ns() + (uint64_t)ms * 1000000;
	struct pollfd p = { .fd = a->sock, .events = POLLIN };
	struct ebt_msg msg;
	int fds[EBT_MSG_FDS], got;

	while (ebt_mono_ns() < end_ns) {
		poll(&p, 1, 10);
		got = ebt_msg_receive(a->sock, &msg, fds);
		if (got < 0)
			return false;
		for (int i = 0; got && i < EBT_MSG_FDS; i++) {
			if (fds[i] >= 0)
				close(fds[i]);
		}
		if (got && (msg.type == EBT_MSG_START || msg.type == EBT_MSG_SWAPPED))
			a->params = msg.params;
		a->swapped += got && msg.type == EBT_MSG_SWAPPED;
		a->refused += got && msg.type == EBT_MSG_REFUSED;
		a->status += got && msg.type == EBT_MSG_STATUS;
		a->lab += got && msg.type == EBT_MSG_LAB;
	}
	return true;
}

static void request(struct attack *a, uint32_t type, const struct ebt_params *params)
{
	struct ebt_msg msg = { .type = type, .params = params ? *params : a->params };

	if (type == EBT_MSG_RETUNE)
		msg.value = ~0; /* all members are meant, and anyhow */

	ebt_msg_send(a->sock, &msg, NULL, 0);
}

/* Questions, as fast as they go, and no answer read. */
static void flood(struct attack *a)
{
	struct ebt_msg msg = { .type = EBT_MSG_GET_STATUS, .value = 1 };
	uint64_t id = 1;

	say("ready\n");
	for (unsigned n = 0;; n++) {
		msg.type = n % 3 ? EBT_MSG_GET_STATUS : EBT_MSG_GET_LAB;
		(void)send(a->sock, &msg, sizeof(msg), MSG_NOSIGNAL | MSG_DONTWAIT);
		(void)send(a->query, &id, sizeof(id), MSG_NOSIGNAL | MSG_DONTWAIT);
	}
}

/* Parameters at and beyond every edge: what is taken lies within. */
static void retune(struct attack *a)
{
	static const uint32_t scratch[] = { 0, 511, 512, 520, 4095, 32768, 32776, 0xffffffff };
	static const uint32_t ring[] = { 0, 1, 4095, 4096, 65536, 65537, 1u << 31, 0xffffffff };
	struct ebt_params p = a->params;

	for (unsigned i = 0; i < 8; i++) {
		p = a->params;
		p.scratch_bytes = scratch[i];
		request(a, EBT_MSG_RETUNE, &p);
		p.ring_bytes = ring[i];
		p.reserved = (uint8_t)i;
		request(a, EBT_MSG_RETUNE, &p);
		listen_ms(a, 100);
	}
	p = (struct ebt_params){ .scratch_bytes = 2048, .ring_bytes = 65536 };
	request(a, EBT_MSG_RETUNE, &p);
	listen_ms(a, 2500);
	say_number("refused", a->refused);
	say_number("swapped", a->swapped);
	say_number("scratch", a->params.scratch_bytes);
}

/* After the end of tracing it cannot be begun again. */
static void stop(struct attack *a)
{
	struct ebt_params p = { .scratch_bytes = 4096, .ring_bytes = 131072 };

	for (int i = 0; i < 3; i++) {
		request(a, EBT_MSG_STOP, NULL);
		request(a, EBT_MSG_RETUNE, &p);
		request(a, EBT_MSG_GET_LAB, NULL);
		request(a, EBT_MSG_GET_STATUS, NULL);
	}
	listen_ms(a, 3000);
	say_number("refused", a->refused);
	say_number("swapped", a->swapped);
	say_number("status", a->status);
}

/* Descriptors along with everything. */
static void descriptors(struct attack *a)
{
	struct ebt_msg msg = { .type = EBT_MSG_GET_STATUS };
	int fds[EBT_MSG_FDS] = { 0, 1, 2, a->query };

	for (int i = 0; i < 500; i++) {
		ebt_msg_send(a->sock, &msg, fds, EBT_MSG_FDS);
		listen_ms(a, 1);
	}
	listen_ms(a, 200);
	say_number("status", a->status);
}

static void try(const char *what, bool refused)
{
	char line[128];

	snprintf(line, sizeof(line), "%s %s\n", refused ? "refused" : "ALLOWED", what);
	say(line);
}

/* At the loader by other ways than the socket; first with the rights alone, before the filter of
 * system calls takes away what would ask for them. */
static void reach(struct attack *a)
{
	char path[64], why[256];

	try("kill the loader", kill(a->loader, SIGKILL) && errno == EPERM);
	try("stop the loader", kill(a->loader, SIGSTOP) && errno == EPERM);
	try("trace the loader", ptrace(PTRACE_SEIZE, a->loader, 0, 0) && errno == EPERM);
	snprintf(path, sizeof(path), "/proc/%d/mem", (int)a->loader);
	try("open the loader's memory", open(path, O_RDWR) < 0);
	snprintf(path, sizeof(path), "/proc/%d/environ", (int)a->loader);
	try("read the loader's environment", open(path, O_RDONLY) < 0);
	try("become root", setuid(0) < 0);
	if (ebt_sandbox_seccomp(why, sizeof(why)))
		say("ALLOWED no filter\n");
	try("kill the loader, filtered", kill(a->loader, SIGKILL) && errno == EPERM);
	try("signal by fcntl", fcntl(a->sock, F_SETOWN, getppid()) && errno == EPERM);
}

static void garbage(struct attack *a)
{
	char bytes[2000];

	if (getrandom(bytes, sizeof(bytes), 0) < 0)
		_exit(3);
	(void)send(a->sock, bytes, 1234, MSG_NOSIGNAL);
}

static void act(struct attack *a, const char *what)
{
	if (strcmp(what, "flood") == 0)
		flood(a);
	else if (strcmp(what, "retune") == 0)
		retune(a);
	else if (strcmp(what, "stop") == 0)
		stop(a);
	else if (strcmp(what, "descriptors") == 0)
		descriptors(a);
	else if (strcmp(what, "reach") == 0)
		reach(a);
	else if (strcmp(what, "garbage") == 0)
		garbage(a);
	else if (strcmp(what, "unknown") == 0)
		request(a, 4711, NULL);
	else if (strcmp(what, "question") == 0)
		close(a->query);
	else if (strcmp(what, "suspend") == 0)
		for (int i = 0; i < 10; i++)
			request(a, EBT_MSG_SUSPEND, NULL);
	say("done\n");
}

int __wrap_ebt_view_run(const struct ebt_options *options, int sock, int query_sock,
			const int homeo[2], pid_t loader)
{
	struct attack a = { .sock = sock, .query = query_sock, .loader = loader };
	const char *what = getenv("EBT_ATTACK");
	char why[256];
	sigset_t all;

	(void)options;
	(void)homeo;
	/* Nothing but SIGKILL ends it. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	if (ebt_sandbox_drop(why, sizeof(why)) || !what)
		return 3;
	while (!a.params.ring_bytes && listen_ms(&a, 20))
		;
	act(&a, what);
	linger();
}

int main(int argc, char **argv)
{
	return ebt_app_main(argc, argv);
}
