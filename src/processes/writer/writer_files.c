/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/writer/writer_files.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "processes/writer/writer.h"

/* time that frames wait in a block, which a crash of the program can cost */
#define FLUSH_NS 1000000000ull
/* interval of fdatasync, which a loss of power can cost */
#define SYNC_NS 5000000000ull

void ebt_writer_files_tell(struct ebt_writer_files *w, enum ebt_writer_type type, const char *text)
{
	struct ebt_writer_msg msg = { .type = type, .bytes = w->bytes };

	snprintf(msg.text, sizeof(msg.text), "%s", text);
	/* The view may have ended; the files matter more. */
	if (write(w->out, &msg, sizeof(msg)) < 0)
		errno = 0;
}

static const char *files_words(int err)
{
	switch (err) {
	case -EEXIST:
		/* A part that has to go is none: somebody's file of that name stays. */
		return "its oldest part would replace a file that is not a recording";
	case -EBUSY:
		return "another process is writing one of its parts";
	case -EPIPE:
		return "its reader has gone";
	case -ENOENT:
		return "it was removed while it was written";
	default:
		return strerror(-err);
	}
}

static void files_stop_recording(struct ebt_writer_files *w, int err)
{
	char text[240];

	snprintf(text, sizeof(text), "cannot write %s: %s; recording has stopped, tracing goes on",
		 w->options->write_file, files_words(err));
	/* A disk can be full before the first flush, when blocks are in the file already. */
	if (w->begun_ns && !w->discard)
		ebt_parts_writer_keep(w->parts);
	ebt_parts_writer_free(&w->parts);
	ebt_writer_files_tell(w, EBT_WRITER_TROUBLE, text);
}

static void files_on_event(const struct ebt_event *ev, void *arg)
{
	struct ebt_writer_files *w = arg;

	if (w->metrics)
		ebt_metrics_file_event(w->metrics, ev);
}

static const struct ebt_player_ops files_player_ops = { .event = files_on_event };

/* Act on a frame that is a request and not a part of the recording. Return false for any other. */
static bool files_obey(struct ebt_writer_files *w, const struct ebt_frame *f)
{
	int err = 0;

	if (f->kind == EBT_FRAME_ROTATE && w->parts)
		err = ebt_parts_writer_rotate(w->parts);
	if (err)
		files_stop_recording(w, err);
	w->discard |= f->kind == EBT_FRAME_DISCARD;
	return f->kind >= EBT_FRAME_DISCARD;
}

/* Return whether the frame shows that tracing, or a replay, has begun. */
static bool files_have_begun(const struct ebt_frame *f)
{
	return f->kind != EBT_FRAME_META && f->kind != EBT_FRAME_CLOCK &&
	       f->kind != EBT_FRAME_USER && f->kind != EBT_FRAME_CGROUP &&
	       f->kind != EBT_FRAME_PROCESS;
}

static void files_take_frame(struct ebt_writer_files *w, const struct ebt_frame *f)
{
	int err;

	if (files_obey(w, f))
		return;
	if (!w->begun_ns && files_have_begun(f))
		w->begun_ns = ebt_mono_ns();
	err = w->parts ? ebt_parts_writer_frame(w->parts, f, ebt_player_time(f)) : 0;
	if (err)
		files_stop_recording(w, err);
	ebt_writer_database_frame(&w->database, f);
	if (w->metrics)
		ebt_player_frame(&w->player, f);
}

int ebt_writer_files_take(struct ebt_writer_files *w)
{
	const char *at = w->in.data, *end = w->in.data + w->in.len;
	struct ebt_frame f;
	int got;

	while ((got = ebt_frame_next(&at, end, &f)) == 1)
		files_take_frame(w, &f);
	if (got < 0)
		return got;
	memmove(w->in.data, at, (size_t)(end - at));
	w->in.len = (size_t)(end - at);
	return 0;
}

/* Write the frames that wait. The previous recording stays until the run has gone on for a while,
 * because a command that cannot be started is known by then. */
