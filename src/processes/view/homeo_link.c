/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/view/homeo_link.h"

#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"

#define ANSWER_MS   5000
#define SYNC_MS	    2000
#define LINE_MAX_IN (1u << 20)
#define READ_BYTES  65536

void ebt_homeo_link_init(struct ebt_homeo_link *l, int requests, int events)
{
	/* Seed jansson's hash table while /dev/urandom can be opened. In the sandbox it would fall
	 * back to the time. */
	json_object_seed(0);
	*l = (struct ebt_homeo_link){
		.requests = { .fd = requests, .buf.limit = 16 * LINE_MAX_IN },
		.events = { .fd = events, .buf.limit = LINE_MAX_IN },
	};
}

void ebt_homeo_link_close(struct ebt_homeo_link *l)
{
	ebt_buf_free(&l->requests.buf);
	ebt_buf_free(&l->events.buf);
	ebt_cleanup_close(&l->requests.fd);
	ebt_cleanup_close(&l->events.fd);
	l->requests.fd = l->events.fd = -1;
}

/* Read the bytes that are there. Return false if the peer has closed the connection. */
static bool link_fill(struct ebt_homeo_lines *l)
{
	ssize_t n;
	char *at;

	if (l->taken) {
		memmove(l->buf.data, l->buf.data + l->taken, l->buf.len - l->taken);
		l->buf.len -= l->taken;
		l->taken = 0;
	}
	at = ebt_buf_reserve(&l->buf, READ_BYTES);
	if (!at)
		return false;
	n = read(l->fd, at, READ_BYTES - 1);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	l->buf.len += (size_t)n;
	return n > 0;
}

/* Return the next whole line, NUL-terminated in place, or NULL if it has not arrived yet. */
static char *link_next_line(struct ebt_homeo_lines *l)
{
	char *begin, *eol;

	if (!l->buf.data)
		return NULL;
	begin = l->buf.data + l->taken;
	eol = memchr(begin, '\n', l->buf.len - l->taken);
	if (!eol)
		return NULL;
	*eol = '\0';
	l->taken = (size_t)(eol - l->buf.data) + 1;
	return begin;
}

/* Wait up to 100 ms for more bytes. Return false if the peer has closed the connection. */
static bool link_wait_more(struct ebt_homeo_lines *l)
{
	struct pollfd pfd = { .fd = l->fd, .events = POLLIN };

	return poll(&pfd, 1, 100) <= 0 || link_fill(l);
}

/* Answers arrive in the order of the requests, so the late answer to a request that timed out comes
 * first: read and drop it. Return -ETIME while it is still missing. */
static int link_drop_late(struct ebt_homeo_link *l)
{
	struct pollfd pfd = { .fd = l->requests.fd, .events = POLLIN };

	while (l->requests.owed) {
		char *line = link_next_line(&l->requests);
		json_t *o;

		if (!line && poll(&pfd, 1, 0) <= 0)
			return -ETIME;
		if (!line && !link_fill(&l->requests))
			return -EPIPE;
		if (!line)
			continue;
		o = json_loads(line, 0, NULL);
		l->requests.owed -= !o || json_object_get(o, "ok");
		json_decref(o);
	}
	return 0;
}

static int link_await_answer(struct ebt_homeo_link *l, ebt_homeo_object_fn fn, void *arg,
			     char why[EBT_HOMEO_WHY])
{
	uint64_t end_ns = ebt_mono_ns() + ANSWER_MS * 1000000ull;

	for (;;) {
		char *answer = link_next_line(&l->requests);
		json_t *o, *ok;

		if (!answer && ebt_mono_ns() > end_ns) {
			l->requests.owed++;
			return -ETIME;
		}
		if (!answer && !link_wait_more(&l->requests))
			return -EPIPE;
		if (!answer)
			continue;
		o = json_loads(answer, 0, NULL);
		ok = json_object_get(o, "ok");
		if (ok && !json_is_true(ok))
			snprintf(why, EBT_HOMEO_WHY, "%s",
				 json_string_value(json_object_get(o, "error")));
		else if (!ok && o && fn)
			fn(o, arg);
		json_decref(o);
		if (ok || !o)
			return o && !why[0] ? 0 : -EREMOTEIO;
	}
}

