/* SPDX-License-Identifier: BSD-3-Clause */
/* recorder.c - start and end the writer process, and serve its pipes; recorder_frames.c makes the
 * frames */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "confine/child.h"
#include "processes/view/recorder_internal.h"
#include "processes/writer/writer.h"

#define PIPE_BYTES (1 << 20) /* what an unprivileged user may have: /proc/sys/fs/pipe-max-size */
#define SEND_BYTES (64u << 10)
#define END_NS	   30000000000ull /* at the end, as long as the writer gets on */
/* At the end, for a writer that does not get on. A database may be locked for ten seconds. */
#define STUCK_NS	  5000000000ull
#define STUCK_DATABASE_NS 12000000000ull
#define READY_MS	  1000		/* the user hears of files that do not open in that time */
#define SAY_NS		  1000000000ull /* the user hears of a writer that is slower than that */

/* Keep a sentence for the view to show. While an earlier one waits there, the new one is dropped,
 * because it is likely to be a consequence of the first. */
static void recorder_say(struct ebt_recorder *r, const char *text)
{
	if (!r->trouble_new)
		snprintf(r->trouble, sizeof(r->trouble), "%s", text);
	r->trouble_new = true;
}

/* Do the same for a failure that leaves something out, which the exit status tells too. */
static void recorder_trouble(struct ebt_recorder *r, const char *text)
{
	recorder_say(r, text);
	r->failed = true;
}

/* Read the messages of the writer. Return false if it has closed its end. */
static bool recorder_hear(struct ebt_recorder *r)
{
	struct ebt_writer_msg msg;
	ssize_t n;

	while ((n = read(r->from, &msg, sizeof(msg))) == sizeof(msg)) {
		msg.text[sizeof(msg.text) - 1] = '\0';
		r->bytes = msg.bytes;
		switch (msg.type) {
		case EBT_WRITER_FATAL:
			ebt_pipe_queue_close(&r->to);
			recorder_trouble(r, msg.text);
			break;
		case EBT_WRITER_TROUBLE:
			recorder_trouble(r, msg.text);
			break;
		case EBT_WRITER_WARNING:
			recorder_say(r, msg.text);
			break;
		case EBT_WRITER_DONE:
			r->done = true;
			ebt_pipe_queue_close(&r->to); /* nothing is left to be written */
			break;
		}
	}
	return n != 0 && !(n < 0 && errno != EAGAIN && errno != EINTR);
}

