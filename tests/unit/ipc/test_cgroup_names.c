/* SPDX-License-Identifier: BSD-3-Clause */
/* The view asks for the names of cgroups: answers in time, too late, and that there is none. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "ipc/cgroup_names.h"

static char taken[200];

/* Ask, and take answers until that one; what the view makes of them. */
static int ask(int sock, uint64_t id)
{
	struct ebt_cgroup_answer a;
	int err = ebt_cgroups_ask(sock, id);

	do {
		size_t at = strlen(taken);

		if (!err)
			err = ebt_cgroups_answer(sock, &a);
		if (err)
			return err;
		if (a.path[0])
			snprintf(taken + at, sizeof(taken) - at, "%llu=%s ",
				 (unsigned long long)a.id, a.path);
	} while (a.id != id);
	return a.path[0] ? 0 : -ENOENT;
}

/* What waits on the socket is answered as the loader does; the root has id 0 of no hierarchy here.
 */
static void test_late_answers(void **state)
{
	struct ebt_cgroups none = { 0 };
	struct {
		uint64_t id;
		char path[4000];
	} answer = { .id = 7, .path = "/late" };
	uint64_t asked;
	int pair[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	assert_int_equal(ask(pair[0], 7), -ETIMEDOUT);
	assert_string_equal(taken, "");
	assert_int_equal(read(pair[1], &asked, sizeof(asked)), sizeof(asked));
	assert_int_equal(asked, 7);
	assert_int_equal(write(pair[1], &answer, sizeof(answer)), sizeof(answer));
	answer.id = 8;
	strcpy(answer.path, "/in/time");
	assert_int_equal(write(pair[1], &answer, sizeof(answer)), sizeof(answer));
	assert_int_equal(ask(pair[0], 8), 0);
	assert_string_equal(taken, "7=/late 8=/in/time ");
	/* nobody can name it, and that is another thing than no answer */
	assert_int_equal(ask(pair[0], 9), -ETIMEDOUT);
	assert_int_equal(ebt_cgroups_serve(&none, pair[1]), 0);
	assert_int_equal(ask(pair[0], 9), -ENOENT);
	assert_string_equal(taken, "7=/late 8=/in/time ");
	close(pair[1]);
	assert_true(ask(pair[0], 10) < 0);
	close(pair[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_late_answers) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
