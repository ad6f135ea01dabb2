/* SPDX-License-Identifier: BSD-3-Clause */
/* What a generation's perf buffers come in: all of them, or none. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "processes/view/transport_handover.h"

/* One that could not be taken: no transport that leaves out some CPUs. */
static void test_incomplete(void **state)
{
	struct ebt_handover c = { 0 };
	struct ebt_transport t = { 0 };
	struct ebt_msg msg = { .type = EBT_MSG_PERF, .value = EBT_MSG_FDS + 1 };
	int fds[EBT_MSG_FDS] = { -1, -1, -1, -1 }, fd = -1;

	(void)state;
	assert_int_equal(ebt_handover_add(&c, &msg, fds), -EBADMSG);
	msg.value = 1;
	assert_int_equal(ebt_handover_add(&c, &msg, fds), 0);
	msg.type = EBT_MSG_SWAPPED;
	msg.params.perf = 1;
	msg.perf_bytes = 4096;
	assert_int_equal(ebt_handover_open(&c, &msg, &fd, &t), -EBADMSG);
	assert_null(t.ops);
	/* That was that one. */
	assert_int_equal(c.error, 0);
	assert_int_equal(c.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_incomplete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