/* Return true if the writer has said that its files are open. */
static bool recorder_await_ready(struct ebt_recorder *r, const struct ebt_options *options)
{
	struct pollfd p = { .fd = r->from, .events = POLLIN };
	struct ebt_writer_msg msg;
	ssize_t n;

	if (poll(&p, 1, READY_MS) == 0)
		ebt_warn(
			"waiting for the files to be opened: %s",
			options->sqlite_file
				? "another process has locked the database, or a FIFO wants a reader"
				: "a FIFO wants a reader");
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

/* Fork the writer with its two pipes and the descriptors that its files are opened by. It has nothing
 * else, because a socket or a standard output that it kept open would hide from others that the view
 * has ended. Return its id, or -errno. */
static pid_t recorder_fork_writer(const struct ebt_options *options, int in, int out)
{
	const struct ebt_inherited *inherited = &options->inherited;
	const struct ebt_child_fd keep[] = {
		{ in, EBT_CHILD_SAME },
		{ out, EBT_CHILD_SAME },
		{ ebt_inherited_output(inherited, options->write_file), EBT_CHILD_SAME },
		{ ebt_inherited_named(inherited, options->sqlite_file), EBT_CHILD_SAME },
		{ ebt_inherited_named(inherited, options->metrics_file), EBT_CHILD_SAME },
	};
	const struct ebt_child child = { .name = "execbig-write",
					 .silent = true,
					 .keep = keep,
					 .keep_count = EBT_ARRAY_SIZE(keep) };
	pid_t pid = ebt_child_fork(&child);

	if (pid == 0)
		_exit(ebt_writer_run(options, in, out));
	return pid;
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
	/* It is not waited for, because its pipe tells when it ends. */
	signal(SIGCHLD, SIG_IGN);
	pid = recorder_fork_writer(options, in[0], out[1]);
	close(in[0]);
	close(out[1]);
	ebt_pipe_queue_open(&r->to, in[1]);
	r->writer = pid;
	r->from = out[0];
	return pid < 0 ? pid : 0;
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
	r->to.fd = r->from = -1;
	r->stuck_ns = options->sqlite_file ? STUCK_DATABASE_NS : STUCK_NS;
	err = recorder_start_writer(r, options);
	if (!err && !recorder_await_ready(r, options)) {
		snprintf(why, why_len, "%s", r->trouble);
		err = -EIO;
	}
	if (err) {
		ebt_pipe_queue_close(&r->to);
		ebt_recorder_free(&r);
		return err;
	}
	fcntl(r->from, F_SETFL, O_NONBLOCK);
	*out = r;
	return 0;
}

/* Send what the pipe accepts. A disk that does not respond stops the recording, and after it the
 * ring, but neither the keyboard nor the screen. */
static void recorder_send(struct ebt_recorder *r)
{
	uint64_t now_ns;

	if (ebt_pipe_queue_push(&r->to)) {
		recorder_hear(r); /* it may have said why */
		if (ebt_recorder_open(r)) {
			ebt_pipe_queue_close(&r->to);
			recorder_trouble(r, "the process that writes files has ended; recording is "
					    "over");
		}
	}
	if (!ebt_recorder_behind(r)) {
		r->slow_ns = 0;
		r->slow_told = false;
		return;
	}
	now_ns = ebt_mono_ns();
	if (!r->slow_ns)
		r->slow_ns = now_ns;
	if (now_ns - r->slow_ns < SAY_NS || r->slow_told)
		return;
	r->slow_told = r->trouble_new = true;
	snprintf(
		r->trouble, sizeof(r->trouble),
		"the disk of the recording does not keep up: events wait in the ring, and are lost "
		"when it is full");
}

bool ebt_recorder_behind(const struct ebt_recorder *r)
{
	return ebt_recorder_open(r) && ebt_pipe_queue_waiting(&r->to) >= SEND_BYTES;
}

int ebt_recorder_wait_fd(const struct ebt_recorder *r)
{
	return ebt_recorder_behind(r) ? r->to.fd : -1;
}

/* Wait until the writer has written all. Return false when it has not got on for stuck_ns, or is not
 * ready after END_NS. */
static bool recorder_await_end(struct ebt_recorder *r)
{
	uint64_t begin_ns = ebt_mono_ns(), now_ns = begin_ns, moved_ns = begin_ns;
	size_t left = SIZE_MAX;
	bool told = false;

	while (r->from >= 0 && recorder_hear(r) && !r->done) {
		struct pollfd p = { .fd = r->from, .events = POLLIN };
		size_t unread;

		recorder_send(r);
		unread = ebt_pipe_queue_unread(&r->to);
		if (ebt_recorder_open(r) && !ebt_pipe_queue_waiting(&r->to))
			ebt_pipe_queue_close(&r->to); /* by that it ends */
		now_ns = ebt_mono_ns();
		if (unread != left)
			moved_ns = now_ns;
		left = unread;
		if (now_ns - moved_ns > r->stuck_ns || now_ns - begin_ns > END_NS)
			return false;
		if (!told && now_ns - begin_ns > SAY_NS) {
			told = true;
			ebt_warn("waiting for the disk that is recorded to");
		}
		poll(&p, 1, 50);
	}
	return true;
}

void ebt_recorder_finish(struct ebt_recorder *r)
{
	if (!r || recorder_await_end(r))
		return;
	r->failed = true;
	ebt_error("the disk that is recorded to does not respond: process %d goes on by itself and "
		  "writes what it was given%s",
		  (int)r->writer,
		  ebt_pipe_queue_waiting(&r->to) ? "; the newest events are lost" : "");
	ebt_cleanup_close(&r->from);
	r->from = -1;
}

void ebt_recorder_free(struct ebt_recorder **rp)
{
	struct ebt_recorder *r = *rp;

	if (!r)
		return;
	ebt_recorder_finish(r);
	ebt_pipe_queue_close(&r->to);
	ebt_cleanup_close(&r->from);
	ebt_names_sent_deinit(&r->sent);
	free(r);
	*rp = NULL;
}

void ebt_recorder_put(struct ebt_recorder *r, enum ebt_frame_kind kind,
		      const struct ebt_bytes *pieces, unsigned count)
{
	if (!ebt_recorder_open(r))
		return;
	if (ebt_frame_append(&r->to.bytes, kind, pieces, count)) {
		r->to.bytes.error = 0;
		recorder_trouble(r, "no memory for the recording: an event is missing in it");
	}
	if (ebt_pipe_queue_waiting(&r->to) >= SEND_BYTES)
		recorder_send(r);
}

void ebt_recorder_pump(struct ebt_recorder *r)
{
	if (!r)
		return;
	if (ebt_recorder_open(r))
		recorder_send(r);
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

const char *ebt_recorder_last_trouble(const struct ebt_recorder *r)
{
	return r && r->failed && r->trouble[0] ? r->trouble : NULL;
}

bool ebt_recorder_failed(const struct ebt_recorder *r)
{
	return r && r->failed;
}

bool ebt_recorder_writes(const struct ebt_recorder *r)
{
	return ebt_recorder_open(r);
}

uint64_t ebt_recorder_bytes(const struct ebt_recorder *r)
{
	return r ? r->bytes : 0;
}