static int files_flush_recording(struct ebt_writer_files *w, uint64_t now_ns, bool last)
{
	bool begun = w->begun_ns && (last || now_ns >= w->begun_ns + FLUSH_NS);
	int err;

	if (!begun || w->discard)
		return 0;
	err = ebt_parts_writer_flush(w->parts);
	if (!err && (last || now_ns - w->synced_ns >= SYNC_NS)) {
		w->synced_ns = now_ns;
		err = ebt_parts_writer_sync(w->parts);
	}
	return err;
}

/* Write the metrics. After a failure the next attempt writes everything that this one would have
 * written. */
static void files_write_metrics(struct ebt_writer_files *w, bool last)
{
	int err = ebt_metrics_file_write(w->metrics, &w->player);

	if (err && (!w->metrics_failing || last))
		ebt_writer_files_tell(
			w, last || err == -EEXIST ? EBT_WRITER_TROUBLE : EBT_WRITER_WARNING,
			ebt_metrics_file_error(w->metrics));
	w->metrics_failing = err;
	if (err == -EEXIST)
		ebt_metrics_file_free(&w->metrics);
}

static void files_tell_database(struct ebt_writer_files *w)
{
	struct ebt_writer_database *d = &w->database;

	if (d->said[0])
		ebt_writer_files_tell(w, d->failed ? EBT_WRITER_TROUBLE : EBT_WRITER_WARNING,
				      d->said);
	d->said[0] = '\0';
	d->failed = false;
}

void ebt_writer_files_flush(struct ebt_writer_files *w, bool last)
{
	uint64_t now_ns = ebt_mono_ns();
	int err;

	if (w->metrics && ebt_metrics_file_due(w->metrics, now_ns, last))
		files_write_metrics(w, last);
	if (!last && now_ns - w->flushed_ns < FLUSH_NS)
		return;
	w->flushed_ns = now_ns;
	err = w->parts ? files_flush_recording(w, now_ns, last) : 0;
	if (!err && last && w->parts && ebt_parts_writer_removed(w->parts))
		err = -ENOENT;
	if (err)
		files_stop_recording(w, err);
	ebt_writer_database_flush(&w->database, last);
	files_tell_database(w);
	if (w->parts)
		w->bytes = ebt_parts_writer_bytes(w->parts);
	if (w->bytes != w->told_bytes)
		ebt_writer_files_tell(w, EBT_WRITER_PROGRESS, "");
	w->told_bytes = w->bytes;
}

int ebt_writer_files_open(struct ebt_writer_files *w, char *why, size_t why_len)
{
	const struct ebt_options *o = w->options;
	struct ebt_parts_options parts = { .path = o->write_file,
					   .fd = ebt_inherited_output(&o->inherited, o->write_file),
					   .wanted_fd = w->wanted,
					   .rotate_bytes = o->rotate.bytes,
					   .rotate_ns = o->rotate.ns,
					   .rotate_on_call = o->rotate.on_signal,
					   .count = o->rotate.count,
					   .keep_bytes = o->rotate.keep_bytes,
					   .keep_ns = o->rotate.keep_ns,
					   .abi = EBT_ABI_VERSION };
	int err = 0;

	if (o->write_file)
		err = ebt_parts_writer_new(&w->parts, &parts, why, why_len);
	if (!err && o->sqlite_file)
		err = ebt_writer_database_open(&w->database, o->sqlite_file, why, why_len);
	w->database.keep_bytes = o->rotate.keep_bytes;
	w->database.keep_ns = o->rotate.keep_ns;
	if (!err && o->metrics_file)
		err = ebt_metrics_file_new(&w->metrics, o->metrics_file, o->delay_ns, why, why_len);
	return err;
}

bool ebt_writer_files_left(const struct ebt_writer_files *w)
{
	return w->parts || w->database.sqlite || w->metrics;
}

void ebt_writer_files_init(struct ebt_writer_files *w, const struct ebt_options *options, int out)
{
	*w = (struct ebt_writer_files){ .options = options, .out = out };
	ebt_player_init(&w->player, &files_player_ops, w);
}

void ebt_writer_files_free(struct ebt_writer_files *w)
{
	ebt_parts_writer_free(&w->parts);
	ebt_writer_database_free(&w->database);
	ebt_metrics_file_free(&w->metrics);
	ebt_player_deinit(&w->player);
	ebt_buf_free(&w->in);
}
