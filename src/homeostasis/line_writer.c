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
	size_t len; /* including the newline */
	char text[];
};

struct ebt_line_writer {
	pthread_mutex_t lock;	  /* protects all members below; not held while writing */
	pthread_cond_t changed;	  /* uses CLOCK_MONOTONIC */
	struct line *head, *tail; /* the queue, without the line that is being written */
	size_t bytes;
	uint64_t lost;
	/* left: the owner is gone, and the thread frees everything when it can */
	bool runs, ending, left;
	pthread_t thread;
};

/* Write one line. Return false if it cannot be written. */
static bool writer_write(const struct line *l)
{
	size_t done = 0;

	if (l->to == EBT_LINE_WRITER_TO_LOG) {
		syslog(LOG_DAEMON | LOG_WARNING, "%.*s", (int)l->len - 1, l->text);
		return true;
	}
	/* Try to write the line at once, so that lines of two processes do not mix. */
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

static void writer_release(struct ebt_line_writer *s)
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

static void *writer_run(void *arg)
{
	struct ebt_line_writer *s = arg;
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
		fine = writer_write(l);
		free(l);
		pthread_mutex_lock(&s->lock);
		s->lost += !fine;
	}
	s->runs = false;
	left = s->left;
	pthread_cond_signal(&s->changed);
	pthread_mutex_unlock(&s->lock);
	if (left)
		writer_release(s);
	return NULL;
}

/* Start the thread if it does not run. It blocks all signals, so that the caller gets them. */
static bool writer_start(struct ebt_line_writer *s)
{
	sigset_t all, old;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	s->runs = s->runs || pthread_create(&s->thread, NULL, writer_run, s) == 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return s->runs;
}

int ebt_line_writer_new(struct ebt_line_writer **out)
{
	struct ebt_line_writer *s = calloc(1, sizeof(*s));
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

void ebt_line_writer_free(struct ebt_line_writer **writer)
{
	struct ebt_line_writer *s = *writer;
	uint64_t end_ns = ebt_mono_ns() + END_NS;
	struct timespec end = { (time_t)(end_ns / 1000000000), (long)(end_ns % 1000000000) };
	bool started, left;

	if (!s)
		return;
	*writer = NULL;
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
		return; /* the thread frees it */
	if (started)
		pthread_join(s->thread, NULL);
	writer_release(s);
}

void ebt_line_writer_put(struct ebt_line_writer *s, int to, const char *text)
{
	size_t len = strlen(text) + 1;
	struct line *l = malloc(sizeof(*l) + len);

	pthread_mutex_lock(&s->lock);
	if (!l || s->bytes + len > EBT_LINE_WRITER_BYTES || !writer_start(s)) {
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

uint64_t ebt_line_writer_lost(struct ebt_line_writer *s)
{
	uint64_t lost;

	pthread_mutex_lock(&s->lock);
	lost = s->lost;
	pthread_mutex_unlock(&s->lock);
	return lost;
}
