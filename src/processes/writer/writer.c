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
#include "export/metrics_file.h"
#include "export/sqlite.h"
#include "recording/parts.h"
#include "recording/player.h"

#define READ_BYTES  (256u << 10)
#define WRITER_NICE 5
/* Frames wait in a block no longer than this: what a crash of the machine may cost. */
#define FLUSH_NS 1000000000ull

struct writer {
	const struct ebt_options *options;
	int out;
	struct ebt_parts_writer *parts;
	struct ebt_sqlite *sqlite;
	struct ebt_metrics_file *metrics;
	struct ebt_model *names;
	struct ebt_player player;
	struct ebt_buf in;
	uint64_t bytes, told_bytes;
	uint64_t flushed_ns;
	bool facts_stored;
};

static void tell(struct writer *w, enum ebt_writer_type type, const char *text)
{
	struct ebt_writer_msg msg = { .type = type, .bytes = w->bytes };

	snprintf(msg.text, sizeof(msg.text), "%s", text);
	/* Nobody may be listening any more; the files are what counts. */
	if (write(w->out, &msg, sizeof(msg)) < 0)
		errno = 0;
}

static void stop_recording(struct writer *w, int err)
{
	/* A part that has to go is none: somebody's file of that name stays. */
	const char *words = err == -EEXIST  ? "its oldest part would replace a file that is not a "
					      "recording"
			    : err == -EBUSY ? "another process is writing one of its parts"
					    : strerror(-err);
	char text[240];

	snprintf(text, sizeof(text), "cannot write %s: %s; recording has stopped, tracing goes on",
		 w->options->write_file, words);
	ebt_parts_writer_free(&w->parts);
	tell(w, EBT_WRITER_TROUBLE, text);
}

static void stop_sqlite(struct writer *w)
{
	char text[240];

	snprintf(text, sizeof(text), "cannot write %s: %s; the database gets no more",
		 w->options->sqlite_file, ebt_sqlite_error(w->sqlite));
	ebt_sqlite_free(&w->sqlite);
	tell(w, EBT_WRITER_TROUBLE, text);
}

static void on_event(const struct ebt_event *ev, void *arg)
{
	struct writer *w = arg;

	if (w->sqlite && ebt_sqlite_event(w->sqlite, ev, w->player.clock.mono_to_real_ns))
		stop_sqlite(w);
	if (w->metrics)
		ebt_metrics_file_event(w->metrics, ev);
}

static const struct ebt_player_ops player_ops = { .event = on_event };

static void store_facts(struct writer *w)
{
	const char *fact, *value;
	char name[64];
	size_t at = 0;

	while ((fact = ebt_facts_next(&w->player.facts, &at))) {
		value = strchr(fact, '=');
		snprintf(name, sizeof(name), "%.*s", (int)(value - fact), fact);
		if (w->sqlite && ebt_sqlite_machine(w->sqlite, name, value + 1))
			stop_sqlite(w);
	}
}

static void take_frame(struct writer *w, const struct ebt_frame *f)
{
	int err = w->parts ? ebt_parts_writer_frame(w->parts, f, ebt_player_time(f)) : 0;

	if (err)
		stop_recording(w, err);
	if (!w->sqlite && !w->metrics)
		return;
	ebt_player_frame(&w->player, f);
	if (f->kind == EBT_FRAME_META && !w->facts_stored) {
		w->facts_stored = true;
		store_facts(w);
	}
}

/* Frames that are whole; the rest stays for the next time. */
static int take_frames(struct writer *w)
{
	const char *at = w->in.data, *end = w->in.data + w->in.len;
	struct ebt_frame f;
	int got;

	while ((got = ebt_frame_next(&at, end, &f)) == 1)
		take_frame(w, &f);
	if (got < 0)
		return got;
	memmove(w->in.data, at, (size_t)(end - at));
	w->in.len = (size_t)(end - at);
	return 0;
}

