/* SPDX-License-Identifier: BSD-3-Clause */
/* A monitor of homeostasis that answers late: its answer is not taken for that to another question,
 * nothing more is asked meanwhile, events go on, and only its end is an end. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "processes/view/homeo_link.h"

#define OK "{\"ok\":true}\n"

struct fixture {
	struct ebt_homeo_link link;
	int requests, events; /* the monitor's ends */
};

static void set_up(struct fixture *f)
{
	int requests[2], events[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, requests), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, events), 0);
	ebt_homeo_link_init(&f->link, requests[0], events[0]);
	f->requests = requests[1];
	f->events = events[1];
}

static void answer(int fd, const char *text)
{
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
}

/* What came to the monitor and was not read yet. */
static const char *asked(int fd)
{
	static char text[256];
	ssize_t n = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

static void take_exe(json_t *o, void *arg)
{
	strcat(arg, json_string_value(json_object_get(o, "exe")));
}

static void count_event(const struct ebt_event *ev, void *arg)
{
	++*(unsigned *)arg;
}

static void late_answer(void **state)
{
	struct fixture f;
	char why[EBT_HOMEO_WHY], exes[256] = "";
	uint64_t begin_ns;

	set_up(&f);
	answer(f.requests, "{\"exe\":\"begun\"}\n");
	assert_int_equal(ebt_homeo_ask(&f.link, "first", take_exe, exes, why), -ETIME);
	assert_non_null(strstr(why, "does not answer"));
	assert_true(f.link.silent && !f.link.gone);
	assert_string_equal(asked(f.requests), "first\n");

	/* Not asked for more, and not waited for. */
	begin_ns = ebt_mono_ns();
	assert_int_equal(ebt_homeo_ask(&f.link, "second", take_exe, exes, why), -ETIME);
	answer(f.requests, "{\"exe\":\"late\"}\n");
	assert_int_equal(ebt_homeo_ask(&f.link, "second", take_exe, exes, why), -ETIME);
	assert_in_range(ebt_mono_ns() - begin_ns, 0, 2000000000);
	assert_string_equal(asked(f.requests), "");

	answer(f.requests, OK "{\"exe\":\"-fresh\"}\n" OK);
	assert_int_equal(ebt_homeo_ask(&f.link, "third", take_exe, exes, why), 0);
	assert_string_equal(asked(f.requests), "third\n");
	assert_string_equal(exes, "begun-fresh");
	assert_false(f.link.silent || f.link.gone);

	close(f.requests);
	assert_int_equal(ebt_homeo_ask(&f.link, "fourth", take_exe, exes, why), -EPIPE);
	assert_true(f.link.gone && !f.link.silent);
	close(f.events);
	ebt_homeo_link_close(&f.link);
}

static void late_sync(void **state)
{
	static const char event[] = "{\"event\":\"anomaly\",\"level\":\"warning\"}\n";
	struct fixture f;
	unsigned events = 0;
	uint64_t begin_ns;

	set_up(&f);
	answer(f.events, event);
	ebt_homeo_sync(&f.link, count_event, &events);
	assert_int_equal(events, 1);
	assert_false(f.link.gone);
	answer(f.events, event);
	ebt_homeo_take(&f.link, count_event, &events);
	assert_int_equal(events, 2);

	/* The first answer is that to the question before: what stands behind it is waited for. */
	answer(f.events, OK);
	answer(f.events, event);
	answer(f.events, OK);
	begin_ns = ebt_mono_ns();
	ebt_homeo_sync(&f.link, count_event, &events);
	assert_int_equal(events, 3);
	assert_in_range(ebt_mono_ns() - begin_ns, 0, 1000000000);
	assert_int_equal(f.link.events.owed, 0);

	close(f.events);
	ebt_homeo_take(&f.link, count_event, &events);
	assert_true(f.link.gone);
	close(f.requests);
	ebt_homeo_link_close(&f.link);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(late_answer),
					    cmocka_unit_test(late_sync) };

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
