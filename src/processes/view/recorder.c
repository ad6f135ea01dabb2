/* SPDX-License-Identifier: BSD-3-Clause */
/* recorder.c - the writer process: its start, its pipes, its end. What goes to it is made in
 * recorder_frames.c. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "processes/view/recorder_internal.h"
#include "processes/writer/writer.h"

#define PIPE_BYTES (1 << 20) /* what an unprivileged user may have: /proc/sys/fs/pipe-max-size */
#define SEND_BYTES (64u << 10)
#define END_NS	   30000000000ull

static void recorder_trouble(struct ebt_recorder *r, const char *text)
{
	snprintf(r->trouble, sizeof(r->trouble), "%s", text);
	r->trouble_new = r->failed = true;
}

static void recorder_writer_gone(struct ebt_recorder *r)
{
	if (r->to >= 0)
		close(r->to);
	r->to = -1;
	ebt_buf_free(&r->out);
}

/* Messages of the writer. False when it has closed its end. */
static bool recorder_hear(struct ebt_recorder *r)
{
	struct ebt_writer_msg msg;
	ssize_t n;

	while ((n = read(r->from, &msg, sizeof(msg))) == sizeof(msg)) {
		msg.text[sizeof(msg.text) - 1] = '\0';
		r->bytes = msg.bytes;
		switch (msg.type) {
		case EBT_WRITER_FATAL:
			recorder_writer_gone(r);
			recorder_trouble(r, msg.text);
			break;
		case EBT_WRITER_TROUBLE:
			recorder_trouble(r, msg.text);
			break;
		case EBT_WRITER_DONE:
			r->done = true;
			break;
		}
	}
	return n != 0 && !(n < 0 && errno != EAGAIN && errno != EINTR);
}

/* True when the writer said that its files are open. */
static bool recorder_await_ready(struct ebt_recorder *r)
{
	struct ebt_writer_msg msg;
	ssize_t n;

	do
		n = read(r->from, &msg, sizeof(msg));
	while (n < 0 && errno == EINTR);
	if (n != sizeof(msg)) {
		recorder_trouble(r, "the process that writes files ended at once");
		return false;
	}
	msg.text[sizeof(msg.text) - 1] = '\0';
	if (msg.type != EBT_WRITER_READY)
		recorder_trouble(r, msg.text);
	return msg.type == EBT_WRITER_READY;
}

/* The writer has its two pipes, as 3 and 4, and nothing else: a socket or a standard output that it
 * kept open would hide from others that the view has ended. */
static void recorder_keep_only(int in, int out)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int high[2] = { fcntl(in, F_DUPFD_CLOEXEC, 16), fcntl(out, F_DUPFD_CLOEXEC, 16) };

	for (int fd = 0; fd < 3; fd++)
		dup2(null, fd);
	dup2(high[0], 3);
	dup2(high[1], 4);
	close_range(5, ~0u, 0);
}

static int recorder_start_writer(struct ebt_recorder *r, const struct ebt_options *options)
{
	int in[2], out[2] = { -1, -1 };
	pid_t pid;

	if (pipe2(in, O_CLOEXEC))
		return -errno;
	if (pipe2(out, O_CLOEXEC)) {
		close(in[0]);
		close(in[1]);
		return -errno;
	}
	fcntl(in[1], F_SETPIPE_SZ, PIPE_BYTES);
	/* Nobody waits for it: its end is told by its pipe. */
	signal(SIGCHLD, SIG_IGN);
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		recorder_keep_only(in[0], out[1]);
		prctl(PR_SET_NAME, "execbig-write");
		_exit(ebt_writer_run(options, 3, 4));
	}
	close(in[0]);
	close(out[1]);
	r->to = in[1];
	r->from = out[0];
	return pid < 0 ? -EAGAIN : 0;
}

int ebt_recorder_new(struct ebt_recorder **out, const struct ebt_options *options, char *why,
		     size_t why_len)
{
	struct ebt_recorder *r;
	int err;

	if (!options->write_file && !options->sqlite_file && !options->metrics_file)
		return 0;
	r = calloc(1, sizeof(*r));
	if (!r)
		return -ENOMEM;
	r->to = r->from = -1;
	err = recorder_start_writer(r, options);
	if (!err && !recorder_await_ready(r)) {
		snprintf(why, why_len, "%s", r->trouble);
		err = -EIO;
	}
	if (err) {
		recorder_writer_gone(r);
		ebt_recorder_free(&r);
		return err;
	}
	fcntl(r->from, F_SETFL, O_NONBLOCK);
	*out = r;
	return 0;
}

/* Blocking: the pipe holds a mebibyte, and behind it waits the ring. */
static void recorder_send_all(struct ebt_recorder *r)
{
	size_t at = 0;

	while (r->to >= 0 && at < r->out.len) {
		ssize_t n = write(r->to, r->out.data + at, r->out.len - at);

		if (n > 0) {
			at += (size_t)n;
		} else if (n < 0 && errno != EINTR) {
			recorder_hear(r); /* it may have said why */
			if (r->to >= 0) {
				recorder_writer_gone(r);
				recorder_trouble(
					r, "the process that writes files has ended; recording is "
					   "over");
			}
			return;
		}
	}
	ebt_buf_reset(&r->out);
}

void ebt_recorder_free(struct ebt_recorder **rp)
{
	struct ebt_recorder *r = *rp;
	uint64_t end_ns = ebt_mono_ns() + END_NS;

	if (!r)
		return;
	if (r->to >= 0) {
		recorder_send_all(r);
		if (r->to >= 0)
			close(r->to);
		r->to = -1;
	}
	while (r->from >= 0 && recorder_hear(r) && ebt_mono_ns() < end_ns) {
		struct pollfd p = { .fd = r->from, .events = POLLIN };

		poll(&p, 1, 1000);
	}
	ebt_cleanup_close(&r->from);
	ebt_names_sent_deinit(&r->sent);
	ebt_buf_free(&r->out);
	free(r);
	*rp = NULL;
}

void ebt_recorder_put(struct ebt_recorder *r, enum ebt_frame_kind kind,
		      const struct ebt_bytes *pieces, unsigned count)
{
	if (!ebt_recorder_open(r))
		return;
	if (ebt_frame_append(&r->out, kind, pieces, count)) {
		r->out.error = 0;
		recorder_trouble(r, "no memory for the recording: an event is missing in it");
	}
	if (r->out.len >= SEND_BYTES)
		recorder_send_all(r);
}

void ebt_recorder_pump(struct ebt_recorder *r)
{
	if (!r)
		return;
	if (r->out.len)
		recorder_send_all(r);
	if (r->from >= 0)
		recorder_hear(r);
}

const char *ebt_recorder_trouble(struct ebt_recorder *r)
{
	if (!r || !r->trouble_new)
		return NULL;
	r->trouble_new = false;
	return r->trouble;
}

bool ebt_recorder_failed(const struct ebt_recorder *r)
{
	return r && r->failed;
}

uint64_t ebt_recorder_bytes(const struct ebt_recorder *r)
{
	return r ? r->bytes : 0;
}
