/* SPDX-License-Identifier: BSD-3-Clause */
#include "app/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "app/names_sent.h"
#include "app/writer.h"
#include "base/cleanup.h"
#include "base/clock.h"

#define PIPE_BYTES (1 << 20) /* what an unprivileged user may have: /proc/sys/fs/pipe-max-size */
#define SEND_BYTES (64u << 10)
#define END_NS	   30000000000ull

struct ebt_recorder {
	int to, from; /* pipes; to < 0: the writer is gone */
	struct ebt_buf out;
	struct ebt_names_sent sent;
	uint64_t bytes;
	bool failed, trouble_new, done;
	char trouble[256];
};

static void trouble(struct ebt_recorder *r, const char *text)
{
	snprintf(r->trouble, sizeof(r->trouble), "%s", text);
	r->trouble_new = r->failed = true;
}

static void writer_gone(struct ebt_recorder *r)
{
	if (r->to >= 0)
		close(r->to);
	r->to = -1;
	ebt_buf_free(&r->out);
}

/* Messages of the writer. False when it has closed its end. */
static bool hear(struct ebt_recorder *r)
{
	struct ebt_writer_msg msg;
	ssize_t n;

	while ((n = read(r->from, &msg, sizeof(msg))) == sizeof(msg)) {
		msg.text[sizeof(msg.text) - 1] = '\0';
		r->bytes = msg.bytes;
		switch (msg.type) {
		case EBT_WRITER_FATAL:
			writer_gone(r);
			trouble(r, msg.text);
			break;
		case EBT_WRITER_TROUBLE:
			trouble(r, msg.text);
			break;
		case EBT_WRITER_DONE:
			r->done = true;
			break;
		}
	}
	return n != 0 && !(n < 0 && errno != EAGAIN && errno != EINTR);
}

/* True when the writer said that its files are open. */
static bool await_ready(struct ebt_recorder *r)
{
	struct ebt_writer_msg msg;
	ssize_t n;

	do
		n = read(r->from, &msg, sizeof(msg));
	while (n < 0 && errno == EINTR);
	if (n != sizeof(msg)) {
		trouble(r, "the process that writes files ended at once");
		return false;
	}
	msg.text[sizeof(msg.text) - 1] = '\0';
	if (msg.type != EBT_WRITER_READY)
		trouble(r, msg.text);
	return msg.type == EBT_WRITER_READY;
}

/* The writer has its two pipes, as 3 and 4, and nothing else: a socket or a standard output that it
 * kept open would hide from others that the view has ended. */
static void keep_only(int in, int out)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int high[2] = { fcntl(in, F_DUPFD_CLOEXEC, 16), fcntl(out, F_DUPFD_CLOEXEC, 16) };

	for (int fd = 0; fd < 3; fd++)
		dup2(null, fd);
	dup2(high[0], 3);
	dup2(high[1], 4);
	close_range(5, ~0u, 0);
}

static int start_writer(struct ebt_recorder *r, const struct ebt_options *options)
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
		keep_only(in[0], out[1]);
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
	err = start_writer(r, options);
	if (!err && !await_ready(r)) {
		snprintf(why, why_len, "%s", r->trouble);
		err = -EIO;
	}
	if (err) {
		writer_gone(r);
		ebt_recorder_free(&r);
		return err;
	}
	fcntl(r->from, F_SETFL, O_NONBLOCK);
	*out = r;
	return 0;
}

