/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/view/homeo_link.h"

#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/format.h"
#include "base/text.h"

#define ANSWER_MS   5000
#define SYNC_MS	    2000
#define ROWS_MAX    4096
#define LINE_MAX_IN (1u << 20)
#define READ_BYTES  65536

void ebt_homeo_link_init(struct ebt_homeo_link *l, int requests, int events)
{
	/* Now, while /dev/urandom can be opened; later the seed would be the time. */
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

/* More bytes, when there are any. False when the other side has gone. */
static bool fill(struct ebt_homeo_lines *l)
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

/* The next whole line, NUL-terminated in place; NULL when it is not there yet. */
static char *next_line(struct ebt_homeo_lines *l)
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

/* Waits a little for more. False: the other side is gone. */
static bool more(struct ebt_homeo_lines *l)
{
	struct pollfd pfd = { .fd = l->fd, .events = POLLIN };

	return poll(&pfd, 1, 100) <= 0 || fill(l);
}

/* Answers are in the order of the questions: what was owed comes before what is asked next. */
static int drop_late(struct ebt_homeo_link *l)
{
	struct pollfd pfd = { .fd = l->requests.fd, .events = POLLIN };

	while (l->requests.owed) {
		char *line = next_line(&l->requests);
		json_t *o;

		if (!line && poll(&pfd, 1, 0) <= 0)
			return -ETIME;
		if (!line && !fill(&l->requests))
			return -EPIPE;
		if (!line)
			continue;
		o = json_loads(line, 0, NULL);
		l->requests.owed -= !o || json_object_get(o, "ok");
		json_decref(o);
	}
	return 0;
}

static int await_answer(struct ebt_homeo_link *l, ebt_homeo_object_fn fn, void *arg,
			char why[EBT_HOMEO_WHY])
{
	uint64_t end_ns = ebt_mono_ns() + ANSWER_MS * 1000000ull;

	for (;;) {
		char *answer = next_line(&l->requests);
		json_t *o, *ok;

		if (!answer && ebt_mono_ns() > end_ns) {
			l->requests.owed++;
			return -ETIME;
		}
		if (!answer && !more(&l->requests))
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
	int err = drop_late(l);

	why[0] = '\0';
	if (!err && write(l->requests.fd, line, (size_t)n) != n)
		err = -EPIPE;
	if (!err)
		err = await_answer(l, fn, arg, why);
	l->gone |= err == -EPIPE;
	l->silent = err == -ETIME;
	if (err == -ETIME)
		snprintf(why, EBT_HOMEO_WHY,
			 "homeostasis does not answer: its process is stopped, or has too little "
			 "CPU time");
	return err;
}

static uint64_t number(const json_t *o, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(o, key));

	return n > 0 ? (uint64_t)n : 0;
}

static const char *string(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

int ebt_homeo_subscribe(struct ebt_homeo_link *l)
{
	return write(l->events.fd, "events\n", 7) == 7 ? 0 : -EPIPE;
}

static void give(const json_t *o, ebt_event_fn fn, void *arg)
{
	struct ebt_event ev = { .type = EBT_EVENT_HOMEO, .mono_ns = number(o, "mono_ns") };

	ev.homeo = (struct ebt_event_homeo){
		.level = ebt_homeo_level_find(string(o, "level")),
		.pid = (uint32_t)number(o, "pid"),
		.tid = (uint32_t)number(o, "tid"),
		.slot = (uint32_t)number(o, "slot"),
		.missed = (uint32_t)number(o, "missed"),
		.lfc = (uint32_t)number(o, "lfc"),
		.max_lfc = (uint32_t)number(o, "max_lfc"),
		.train_count = number(o, "train_count"),
		.count = number(o, "count"),
		.anomalies = number(o, "anomalies"),
		.event = ebt_bytes_from(string(o, "event")),
		.exe = ebt_bytes_from(string(o, "exe")),
		.comm = ebt_bytes_from(string(o, "comm")),
		.call = ebt_bytes_from(string(o, "call")),
		.cause = ebt_bytes_from(string(o, "cause")),
	};
	fn(&ev, arg);
}

/* What is there; answers to questions are counted off. */
static void give_lines(struct ebt_homeo_link *l, ebt_event_fn fn, void *arg)
{
	char *line;

	while ((line = next_line(&l->events))) {
		json_t *o = json_loads(line, 0, NULL);

		if (json_object_get(o, "ok"))
			l->events.owed -= l->events.owed > 0;
		else if (json_object_get(o, "event"))
			give(o, fn, arg);
		json_decref(o);
	}
}

void ebt_homeo_take(struct ebt_homeo_link *l, ebt_event_fn fn, void *arg)
{
	struct pollfd pfd = { .fd = l->events.fd, .events = POLLIN };

	while (!l->gone && poll(&pfd, 1, 0) > 0) {
		if (!fill(&l->events))
			l->gone = true;
		give_lines(l, fn, arg);
	}
}

void ebt_homeo_sync(struct ebt_homeo_link *l, ebt_event_fn fn, void *arg)
{
	uint64_t end_ns = ebt_mono_ns() + SYNC_MS * 1000000ull;

	/* Events and answers share the connection: what stands before the last answer came before.
	 */
	if (l->gone || write(l->events.fd, "status\n", 7) != 7)
		return;
	l->events.owed++;
	while (l->events.owed && !l->gone && ebt_mono_ns() < end_ns) {
		l->gone = !more(&l->events);
		give_lines(l, fn, arg);
	}
}

struct rows {
	struct ebt_profile_row *at;
	size_t n;
	uint64_t now_s;
};

/* Seconds since a time in ISO 8601, UTC. */
static uint64_t since(const char *when, uint64_t now_s)
{
	struct tm tm = { 0 };
	time_t t;

	if (!strptime(when, "%Y-%m-%dT%H:%M:%S", &tm))
		return UINT64_MAX;
	t = timegm(&tm);
	return t >= 0 && (uint64_t)t <= now_s ? now_s - (uint64_t)t : 0;
}

static void take_row(json_t *o, void *arg)
{
	struct rows *rows = arg;
	struct ebt_profile_row *r = &rows->at[rows->n];
	const char *state = string(o, "state");

	if (rows->n == ROWS_MAX)
		return;
	*r = (struct ebt_profile_row){
		.slot = (uint32_t)number(o, "slot"),
		.state = *state == 'n'	 ? EBT_PROFILE_NORMAL
			 : *state == 'f' ? EBT_PROFILE_FROZEN
					 : EBT_PROFILE_TRAINING,
		.calls = number(o, "calls"),
		.anomalies = number(o, "anomalies"),
		.changed_s = since(string(o, "changed"), rows->now_s),
		.normal_in_s = number(o, "normal_in_s"),
		.pairs = (uint32_t)number(o, "pairs"),
		.bytes = number(o, "bytes"),
		.lfc = (uint32_t)number(o, "lfc"),
		.max_lfc = (uint32_t)number(o, "max_lfc"),
		.threads = (uint32_t)number(o, "threads"),
	};
	snprintf(r->exe, sizeof(r->exe), "%s", string(o, "exe"));
	rows->n++;
}

int ebt_homeo_rows(struct ebt_homeo_link *l, struct ebt_profile_row **out, size_t *n)
{
	_cleanup_free_ struct ebt_profile_row *at = calloc(ROWS_MAX, sizeof(*at));
	struct rows rows = { .at = at, .now_s = ebt_clock_ns(CLOCK_REALTIME) / 1000000000 };
	char why[EBT_HOMEO_WHY];
	int err = at ? ebt_homeo_ask(l, "profiles count", take_row, &rows, why) : -ENOMEM;

	if (err)
		return err;
	*out = TAKE_PTR(at);
	*n = rows.n;
	return 0;
}

static void take_status(json_t *o, void *arg)
{
	const json_t *c = json_object_get(o, "counters");
	struct ebt_profiles *screen = arg;
	uint64_t lost = number(c, "ring_lost") + number(c, "scratch_busy");
	uint64_t full = number(c, "profiles_full") + number(c, "rows_full") +
			number(c, "tasks_full") + number(c, "columns_full");
	char head[256];

	snprintf(head, sizeof(head),
		 "Profiles: %llu training, %llu frozen, %llu normal   anomalies %llu   "
		 "lost events %llu   table full %llu",
		 (unsigned long long)number(o, "training"), (unsigned long long)number(o, "frozen"),
		 (unsigned long long)number(o, "normal"),
		 (unsigned long long)number(c, "anomalies"), (unsigned long long)lost,
		 (unsigned long long)full);
	ebt_profiles_head(screen, head);
}

void ebt_homeo_refresh(struct ebt_homeo_link *l, struct ebt_profiles *screen)
{
	_cleanup_free_ struct ebt_profile_row *rows = NULL;
	char why[EBT_HOMEO_WHY];
	size_t n = 0;

	if (l->gone || ebt_homeo_rows(l, &rows, &n))
		return;
	ebt_homeo_ask(l, "status", take_status, screen, why);
	ebt_profiles_set(screen, rows, n);
}

static void take_pairs(json_t *o, void *arg)
{
	json_t *before = json_object_get(o, "before"), *e;
	struct ebt_buf *out = arg;
	size_t i;

	json_array_foreach(before, i, e)
	{
		uint64_t a = number(e, "a"), b = number(e, "b");

		ebt_buf_printf(out, "%-20.20s after %-20.20s ", string(o, "call"),
			       string(e, "call"));
		for (int d = 0; d < 8; d++)
			ebt_buf_puts(out, b >> d & 1 ? "N" : a >> d & 1 ? "t" : ".");
		ebt_buf_puts(out, "\n");
	}
}

static int inspect(struct ebt_homeo_link *l, struct ebt_profiles *screen,
		   const struct ebt_profile_row *row, char why[EBT_HOMEO_WHY])
{
	struct ebt_buf text = { 0 };
	char request[64];
	int err;

	snprintf(request, sizeof(request), "inspect #%u", row->slot);
	ebt_buf_puts(&text, "Pairs of ");
	ebt_text_escape(&text, ebt_bytes_from(row->exe), 0);
	ebt_buf_puts(&text, " at distance 1 to 8: N normal, t learned, . never seen. Esc: back\n");
	err = ebt_homeo_ask(l, request, take_pairs, &text, why);
	if (!err && !text.error)
		ebt_profiles_show(screen, &text);
	ebt_buf_free(&text);
	return err;
}

void ebt_homeo_act(struct ebt_homeo_link *l, struct ebt_profiles *screen, enum ebt_profiles_act act,
		   char said[2 * EBT_HOMEO_WHY], bool *bad)
{
	static const char *const verbs[] = { [EBT_PROFILES_NORMALIZE] = "normalize",
					     [EBT_PROFILES_SENSITIZE] = "sensitize",
					     [EBT_PROFILES_TOLERIZE] = "tolerize" };
	const struct ebt_profile_row *row = ebt_profiles_selected(screen);
	char request[64], why[EBT_HOMEO_WHY] = "";
	int err = 0;

	said[0] = '\0';
	if (act == EBT_PROFILES_SAVE) {
		err = ebt_homeo_ask(l, "save", NULL, NULL, why);
		snprintf(said, 2 * EBT_HOMEO_WHY, "saved");
	} else if (act == EBT_PROFILES_INSPECT && row) {
		err = inspect(l, screen, row, why);
	} else if (row && (size_t)act < EBT_ARRAY_SIZE(verbs) && verbs[act]) {
		snprintf(request, sizeof(request), "%s #%u", verbs[act], row->slot);
		err = ebt_homeo_ask(l, request, NULL, NULL, why);
		snprintf(said, 2 * EBT_HOMEO_WHY, "%s %s", verbs[act], row->exe);
		ebt_homeo_refresh(l, screen);
	}
	*bad = err != 0;
	if (err)
		snprintf(said, 2 * EBT_HOMEO_WHY, "%s", why[0] ? why : strerror(-err));
}

void ebt_homeo_show(struct ebt_profiles *screen, const struct ebt_event *ev,
		    int64_t mono_to_real_ns)
{
	const struct ebt_event_homeo *e = &ev->homeo;
	struct ebt_bytes who = e->exe.len ? e->exe : e->comm;
	char text[512], when[EBT_FMT_LEN];

	if (e->level == EBT_HOMEO_DEBUG)
		return;
	snprintf(text, sizeof(text), "%s %u %.*s: %.*s",
		 ebt_fmt_clock(when, ev->mono_ns + (uint64_t)mono_to_real_ns, 0), e->pid,
		 (int)who.len, who.data, (int)e->cause.len, e->cause.data);
	ebt_profiles_event(screen, e->level >= EBT_HOMEO_WARNING, text);
}
