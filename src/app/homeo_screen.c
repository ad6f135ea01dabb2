/* SPDX-License-Identifier: BSD-3-Clause */
#include "app/homeo_screen.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "app/options.h"
#include "app/sandbox.h"
#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "ui/scr_profiles.h"
#include "ui/term.h"

#define REFRESH_NS  1000000000ull
#define ANSWER_MS   5000
#define ROWS_MAX    4096
#define LINE_MAX_IN (1u << 20)

/* A connection, read by lines. */
struct lines {
	int fd;
	struct ebt_buf buf;
	size_t taken; /* bytes of buf that were given out */
};

struct screen {
	struct lines requests, events;
	struct ebt_profiles *ui;
	struct ebt_term *term;
	char head[256];
	bool gone, quit;
};

/* More bytes, when there are any. False when the other side has gone. */
static bool fill(struct lines *l)
{
	ssize_t n;
	char *at;

	if (l->taken) {
		memmove(l->buf.data, l->buf.data + l->taken, l->buf.len - l->taken);
		l->buf.len -= l->taken;
		l->taken = 0;
	}
	at = ebt_buf_reserve(&l->buf, 65536);
	if (!at)
		return false;
	n = read(l->fd, at, 65535);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	l->buf.len += (size_t)n;
	return n > 0;
}

/* The next whole line, NUL-terminated in place; NULL when it is not there yet. */
static char *next_line(struct lines *l)
{
	char *begin = l->buf.data + l->taken, *eol;

	if (!l->buf.data)
		return NULL;
	eol = memchr(begin, '\n', l->buf.len - l->taken);
	if (!eol)
		return NULL;
	*eol = '\0';
	l->taken = (size_t)(eol - l->buf.data) + 1;
	return begin;
}

/* Called for each object of an answer. */
typedef void (*object_fn)(json_t *o, void *arg);

/* Asks and waits for the whole answer. Gives the server's refusal in why, or "". */
static int ask(struct screen *s, const char *request, object_fn fn, void *arg, char *why,
	       size_t why_len)
{
	uint64_t end_ns = ebt_mono_ns() + ANSWER_MS * 1000000ull;
	char line[EBT_PROFILE_EXE_LEN];
	int n = snprintf(line, sizeof(line), "%s\n", request);

	why[0] = '\0';
	if (write(s->requests.fd, line, (size_t)n) != n)
		return -EPIPE;
	for (;;) {
		struct pollfd pfd = { .fd = s->requests.fd, .events = POLLIN };
		char *answer = next_line(&s->requests);
		json_t *o, *ok;

		if (!answer) {
			if (ebt_mono_ns() > end_ns)
				return -ETIME;
			poll(&pfd, 1, 100);
			if (pfd.revents && !fill(&s->requests))
				return -EPIPE;
			continue;
		}
		o = json_loads(answer, 0, NULL);
		ok = json_object_get(o, "ok");
		if (ok && !json_is_true(ok))
			snprintf(why, why_len, "%s",
				 json_string_value(json_object_get(o, "error")));
		else if (!ok && o && fn)
			fn(o, arg);
		json_decref(o);
		if (ok || !o)
			return o && !why[0] ? 0 : -EREMOTEIO;
	}
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
		.lfc = (uint32_t)number(o, "lfc"),
		.max_lfc = (uint32_t)number(o, "max_lfc"),
		.threads = (uint32_t)number(o, "threads"),
	};
	snprintf(r->exe, sizeof(r->exe), "%s", string(o, "exe"));
	rows->n++;
}

static void take_status(json_t *o, void *arg)
{
	const json_t *c = json_object_get(o, "counters");
	struct screen *s = arg;
	uint64_t lost = number(c, "ring_lost") + number(c, "scratch_busy");
	uint64_t full = number(c, "profiles_full") + number(c, "rows_full") +
			number(c, "tasks_full") + number(c, "columns_full");

	snprintf(s->head, sizeof(s->head),
		 "Profiles: %llu training, %llu frozen, %llu normal   anomalies %llu   "
		 "lost events %llu   table full %llu",
		 (unsigned long long)number(o, "training"), (unsigned long long)number(o, "frozen"),
		 (unsigned long long)number(o, "normal"),
		 (unsigned long long)number(c, "anomalies"), (unsigned long long)lost,
		 (unsigned long long)full);
}

static void refresh(struct screen *s)
{
	_cleanup_free_ struct ebt_profile_row *at = calloc(ROWS_MAX, sizeof(*at));
	struct rows rows = { .at = at, .now_s = ebt_clock_ns(CLOCK_REALTIME) / 1000000000 };
	char why[256];
	int err;

	if (!at)
		return;
	err = ask(s, "profiles count", take_row, &rows, why, sizeof(why));
	if (!err)
		err = ask(s, "status", take_status, s, why, sizeof(why));
	if (err == -EPIPE || err == -ETIME)
		s->gone = true;
	else
		ebt_profiles_set(s->ui, rows.at, rows.n);
}