/* Blocking: the pipe holds a mebibyte, and behind it waits the ring. */
static void send_all(struct ebt_recorder *r)
{
	size_t at = 0;

	while (r->to >= 0 && at < r->out.len) {
		ssize_t n = write(r->to, r->out.data + at, r->out.len - at);

		if (n > 0) {
			at += (size_t)n;
		} else if (n < 0 && errno != EINTR) {
			hear(r); /* it may have said why */
			if (r->to >= 0) {
				writer_gone(r);
				trouble(r, "the process that writes files has ended; recording is "
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
		send_all(r);
		if (r->to >= 0)
			close(r->to);
		r->to = -1;
	}
	while (r->from >= 0 && hear(r) && ebt_mono_ns() < end_ns) {
		struct pollfd p = { .fd = r->from, .events = POLLIN };

		poll(&p, 1, 1000);
	}
	ebt_cleanup_close(&r->from);
	ebt_names_sent_deinit(&r->sent);
	ebt_buf_free(&r->out);
	free(r);
	*rp = NULL;
}

static void put(struct ebt_recorder *r, enum ebt_frame_kind kind, const struct ebt_bytes *pieces,
		unsigned count)
{
	if (!r || r->to < 0)
		return;
	if (ebt_frame_append(&r->out, kind, pieces, count)) {
		r->out.error = 0;
		trouble(r, "no memory for the recording: an event is missing in it");
	}
	if (r->out.len >= SEND_BYTES)
		send_all(r);
}

static void put_one(struct ebt_recorder *r, enum ebt_frame_kind kind, const void *data, size_t len)
{
	struct ebt_bytes piece = { data, len };

	put(r, kind, &piece, 1);
}

void ebt_recorder_facts(struct ebt_recorder *r, const struct ebt_facts *facts)
{
	put_one(r, EBT_FRAME_META, facts->text.data, facts->text.len);
}

void ebt_recorder_clock(struct ebt_recorder *r, uint64_t mono_ns, int64_t mono_to_real_ns)
{
	struct ebt_frame_clock clock = { mono_ns, mono_to_real_ns };

	put_one(r, EBT_FRAME_CLOCK, &clock, sizeof(clock));
}

void ebt_recorder_start(struct ebt_recorder *r, const struct ebt_msg *msg)
{
	struct ebt_frame_start start = { .mono_ns = ebt_mono_ns(),
					 .took_ns = msg->took_ns,
					 .compile_ns = msg->compile_ns,
					 .ncpu = msg->ncpu,
					 .generation = msg->generation,
					 .scratch_bytes = msg->params.scratch_bytes,
					 .ring_bytes = msg->params.ring_bytes,
					 .args_limit = msg->params.args_limit,
					 .env_limit = msg->params.env_limit,
					 .paths = msg->params.paths,
					 .failed = msg->params.failed,
					 .perf = msg->params.perf };

	put_one(r, EBT_FRAME_START, &start, sizeof(start));
}

void ebt_recorder_record(struct ebt_recorder *r, const void *data, size_t len)
{
	put_one(r, EBT_FRAME_RECORD, data, len);
}

static void put_name(struct ebt_recorder *r, enum ebt_frame_kind kind, uint64_t number,
		     const char *name)
{
	struct ebt_frame_name head = { number };
	struct ebt_bytes pieces[2] = { { (const char *)&head, sizeof(head) },
				       ebt_bytes_from(name) };

	if (name && ebt_names_sent_new(&r->sent, kind, number, name))
		put(r, kind, pieces, 2);
}

void ebt_recorder_names(struct ebt_recorder *r, const struct ebt_model *model,
			const struct ebt_event *ev)
{
	if (!r || r->to < 0)
		return;
	if (ev->type == EBT_EVENT_EXEC) {
		put_name(r, EBT_FRAME_USER, ev->exec.uid, ebt_model_user(model, ev->exec.uid));
		if (ev->exec.cgroup_id)
			put_name(r, EBT_FRAME_CGROUP, ev->exec.cgroup_id,
				 ebt_model_cgroup(model, ev->exec.cgroup_id));
	} else if (ev->type == EBT_EVENT_EXIT) {
		put_name(r, EBT_FRAME_USER, ev->exit.uid, ebt_model_user(model, ev->exit.uid));
	}
}

void ebt_recorder_process(struct ebt_recorder *r, const struct ebt_frame_process *proc,
			  struct ebt_bytes comm, struct ebt_bytes args)
{
	struct ebt_bytes pieces[3] = { { (const char *)proc, sizeof(*proc) }, comm, args };

	put(r, EBT_FRAME_PROCESS, pieces, 3);
}

void ebt_recorder_flush_event(struct ebt_recorder *r, uint64_t now_ns, uint64_t max_age_ns)
{
	struct ebt_frame_flush flush = { now_ns, max_age_ns };

	put_one(r, EBT_FRAME_FLUSH, &flush, sizeof(flush));
}

void ebt_recorder_status(struct ebt_recorder *r, const struct ebt_status *status,
			 const struct ebt_model_buffers *b, uint64_t taken_ns)
{
	struct ebt_frame_status head = { .mono_ns = status->mono_ns,
					 .taken_ns = taken_ns,
					 .ring_used = b->ring_used,
					 .ring_size = b->ring_size,
					 .scratch_bytes = b->scratch_bytes,
					 .kernel_bytes = b->kernel_bytes,
					 .recursion_misses = b->recursion_misses,
					 .ncpu = b->ncpu,
					 .counters_bytes = sizeof(*b->counters),
					 .generation = status->generation };
	_cleanup_buf_ struct ebt_buf pairs = { 0 };
	struct ebt_bytes pieces[3] = { { (const char *)&head, sizeof(head) } };

	if (!r || r->to < 0)
		return;
	for (unsigned i = 0; i < b->ncpu; i++) {
		uint64_t pair[2] = { b->received[i], b->gaps[i] };

		ebt_buf_append(&pairs, pair, sizeof(pair));
	}
	if (pairs.error)
		return;
	pieces[1] = (struct ebt_bytes){ pairs.data, pairs.len };
	pieces[2] = (struct ebt_bytes){ (const char *)b->counters, b->ncpu * sizeof(*b->counters) };
	put(r, EBT_FRAME_STATUS, pieces, 3);
}

void ebt_recorder_homeo(struct ebt_recorder *r, const struct ebt_event *ev)
{
	const struct ebt_event_homeo *e = &ev->homeo;
	struct ebt_frame_homeo head = { .mono_ns = ev->mono_ns,
					.train_count = e->train_count,
					.count = e->count,
					.anomalies = e->anomalies,
					.pid = e->pid,
					.tid = e->tid,
					.slot = e->slot,
					.missed = e->missed,
					.lfc = e->lfc,
					.max_lfc = e->max_lfc,
					.level = e->level };
	const struct ebt_bytes texts[] = { e->event, e->exe, e->comm, e->call, e->cause };
	uint16_t *const lens[] = { &head.event_len, &head.exe_len, &head.comm_len, &head.call_len,
				   &head.cause_len };
	_cleanup_buf_ struct ebt_buf all = { 0 };
	struct ebt_bytes pieces[2] = { { (const char *)&head, sizeof(head) } };

	for (size_t i = 0; i < EBT_ARRAY_SIZE(texts); i++) {
		size_t len = texts[i].len < UINT16_MAX ? texts[i].len : UINT16_MAX;

		*lens[i] = (uint16_t)len;
		ebt_buf_append(&all, texts[i].data, len);
	}
	if (all.error)
		return;
	pieces[1] = (struct ebt_bytes){ all.data, all.len };
	put(r, EBT_FRAME_HOMEO, pieces, 2);
}

void ebt_recorder_end(struct ebt_recorder *r, uint64_t mono_ns, bool summary)
{
	struct ebt_frame_end end = { .mono_ns = mono_ns, .flags = summary ? EBT_END_SUMMARY : 0 };

	put_one(r, EBT_FRAME_END, &end, sizeof(end));
}

void ebt_recorder_frame(struct ebt_recorder *r, const struct ebt_frame *frame)
{
	put_one(r, frame->kind, frame->data, frame->len);
}

void ebt_recorder_pump(struct ebt_recorder *r)
{
	if (!r)
		return;
	if (r->out.len)
		send_all(r);
	if (r->from >= 0)
		hear(r);
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
