/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/saver/saver_client.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "confine/child.h"
#include "excerpt/excerpt.h"
#include "processes/saver/save_frames.h"
#include "processes/saver/saver.h"
#include "sink/sink.h"

#define STEP_NS		4000000ull /* a step takes so long, so that keys are answered */
#define WINDOW_ROWS	1024
#define EXECS_AND_EXITS 2

/* An event to be written: a row's exec, or its exit. */
struct saver_item {
	uint64_t at_ns, id;
	bool is_exit;
};

enum saver_state { SAVER_IDLE, SAVER_OPENING, SAVER_WRITING, SAVER_COMMITTING };

struct ebt_saver {
	int sock;
	enum saver_state state;
	char path[PATH_MAX];
	struct saver_item *items;
	size_t count, cap, at, dropped;
	struct ebt_sink *sink; /* makes the lines; NULL: it is a recording */
	struct ebt_save_frames frames;
	unsigned ncpu; /* the highest of the events, and one */
	bool ended;    /* what a recording ends with was made */

	struct ebt_buf out; /* lines that wait, from out_at on */
	size_t out_at;
	struct ebt_saver_answer answer;
};

/* Fork the saver with its end of the pair only. */
static pid_t saver_fork(int sock, bool confined, const char *read_file)
{
	const struct ebt_child_fd keep = { sock, EBT_CHILD_SAME };
	const struct ebt_child child = {
		.name = "execbig-saves", .silent = true, .keep = &keep, .keep_count = 1
	};
	struct stat read = { 0 };
	pid_t pid = ebt_child_fork(&child);

	if (pid)
		return pid;
	if (read_file && stat(read_file, &read))
		read.st_ino = 0; /* standard input, for example */
	if (confined && (chroot(".") || chdir("/")))
		_exit(1);
	ebt_saver_run(sock, confined, &read);
}

int ebt_saver_start(struct ebt_saver **out, bool confined, const char *read_file)
{
	struct ebt_saver *s = calloc(1, sizeof(*s));
	int pair[2];
	pid_t pid;

	if (!s)
		return -ENOMEM;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair)) {
		free(s);
		return -errno;
	}
	pid = saver_fork(pair[1], confined, read_file);
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		free(s);
		return pid;
	}
	s->sock = pair[0];
	*out = s;
	return 0;
}

static void saver_forget(struct ebt_saver *s)
{
	ebt_sink_free(&s->sink);
	ebt_save_frames_deinit(&s->frames);
	ebt_buf_free(&s->out);
	free(s->items);
	s->items = NULL;
	s->cap = 0;
	s->state = SAVER_IDLE;
}

void ebt_saver_free(struct ebt_saver **saver)
{
	struct ebt_saver *s = *saver;

	if (!s)
		return;
	saver_forget(s);
	ebt_cleanup_close(&s->sock); /* it ends by that */
	free(s);
	*saver = NULL;
}

