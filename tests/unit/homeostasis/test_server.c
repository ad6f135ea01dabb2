/* SPDX-License-Identifier: BSD-3-Clause */
/* The server's connections without a kernel: the monitor is a stand-in that has an event a step. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "homeostasis/server.c"

#define EVENT_BYTES (64u << 10)

static struct {
	ebt_ph_event_fn fn;
	void *arg;
	unsigned events;
} stand_in;

bool ebt_ph_answer(struct ebt_ph_monitor *monitor, const char *request,
		   const struct ebt_ph_asker *who, struct ebt_buf *out)
{
	return strcmp(request, "events") == 0;
}

/* Its number, then as many bytes as make a big line. */
void ebt_ph_event_json(const struct ebt_ph_rec *rec, const char *path, struct ebt_buf *out)
{
	char *at = ebt_buf_reserve(out, EVENT_BYTES);

	assert_non_null(at);
	memset(at, 'x', EVENT_BYTES - 1);
	memcpy(at, &rec->pid, sizeof(rec->pid));
	at[EVENT_BYTES - 1] = '\n';
	out->len += EVENT_BYTES;
}

void ebt_ph_monitor_listen(struct ebt_ph_monitor *monitor, ebt_ph_event_fn fn, void *arg)
{
	stand_in.fn = fn;
	stand_in.arg = arg;
}

int ebt_ph_monitor_step(struct ebt_ph_monitor *monitor)
{
	struct ebt_ph_rec rec = { .pid = ++stand_in.events };

	stand_in.fn(&rec, "", stand_in.arg);
	return 1;
}

int ebt_ph_monitor_timeout_ms(const struct ebt_ph_monitor *monitor)
{
	return 0;
}

struct ebt_ph_kernel *ebt_ph_monitor_kernel(struct ebt_ph_monitor *monitor)
{
	return NULL;
}

int ebt_ph_kernel_ring_fd(const struct ebt_ph_kernel *kernel)
{
	return -1;
}

char *ebt_ph_user(char out[EBT_PH_USER_LEN], uint32_t uid)
{
	strcpy(out, "somebody");
	return out;
}

/* Reads up to n bytes that are there; checks the numbers at the beginning of each event. */
static uint64_t take(int fd, uint64_t at, size_t n)
{
	static char buf[EVENT_BYTES];
	uint64_t end = at + n;

	while (at < end) {
		size_t here = at % EVENT_BYTES;
		ssize_t got = recv(fd, buf + here, EVENT_BYTES - here, MSG_DONTWAIT);
		uint32_t number;

		assert_int_not_equal(got, 0); /* it was dropped */
		if (got < 0)
			break;
		at += (uint64_t)got;
		if (at % EVENT_BYTES)
			continue;
		memcpy(&number, buf, sizeof(number));
		assert_int_equal(number, at / EVENT_BYTES);
		assert_int_equal(buf[EVENT_BYTES - 1], '\n');
	}
	return at;
}

static struct ebt_ph_server *made(int *fd)
{
	struct ebt_ph_server *s = NULL;
	char why[256];
	int ends[2];

	stand_in.events = 0;
	assert_int_equal(ebt_ph_server_new(&s, (struct ebt_ph_monitor *)&stand_in, NULL, (gid_t)-1,
					   why, sizeof(why)),
			 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	assert_int_equal(ebt_ph_server_add_client(s, ends[0]), 0);
	assert_int_equal(send(ends[1], "events\n", 7, 0), 7);
	*fd = ends[1];
	/* The request is taken after the step's event: number 1 is told to nobody. */
	assert_int_equal(ebt_ph_server_step(s, -1, 0, NULL, NULL), 0);
	stand_in.events = 0;
	return s;
}

/* A reader as fast as the events, but a megabyte behind: four times what may wait goes by, and
 * nothing of it is lost. */
static void test_keeps_pace(void **state)
{
	struct ebt_ph_server *s;
	uint64_t at = 0;
	int fd;

	s = made(&fd);
	for (unsigned i = 0; i < 4 * EBT_PH_ANSWER_MAX / EVENT_BYTES; i++) {
		assert_int_equal(ebt_ph_server_step(s, -1, 0, NULL, NULL), 0);
		assert_int_equal(s->n, 1);
		if (i >= 16)
			at = take(fd, at, EVENT_BYTES);
	}
	while (at < (uint64_t)stand_in.events * EVENT_BYTES) {
		at = take(fd, at, EVENT_BYTES);
		assert_true(client_flush(s->clients[0]));
	}
	ebt_ph_server_free(&s);
	close(fd);
}

/* What waits may be all that is allowed, whatever has been sent before. */
static void test_bound(void **state)
{
	struct ebt_ph_server *s;
	unsigned told;
	int fd;

	s = made(&fd);
	for (int i = 0; i < 64; i++)
		ebt_ph_server_step(s, -1, 0, NULL, NULL);
	take(fd, 0, 16 * EVENT_BYTES);
	while (s->n)
		ebt_ph_server_step(s, -1, 0, NULL, NULL);
	told = stand_in.events;
	assert_true(told > EBT_PH_ANSWER_MAX / EVENT_BYTES);
	assert_true(told < EBT_PH_ANSWER_MAX / EVENT_BYTES + 64);
	ebt_ph_server_free(&s);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keeps_pace),
		cmocka_unit_test(test_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
