/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/writer/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "confine/sandbox.h"
#include "processes/writer/writer_files.h"

#define READ_BYTES  (256u << 10)
#define WRITER_NICE 5

/* Take frames until the pipe ends, or nothing is left to be written. */
static int writer_loop(struct ebt_writer_files *w, int in)
{
	for (;;) {
		struct pollfd p = { .fd = in, .events = POLLIN };
		char *room;
		ssize_t n;
		int err;

		poll(&p, 1, 250);
		if (p.revents) {
			room = ebt_buf_reserve(&w->in, READ_BYTES);
			if (!room)
				return -ENOMEM;
			n = read(in, room, READ_BYTES);
			if (n == 0)
				return 0;
			if (n < 0 && errno != EINTR)
				return -errno;
			w->in.len += n > 0 ? (size_t)n : 0;
			err = ebt_writer_files_take(w);
			if (err)
				return err;
		}
		ebt_writer_files_flush(w, false);
		if (!ebt_writer_files_left(w))
			return 0;
	}
}

/* Open the files with the rights of the invoking user. If that is root, they are opened with all of
 * its rights, and the capabilities are dropped before the first event arrives. Later files (a new
 * part, SQLite's journal, the new metrics file) then need a directory that root owns. */
static int writer_open_confined(struct ebt_writer_files *w, char *why, size_t why_len)
{
	bool other = ebt_sandbox_invoker_differs();
	int err = other ? ebt_sandbox_drop(why, why_len) : 0;

	umask(077);
	if (!err)
		err = ebt_writer_files_open(w, why, why_len);
	if (!err && !other)
		err = ebt_sandbox_drop_capabilities(why, why_len);
	if (!err)
		err = ebt_sandbox_seccomp_files(why, why_len);
	return err;
}

/* Run with a lower priority, so that the writer does not take a CPU from what is traced whenever
 * its pipe has something. SCHED_IDLE would be too low: on a busy machine the pipe would fill, and
 * then the ring. */
static void writer_give_way(void)
{
	const struct sched_param param = { 0 };

	sched_setscheduler(0, SCHED_BATCH, &param);
	setpriority(PRIO_PROCESS, 0, WRITER_NICE);
}

int ebt_writer_run(const struct ebt_options *options, int in, int out)
{
	struct ebt_writer_files w;
	char why[240] = "";
	int err;

	/* Ignore the signals of the job, because only the end of the pipe ends the writer: what the
	 * view still sends after a Ctrl-C is part of the recording. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	signal(SIGTSTP, SIG_IGN);
	signal(SIGUSR1, SIG_IGN); /* the view sends a frame for it */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* EFBIG says it */
	writer_give_way();
	ebt_writer_files_init(&w, options, out);
	w.wanted = in;
	err = writer_open_confined(&w, why, sizeof(why));
	if (!err) {
		ebt_writer_files_tell(&w, EBT_WRITER_READY, "");
		w.flushed_ns = w.synced_ns = ebt_mono_ns();
		err = writer_loop(&w, in);
		ebt_writer_files_flush(&w, true);
	}
	if (err)
		ebt_writer_files_tell(&w, EBT_WRITER_FATAL, *why ? why : strerror(-err));
	ebt_writer_files_free(&w);
	if (!err)
		ebt_writer_files_tell(&w, EBT_WRITER_DONE, "");
	return err ? EBT_EXIT_FAILURE : EBT_EXIT_OK;
}