int ebt_homeo_ask(struct ebt_homeo_link *l, const char *request, ebt_homeo_object_fn fn, void *arg,
		  char why[EBT_HOMEO_WHY])
{
	char line[EBT_PROFILE_EXE_LEN];
	int n = snprintf(line, sizeof(line), "%s\n", request);
	int err = link_drop_late(l);

	why[0] = '\0';
	if (!err && write(l->requests.fd, line, (size_t)n) != n)
		err = -EPIPE;
	if (!err)
		err = link_await_answer(l, fn, arg, why);
	l->gone |= err == -EPIPE;
	l->silent = err == -ETIME;
	if (err == -ETIME)
		snprintf(
			why, EBT_HOMEO_WHY,
			"homeostasis does not answer: its process is stopped, or has too little CPU time");
	return err;
}

uint64_t ebt_homeo_number(const json_t *o, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(o, key));

	return n > 0 ? (uint64_t)n : 0;
}

const char *ebt_homeo_string(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

int ebt_homeo_subscribe(struct ebt_homeo_link *l)
{
	return write(l->events.fd, "events\n", 7) == 7 ? 0 : -EPIPE;
}

static void link_give_event(const json_t *o, ebt_event_fn fn, void *arg)
{
	struct ebt_event ev = { .type = EBT_EVENT_HOMEO,
				.mono_ns = ebt_homeo_number(o, "mono_ns") };

	ev.homeo = (struct ebt_event_homeo){
		.level = ebt_homeo_level_find(ebt_homeo_string(o, "level")),
		.pid = (uint32_t)ebt_homeo_number(o, "pid"),
		.tid = (uint32_t)ebt_homeo_number(o, "tid"),
		.slot = (uint32_t)ebt_homeo_number(o, "slot"),
		.missed = (uint32_t)ebt_homeo_number(o, "missed"),
		.lfc = (uint32_t)ebt_homeo_number(o, "lfc"),
		.max_lfc = (uint32_t)ebt_homeo_number(o, "max_lfc"),
		.train_count = ebt_homeo_number(o, "train_count"),
		.count = ebt_homeo_number(o, "count"),
		.anomalies = ebt_homeo_number(o, "anomalies"),
		.event = ebt_bytes_from(ebt_homeo_string(o, "event")),
		.exe = ebt_bytes_from(ebt_homeo_string(o, "exe")),
		.comm = ebt_bytes_from(ebt_homeo_string(o, "comm")),
		.call = ebt_bytes_from(ebt_homeo_string(o, "call")),
		.cause = ebt_bytes_from(ebt_homeo_string(o, "cause")),
	};
	fn(&ev, arg);
}

/* Give out every event that has arrived. An answer among them settles one request of _sync. */
static void link_give_lines(struct ebt_homeo_link *l, ebt_event_fn fn, void *arg)
{
	char *line;

	while ((line = link_next_line(&l->events))) {
		json_t *o = json_loads(line, 0, NULL);

		if (json_object_get(o, "ok"))
			l->events.owed -= l->events.owed > 0;
		else if (json_object_get(o, "event"))
			link_give_event(o, fn, arg);
		json_decref(o);
	}
}

void ebt_homeo_take(struct ebt_homeo_link *l, ebt_event_fn fn, void *arg)
{
	struct pollfd pfd = { .fd = l->events.fd, .events = POLLIN };

	while (!l->gone && poll(&pfd, 1, 0) > 0) {
		if (!link_fill(&l->events))
			l->gone = true;
		link_give_lines(l, fn, arg);
	}
}

void ebt_homeo_sync(struct ebt_homeo_link *l, ebt_event_fn fn, void *arg)
{
	uint64_t end_ns = ebt_mono_ns() + SYNC_MS * 1000000ull;

	/* Events and answers share this connection, so every event that precedes the answer to this
	 * request has arrived once the answer has. */
	if (l->gone || write(l->events.fd, "status\n", 7) != 7)
		return;
	l->events.owed++;
	while (l->events.owed && !l->gone && ebt_mono_ns() < end_ns) {
		l->gone = !link_wait_more(&l->events);
		link_give_lines(l, fn, arg);
	}
}
