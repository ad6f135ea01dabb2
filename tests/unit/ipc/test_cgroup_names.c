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

static void take(uint64_t id, const char *path, void *arg)
{
	size_t at = strlen(taken);

	assert_ptr_equal(arg, &taken);
	snprintf(taken + at, sizeof(taken) - at, "%llu=%s ", (unsigned long long)id, path);
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
	assert_int_equal(ebt_cgroups_ask(pair[0], 7, take, &taken), -ETIMEDOUT);
	assert_string_equal(taken, "");
	assert_int_equal(read(pair[1], &asked, sizeof(asked)), sizeof(asked));
	assert_int_equal(asked, 7);
	assert_int_equal(write(pair[1], &answer, sizeof(answer)), sizeof(answer));
	answer.id = 8;
	strcpy(answer.path, "/in/time");
	assert_int_equal(write(pair[1], &answer, sizeof(answer)), sizeof(answer));
	assert_int_equal(ebt_cgroups_ask(pair[0], 8, take, &taken), 0);
	assert_string_equal(taken, "7=/late 8=/in/time ");
	/* nobody can name it, and that is another thing than no answer */
	assert_int_equal(ebt_cgroups_ask(pair[0], 9, take, &taken), -ETIMEDOUT);
	assert_int_equal(ebt_cgroups_serve(&none, pair[1]), 0);
	assert_int_equal(ebt_cgroups_ask(pair[0], 9, take, &taken), -ENOENT);
	assert_string_equal(taken, "7=/late 8=/in/time ");
	close(pair[1]);
	assert_true(ebt_cgroups_ask(pair[0], 10, take, &taken) < 0);
	close(pair[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_late_answers) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