/* Send one packet. Return 0, -EAGAIN when there is no room, or -EPIPE. */
static int saver_send(struct ebt_saver *s, enum ebt_saver_type type, struct ebt_bytes data)
{
	struct ebt_saver_request head = { .type = type,
					  .len = (uint32_t)data.len,
					  .flags = s->sink ? 0 : EBT_SAVER_RECORDING };
	struct iovec iov[2] = { { &head, EBT_SAVER_HEAD }, { (void *)data.data, data.len } };
	struct msghdr hdr = { .msg_iov = iov, .msg_iovlen = 2 };

	if (sendmsg(s->sock, &hdr, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0)
		return 0;
	return errno == EAGAIN || errno == ENOBUFS || errno == EINTR ? -EAGAIN : -EPIPE;
}

static int saver_add(struct ebt_saver *s, const struct ebt_row *row)
{
	struct ebt_event ev;

	if (!ebt_excerpt_is_exec(row))
		return 0;
	if (s->count + EXECS_AND_EXITS > s->cap) {
		size_t cap = s->cap ? s->cap * 2 : WINDOW_ROWS;
		struct saver_item *items = reallocarray(s->items, cap, sizeof(*items));

		if (!items)
			return -ENOMEM;
		s->items = items;
		s->cap = cap;
	}
	s->items[s->count++] = (struct saver_item){ row->mono_ns, row->id, false };
	s->ncpu = row->cpu >= s->ncpu ? row->cpu + 1 : s->ncpu;
	if (!ebt_excerpt_exit(row, &ev))
		return 0;
	s->ncpu = ev.cpu >= s->ncpu ? ev.cpu + 1 : s->ncpu;
	s->items[s->count++] = (struct saver_item){ ev.mono_ns, row->id, true };
	return 0;
}

/* Collect the rows that the list of events has, from the oldest. */
static int saver_collect_list(struct ebt_saver *s, struct ebt_model *model, uint64_t until_id)
{
	struct ebt_query query = { .list = EBT_LIST_EVENTS, .count = WINDOW_ROWS };
	struct ebt_snapshot snap;
	int err = 0;

	do {
		ebt_snapshot_take(model, &query, ebt_mono_ns(), &snap);
		/* The last window begins earlier, so that it is full. */
		for (size_t i = query.first - snap.first; i < snap.count && !err; i++)
			if (!until_id || snap.rows[i].id <= until_id)
				err = saver_add(s, &snap.rows[i]);
		query.first = snap.first + snap.count;
	} while (!err && snap.count && query.first < snap.total_rows);
	return err;
}

/* Collect all rows of the history, whatever the filters say. */
static int saver_collect_all(struct ebt_saver *s, struct ebt_model *model, uint64_t until_id)
{
	uint64_t id = ebt_snapshot_newest(model);
	struct ebt_row row;
	int err = 0;

	if (until_id && until_id < id)
		id = until_id;
	for (; id && !err && ebt_snapshot_row(model, id, &row); id--)
		err = saver_add(s, &row);
	return err;
}

static int saver_by_time(const void *a, const void *b)
{
	const struct saver_item *x = a, *y = b;

	if (x->at_ns != y->at_ns)
		return x->at_ns < y->at_ns ? -1 : 1;
	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return x->is_exit - y->is_exit;
}

/* A list without events is a recording that was begun now. */
static int saver_begin_recording(struct ebt_saver *s, struct ebt_model *model,
				 struct ebt_bytes facts)
{
	uint64_t start_ns = s->count ? s->items[0].at_ns : ebt_mono_ns();
	int64_t mono_to_real_ns = ebt_clock_mono_to_real_ns();
	struct ebt_row row;

	if (s->count && ebt_snapshot_row(model, s->items[0].id, &row))
		mono_to_real_ns = (int64_t)(row.real_ns - row.mono_ns);
	return ebt_save_frames_begin(&s->frames, facts, s->ncpu, start_ns, mono_to_real_ns,
				     &s->out);
}

int ebt_saver_begin(struct ebt_saver *s, struct ebt_model *model, const struct ebt_save *save)
{
	struct ebt_sink_options options = {
		.format = save->format, .fd = -1, .header = true, .names = model
	};
	size_t len = strlen(save->path);
	int err;

	if (s->state != SAVER_IDLE)
		return -EBUSY;
	if (len >= sizeof(s->path))
		return -EMSGSIZE;
	memcpy(s->path, save->path, len + 1);
	s->count = s->at = s->out_at = s->dropped = 0;
	s->ncpu = 1;
	s->ended = !save->recording;
	err = save->recording ? 0 : ebt_sink_new(&s->sink, &options);
	if (!err)
		err = save->whole ? saver_collect_all(s, model, save->until_id)
				  : saver_collect_list(s, model, save->until_id);
	if (!err && s->count)
		qsort(s->items, s->count, sizeof(*s->items), saver_by_time);
	if (!err && save->recording)
		err = saver_begin_recording(s, model, save->facts);
	if (!err)
		err = saver_send(s, save->replace ? EBT_SAVER_REPLACE : EBT_SAVER_OPEN,
				 (struct ebt_bytes){ s->path, len });
	if (err) {
		saver_forget(s);
		return err;
	}
	s->state = SAVER_OPENING;
	return 0;
}

/* Append the line of the next event to what waits. */
static int saver_make(struct ebt_saver *s, struct ebt_model *model)
{
	const struct saver_item *item = &s->items[s->at++];
	struct ebt_event ev;
	struct ebt_row row;
	int err;

	if (!ebt_snapshot_row(model, item->id, &row)) {
		s->dropped++;
		return 0;
	}
	if (!item->is_exit)
		ebt_excerpt_exec(&row, &ev);
	else if (!ebt_excerpt_exit(&row, &ev))
		return 0;
	if (!s->sink)
		return ebt_save_frames_event(&s->frames, &ev, (int64_t)(row.real_ns - row.mono_ns),
					     model, &s->out);
	ebt_sink_set_clock(s->sink, (int64_t)(row.real_ns - row.mono_ns));
	err = ebt_sink_event(s->sink, &ev);
	return err ? err : ebt_sink_take(s->sink, &s->out);
}

/* Send a packet of what waits. Return 0, -EAGAIN or -EPIPE. */
static int saver_flush(struct ebt_saver *s)
{
	size_t len = s->out.len - s->out_at;
	int err;

	len = len < EBT_SAVER_DATA_MAX ? len : EBT_SAVER_DATA_MAX;
	err = saver_send(s, EBT_SAVER_DATA, (struct ebt_bytes){ s->out.data + s->out_at, len });
	if (!err)
		s->out_at += len;
	if (s->out_at == s->out.len) {
		ebt_buf_reset(&s->out);
		s->out_at = 0;
	}
	return err;
}

static int saver_write(struct ebt_saver *s, struct ebt_model *model)
{
	uint64_t end_ns = ebt_mono_ns() + STEP_NS;
	int err = s->sink ? ebt_sink_take(s->sink, &s->out) : 0; /* the header */

	while (!err && ebt_mono_ns() < end_ns) {
		while (!err && s->at < s->count && s->out.len - s->out_at < EBT_SAVER_DATA_MAX)
			err = saver_make(s, model);
		if (!err && s->at == s->count && !s->ended) {
			err = ebt_save_frames_end(&s->frames, &s->out);
			s->ended = true;
		}
		if (err)
			break;
		if (s->out.len) {
			err = saver_flush(s);
			continue;
		}
		err = saver_send(s, EBT_SAVER_COMMIT, (struct ebt_bytes){ 0 });
		if (!err)
			s->state = SAVER_COMMITTING;
		return err == -EAGAIN ? 0 : err;
	}
	return err == -EAGAIN ? 0 : err;
}

/* Take an answer. Return 1, 0 if there is none, or -EPIPE. */
static int saver_hear(struct ebt_saver *s)
{
	struct iovec iov = { &s->answer, sizeof(s->answer) };
	struct msghdr hdr = { .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t n = recvmsg(s->sock, &hdr, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n != sizeof(s->answer) || s->answer.error > 0)
		return -EPIPE;
	s->answer.text[sizeof(s->answer.text) - 1] = '\0';
	return 1;
}

static enum ebt_saver_news saver_fail(struct ebt_saver *s, int error, int *err, const char **text)
{
	enum saver_state state = s->state;

	*err = error;
	*text = s->answer.text[0] ? s->answer.text
		: error == -EPIPE ? "the process that writes it has ended"
				  : strerror(-error);
	saver_forget(s);
	return state == SAVER_OPENING ? EBT_SAVER_REFUSED : EBT_SAVER_FAILED;
}

enum ebt_saver_news ebt_saver_step(struct ebt_saver *s, struct ebt_model *model, int *err,
				   const char **text)
{
	int got;

	if (s->state == SAVER_IDLE)
		return EBT_SAVER_QUIET;
	s->answer.text[0] = '\0';
	got = saver_hear(s);
	if (got < 0 || (got && s->answer.error))
		return saver_fail(s, got < 0 ? got : s->answer.error, err, text);
	if (got && s->state == SAVER_OPENING) {
		s->state = SAVER_WRITING;
		return EBT_SAVER_OPENED;
	}
	if (got && s->state == SAVER_COMMITTING) {
		saver_forget(s);
		return EBT_SAVER_SAVED;
	}
	got = s->state == SAVER_WRITING ? saver_write(s, model) : 0;
	if (!got)
		return EBT_SAVER_QUIET;
	(void)saver_send(s, EBT_SAVER_ABORT, (struct ebt_bytes){ 0 });
	return saver_fail(s, got, err, text);
}

bool ebt_saver_busy(const struct ebt_saver *s)
{
	return s->state != SAVER_IDLE;
}

void ebt_saver_count(const struct ebt_saver *s, size_t *done, size_t *all, size_t *dropped)
{
	*done = s->at - s->dropped;
	*all = s->count;
	*dropped = s->dropped;
}

const char *ebt_saver_path(const struct ebt_saver *s)
{
	return s->path;
}
