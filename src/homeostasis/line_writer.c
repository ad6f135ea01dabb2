/* SPDX-License-Identifier: BSD-3-Clause */
#include "homeostasis/line_writer.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "base/clock.h"

#define END_NS 2000000000ull

struct line {
	struct line *next;
	int to;
	size_t len; /* with its newline */
	char text[];
};

struct ebt_scribe {
	pthread_mutex_t lock;	  /* of all below; not held while writing */
	pthread_cond_t changed;	  /* CLOCK_MONOTONIC */
	struct line *head, *tail; /* the one that is being written is not among them */
	size_t bytes;
	uint64_t lost;
	bool runs, ending, left; /* left: the thread frees all, if it ever can */
	pthread_t thread;
};

/* False: it cannot be written. */
static bool write_line(const struct line *l)
{
	size_t done = 0;

	if (l->to == EBT_SCRIBE_TO_LOG) {
		syslog(LOG_DAEMON | LOG_WARNING, "%.*s", (int)l->len - 1, l->text);
		return true;
	}
	/* Mostly one write a line, so that lines of two processes do not mix. */
	while (done < l->len) {
		ssize_t n = write(l->to, l->text + done, l->len - done);

		if (n > 0)
			done += (size_t)n;
		else if (n < 0 && errno == EAGAIN)
			poll(&(struct pollfd){ .fd = l->to, .events = POLLOUT }, 1, -1);
		else if (n == 0 || errno != EINTR)
			return false;
	}
	return true;
}

static void release(struct ebt_scribe *s)
{
	while (s->head) {
		struct line *l = s->head;

		s->head = l->next;
		free(l);
	}
	pthread_cond_destroy(&s->changed);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

static void *run(void *arg)
{
	struct ebt_scribe *s = arg;
	bool left;

	pthread_mutex_lock(&s->lock);
	while (!s->left && (s->head || !s->ending)) {
		struct line *l = s->head;
		bool fine;

		if (!l) {
			pthread_cond_wait(&s->changed, &s->lock);
			continue;
		}
		s->head = l->next;
		s->bytes -= l->len;
		pthread_mutex_unlock(&s->lock);
		fine = write_line(l);
		free(l);
		pthread_mutex_lock(&s->lock);
		s->lost += !fine;
	}
	s->runs = false;
	left = s->left;
	pthread_cond_signal(&s->changed);
	pthread_mutex_unlock(&s->lock);
	if (left)
		release(s);
	return NULL;
}

/* Signals stay the caller's business; of a pipe nobody reads write() says so. */
static bool start(struct ebt_scribe *s)
{
	sigset_t all, old;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	s->runs = s->runs || pthread_create(&s->thread, NULL, run, s) == 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return s->runs;
}

int ebt_scribe_new(struct ebt_scribe **out)
{
	struct ebt_scribe *s = calloc(1, sizeof(*s));
	pthread_condattr_t attr;

	if (!s)
		return -ENOMEM;
	pthread_mutex_init(&s->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&s->changed, &attr);
	pthread_condattr_destroy(&attr);
	*out = s;
	return 0;
}

void ebt_scribe_free(struct ebt_scribe **scribe)
{
	struct ebt_scribe *s = *scribe;
	uint64_t end_ns = ebt_mono_ns() + END_NS;
	struct timespec end = { (time_t)(end_ns / 1000000000), (long)(end_ns % 1000000000) };
	bool started, left;

	if (!s)
		return;
	*scribe = NULL;
	pthread_mutex_lock(&s->lock);
	started = s->runs;
	s->ending = true;
	pthread_cond_signal(&s->changed);
	while (s->runs && pthread_cond_timedwait(&s->changed, &s->lock, &end) == 0)
		;
	left = s->left = s->runs;
	if (left)
		pthread_detach(s->thread);
	pthread_mutex_unlock(&s->lock);
	if (left)
		return; /* the thread's now */
	if (started)
		pthread_join(s->thread, NULL);
	release(s);
}

void ebt_scribe_put(struct ebt_scribe *s, int to, const char *text)
{
	size_t len = strlen(text) + 1;
	struct line *l = malloc(sizeof(*l) + len);

	pthread_mutex_lock(&s->lock);
	if (!l || s->bytes + len > EBT_SCRIBE_BYTES || !start(s)) {
		s->lost++;
		pthread_mutex_unlock(&s->lock);
		free(l);
		return;
	}
	l->next = NULL;
	l->to = to;
	l->len = len;
	memcpy(l->text, text, len - 1);
	l->text[len - 1] = '\n';
	if (s->head)
		s->tail->next = l;
	else
		s->head = l;
	s->tail = l;
	s->bytes += len;
	pthread_cond_signal(&s->changed);
	pthread_mutex_unlock(&s->lock);
}

uint64_t ebt_scribe_lost(struct ebt_scribe *s)
{
	uint64_t lost;

	pthread_mutex_lock(&s->lock);
	lost = s->lost;
	pthread_mutex_unlock(&s->lock);
	return lost;
}