/* Once a second what waits goes to disk. */
static void flush(struct writer *w, bool last)
{
	uint64_t now_ns = ebt_mono_ns();
	int err;

	if (w->metrics && ebt_metrics_file_due(w->metrics, now_ns, last) &&
	    ebt_metrics_file_write(w->metrics, &w->player)) {
		tell(w, EBT_WRITER_TROUBLE, ebt_metrics_file_error(w->metrics));
		ebt_metrics_file_free(&w->metrics);
	}
	if (!last && now_ns - w->flushed_ns < FLUSH_NS)
		return;
	w->flushed_ns = now_ns;
	err = w->parts ? ebt_parts_writer_flush(w->parts) : 0;
	if (err)
		stop_recording(w, err);
	if (w->sqlite && ebt_sqlite_commit(w->sqlite))
		stop_sqlite(w);
	if (w->parts)
		w->bytes = ebt_parts_writer_bytes(w->parts);
	if (w->bytes != w->told_bytes)
		tell(w, EBT_WRITER_PROGRESS, "");
	w->told_bytes = w->bytes;
}

static int loop(struct writer *w, int in)
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
			err = take_frames(w);
			if (err)
				return err;
		}
		flush(w, false);
	}
}

static int open_files(struct writer *w, char *why, size_t why_len)
{
	const struct ebt_options *o = w->options;
	struct ebt_parts_options parts = { .path = o->write_file,
					   .rotate_bytes = o->rotate_bytes,
					   .count = o->rotate_count,
					   .abi = EBT_ABI_VERSION };
	struct ebt_model_options mo = { .history_bytes = EBT_HISTORY_MIN, .ncpu = 1 };
	int err = ebt_model_new(&w->names, &mo);

	w->player.names = w->names;
	if (!err && o->write_file)
		err = ebt_parts_writer_new(&w->parts, &parts, why, why_len);
	if (!err && o->sqlite_file)
		err = ebt_sqlite_new(&w->sqlite, o->sqlite_file, w->names, why, why_len);
	if (!err && o->metrics_file)
		err = ebt_metrics_file_new(&w->metrics, o->metrics_file, o->delay_ns, why, why_len);
	return err;
}

/*
 * With the rights of the invoking user. When that is root itself, files are opened with all of
 * root's rights, and the capabilities go before the first event comes in: what follows (a new part,
 * SQLite's journal, the rename of the metrics file) then needs a directory that root owns.
 */
static int open_confined(struct writer *w, char *why, size_t why_len)
{
	bool other = ebt_sandbox_invoker_differs();
	int err = other ? ebt_sandbox_drop(why, why_len) : 0;

	umask(077);
	if (!err)
		err = open_files(w, why, why_len);
	if (!err && !other)
		err = ebt_sandbox_drop_capabilities(why, why_len);
	if (!err)
		err = ebt_sandbox_seccomp_files(why, why_len);
	return err;
}

/* What it does has time: it is not to take a CPU from what is traced the moment its pipe has
 * something in it. Not SCHED_IDLE: on a busy machine the pipe would fill, and then the ring. */
static void give_way(void)
{
	const struct sched_param param = { 0 };

	sched_setscheduler(0, SCHED_BATCH, &param);
	setpriority(PRIO_PROCESS, 0, WRITER_NICE);
}

int ebt_writer_run(const struct ebt_options *options, int in, int out)
{
	struct writer w = { .options = options, .out = out };
	char why[240] = "";
	int err;

	/* The end of the pipe ends it: Ctrl-C goes to the whole job, and what the view still has
	 * to say when it comes is part of the recording. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	signal(SIGTSTP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* EFBIG says it */
	give_way();
	ebt_player_init(&w.player, &player_ops, &w);
	err = open_confined(&w, why, sizeof(why));
	if (!err) {
		tell(&w, EBT_WRITER_READY, "");
		w.flushed_ns = ebt_mono_ns();
		err = loop(&w, in);
		flush(&w, true);
	}
	if (err)
		tell(&w, EBT_WRITER_FATAL, *why ? why : strerror(-err));
	ebt_parts_writer_free(&w.parts);
	ebt_sqlite_free(&w.sqlite);
	ebt_metrics_file_free(&w.metrics);
	ebt_player_deinit(&w.player);
	ebt_model_free(&w.names);
	ebt_buf_free(&w.in);
	if (!err)
		tell(&w, EBT_WRITER_DONE, "");
	return err ? EBT_EXIT_FAILURE : EBT_EXIT_OK;
}
