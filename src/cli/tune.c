/* SPDX-License-Identifier: BSD-3-Clause */
#include "cli/tune.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/format.h"
#include "base/log.h"
#include "processes/loader/tune_socket.h"

#define INSTANCES_MAX 16
#define QUEUE_MS      10000u /* how long to wait for a place in the instance's queue */
/* How long to wait for the first answer. It comes at once, unless the instance is busy with a retune
 * that somebody else asked for. */
#define ANSWER_MS 30000
/* How long to wait for an instance that has reported progress: the compiler has 60 s
 * (compiler_child.c), and the verifier needs some more. */
#define AT_WORK_MS 180000

/* Return the process id of the instance to tune: the one that was named, or the only one that runs.
 * Print the reason and return 0 if there is no such one. */
static pid_t tune_choose(const struct ebt_options *o)
{
	pid_t pids[INSTANCES_MAX];
	char list[INSTANCES_MAX * 12] = "";
	unsigned n;

	if (o->pid_count == 1)
		return (pid_t)o->pids[0];
	n = o->pid_count ? 0 : ebt_control_find(pids, INSTANCES_MAX);
	if (n == 1)
		return pids[0];
	for (unsigned i = 0, at = 0; i < n; i++)
		at += (unsigned)snprintf(list + at, sizeof(list) - at, "%s%d", i ? ", " : "",
					 (int)pids[i]);
	if (o->pid_count)
		ebt_error("tune changes one instance: name one process with --pid");
	else if (n)
		ebt_error("several instances run (process ids %s): say which with --pid", list);
	else
		ebt_error("no execbig-top runs that could be tuned");
	return 0;
}

static void tune_print_limit(const char *name, uint32_t bytes)
{
	if (bytes >= EBT_ARGS_MAX)
		printf(" --%s%call", name, name[0] == 'e' ? '=' : ' ');
	else
		printf(" --%s%c%u", name, name[0] == 'e' ? '=' : ' ', bytes);
}

/* Print the tuning in the form of the options that would give the same. */
static void tune_print(const struct ebt_msg *msg)
{
	const struct ebt_params *p = &msg->params;
	char took[EBT_FMT_LEN], words[3 * EBT_FILTERS_TEXT];

	printf("generation %u: --scratch %u --ring %u", msg->generation, p->scratch_bytes,
	       p->ring_bytes);
	tune_print_limit("args", p->args_limit);
	tune_print_limit("env", p->env_limit);
	printf(" --transport %s %s", p->perf ? "perf" : "ring",
	       p->failed ? "--failed" : "--no-failed");
	printf(" --poll %u", msg->poll_ms);
	if (ebt_filters_words(&msg->filters, true, words, sizeof(words))[0])
		printf(" %s", words);
	if (msg->took_ns)
		printf(" (took %s)", ebt_fmt_duration(took, msg->took_ns));
	putchar('\n');
}

static void tune_print_words(int fd)
{
	char chunk[4096];
	ssize_t n;
	off_t at = 0;

	while (fd >= 0 && (n = pread(fd, chunk, sizeof(chunk), at)) > 0) {
		fwrite(chunk, 1, (size_t)n, stderr);
		at += n;
	}
}

/* Wait for the answer, past reports of progress. Return 0, -ETIME if nothing came for too long, or
 * another -errno. */
static int tune_await(int sock, struct ebt_msg *msg, int fds[EBT_MSG_FDS])
{
	struct pollfd p = { .fd = sock, .events = POLLIN };
	int got, limit_ms = ANSWER_MS;

	for (;;) {
		int n = poll(&p, 1, limit_ms);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n == 0)
			return -ETIME;
		got = ebt_msg_receive(sock, msg, fds);
		if (got < 0)
			return got;
		if (got > 0 && msg->type != EBT_MSG_PROGRESS)
			return 0;
		for (int i = 0; got > 0 && i < EBT_MSG_FDS; i++)
			ebt_cleanup_close(&fds[i]);
		if (got > 0)
			limit_ms = AT_WORK_MS;
	}
}

static int tune_talk(int sock, pid_t pid, const struct ebt_options *o)
{
	struct ebt_msg msg = { .value = (int32_t)o->params_given, .params = o->params };
	int fds[EBT_MSG_FDS], status = EBT_EXIT_FAILURE;
	int err = ebt_filters_from(&msg.filters, o, msg.text, sizeof(msg.text));

	if (err) {
		ebt_error("%s", msg.text);
		return EBT_EXIT_USAGE;
	}
	msg.poll_ms = o->poll_given ? o->poll_ms : 0;
	msg.type =
		msg.value || msg.poll_ms || msg.filters.given ? EBT_MSG_RETUNE : EBT_MSG_GET_STATUS;
	err = ebt_msg_send(sock, &msg, NULL, 0);

	/* A user who may not ask gets the refusal before the question was read. */
	if (!err || err == -EPIPE)
		err = tune_await(sock, &msg, fds);
	if (err == -ETIME)
		ebt_error("process %d does not answer: it is stopped, or has too little CPU time; "
			  "let it go on (fg, kill -CONT %d), or end it",
			  (int)pid, (int)pid);
	else if (err)
		ebt_error("the instance ended before it answered");
	if (err)
		return EBT_EXIT_FAILURE;
	if (msg.type == EBT_MSG_SWAPPED) {
		tune_print(&msg);
		status = fflush(stdout) ? EBT_EXIT_FAILURE : EBT_EXIT_OK;
	} else {
		ebt_error("%s", msg.text);
		tune_print_words(fds[0]);
	}
	for (int i = 0; i < EBT_MSG_FDS; i++)
		ebt_cleanup_close(&fds[i]);
	return status;
}

int ebt_tune_run(const struct ebt_options *o)
{
	_cleanup_close_ int sock = -1;
	pid_t pid = tune_choose(o);

	if (!pid)
		return EBT_EXIT_FAILURE;
	sock = ebt_control_connect(pid, QUEUE_MS);
	if (sock == -EPERM)
		ebt_error("process %d is not yours to tune", (int)pid);
	else if (sock == -ECONNREFUSED)
		ebt_error(
			"no execbig-top with process id %d can be tuned: that process is none, or "
			"it has ended",
			(int)pid);
	else if (sock == -EAGAIN)
		ebt_error("process %d does not take questions: too many ask it, or it is stopped; "
			  "try again, or let it go on",
			  (int)pid);
	else if (sock < 0)
		ebt_error("no execbig-top with process id %d can be tuned: %s", (int)pid,
			  strerror(-sock));
	return sock < 0 ? EBT_EXIT_FAILURE : tune_talk(sock, pid, o);
}