static void take_event(struct screen *s, const char *line)
{
	json_t *o = json_loads(line, 0, NULL);
	const char *level = string(o, "level"), *event = string(o, "event");
	char text[512], detail[128] = "";

	/* Every process that starts would be one. */
	if (strcmp(level, "debug") != 0) {
		if (json_object_get(o, "missed"))
			snprintf(detail, sizeof(detail),
				 ": %s, %llu of 8 pairs never seen, LFC %llu", string(o, "call"),
				 (unsigned long long)number(o, "missed"),
				 (unsigned long long)number(o, "lfc"));
		else if (json_object_get(o, "call"))
			snprintf(detail, sizeof(detail), " at %s", string(o, "call"));
		snprintf(text, sizeof(text), "%.8s %s %llu %s%s", string(o, "ts") + 11, event,
			 (unsigned long long)number(o, "pid"), string(o, "exe"), detail);
		ebt_profiles_event(s->ui, strcmp(level, "warning") == 0, text);
	}
	json_decref(o);
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

static void inspect(struct screen *s, uint32_t slot)
{
	struct ebt_buf text = { 0 };
	char request[64], why[256];

	snprintf(request, sizeof(request), "inspect #%u", slot);
	ebt_buf_puts(&text,
		     "Pairs at distance 1 to 8: N normal, t learned, . never seen. Esc: back\n");
	if (ask(s, request, take_pairs, &text, why, sizeof(why)) || text.error)
		ebt_profiles_say(s->ui, true, why);
	else
		ebt_profiles_show(s->ui, &text);
	ebt_buf_free(&text);
}

static void act(struct screen *s, enum ebt_profiles_act what)
{
	static const char *const verbs[] = { [EBT_PROFILES_NORMALIZE] = "normalize",
					     [EBT_PROFILES_SENSITIZE] = "sensitize",
					     [EBT_PROFILES_TOLERIZE] = "tolerize" };
	const struct ebt_profile_row *row = ebt_profiles_selected(s->ui);
	char request[64], why[256], said[512];

	if (what == EBT_PROFILES_QUIT) {
		s->quit = true;
	} else if (what == EBT_PROFILES_REDRAW) {
		ebt_term_invalidate(s->term);
	} else if (what == EBT_PROFILES_SAVE) {
		ask(s, "save", NULL, NULL, why, sizeof(why));
		ebt_profiles_say(s->ui, why[0], why[0] ? why : "saved");
	} else if (what == EBT_PROFILES_INSPECT) {
		inspect(s, row->slot);
	} else {
		snprintf(request, sizeof(request), "%s #%u", verbs[what], row->slot);
		ask(s, request, NULL, NULL, why, sizeof(why));
		snprintf(said, sizeof(said), "%s %s", verbs[what], row->exe);
		ebt_profiles_say(s->ui, why[0], why[0] ? why : said);
		refresh(s);
	}
}

static void take_keys(struct screen *s)
{
	struct ebt_ui_input in;
	int got;

	while ((got = ebt_term_read(s->term, &in)) == 1) {
		enum ebt_profiles_act what = ebt_profiles_key(s->ui, &in);

		if (what != EBT_PROFILES_NONE)
			act(s, what);
	}
	if (got < 0)
		s->quit = true;
}

static void loop(struct screen *s)
{
	uint64_t next_ns = 0;

	while (!s->gone && !s->quit) {
		struct pollfd fds[2] = { { .fd = STDIN_FILENO, .events = POLLIN },
					 { .fd = s->events.fd, .events = POLLIN } };
		char *line;

		if (ebt_mono_ns() >= next_ns) {
			refresh(s);
			next_ns = ebt_mono_ns() + REFRESH_NS;
		}
		ebt_profiles_draw(s->ui, ebt_term_grid(s->term), s->head);
		if (ebt_term_paint(s->term))
			return;
		poll(fds, 2, 250);
		if (fds[1].revents && !fill(&s->events))
			s->gone = true;
		while ((line = next_line(&s->events)))
			take_event(s, line);
		take_keys(s);
	}
}

static int open_screen(struct screen *s, char *why, size_t why_len)
{
	const char *no_color = getenv("NO_COLOR");
	struct ebt_term_options to = { .in_fd = STDIN_FILENO,
				       .out_fd = STDOUT_FILENO,
				       .color = !(no_color && *no_color),
				       .mouse = true };
	int err;

	setlocale(LC_CTYPE, "");
	to.unicode = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	err = ebt_profiles_new(&s->ui);
	if (!err)
		err = ebt_sandbox_drop(why, why_len);
	if (!err)
		err = ebt_term_new(&s->term, &to, why, why_len);
	if (!err)
		err = ebt_sandbox_seccomp(why, why_len);
	return err;
}

int ebt_homeo_screen(int requests, int events)
{
	struct screen s = { .requests = { .fd = requests, .buf.limit = 16 * LINE_MAX_IN },
			    .events = { .fd = events, .buf.limit = LINE_MAX_IN } };
	char why[512] = "out of memory", said[256];
	int status = EBT_EXIT_FAILURE;

	signal(SIGPIPE, SIG_IGN);
	/* Nothing is shown before the other side is ready: it may have something to say first. */
	if (ask(&s, "status", NULL, NULL, said, sizeof(said)) == 0 &&
	    write(events, "events\n", 7) == 7) {
		if (open_screen(&s, why, sizeof(why)) == 0) {
			loop(&s);
			status = s.gone ? EBT_EXIT_FAILURE : EBT_EXIT_OK;
			snprintf(why, sizeof(why), "the daemon has ended");
		}
		ebt_term_free(&s.term);
		if (status)
			ebt_error("%s", why);
	} else if (said[0]) {
		ebt_error("%s", said);
	}
	ebt_profiles_free(&s.ui);
	ebt_buf_free(&s.requests.buf);
	ebt_buf_free(&s.events.buf);
	close(requests);
	close(events);
	return status;
}
