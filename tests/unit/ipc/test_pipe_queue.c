/* SPDX-License-Identifier: BSD-3-Clause */
/* Bytes on their way to a reader that does not take them. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "ipc/pipe_queue.h"

#define BYTES (1u << 20)

static void fill(char *block, size_t at)
{
	for (size_t i = 0; i < BYTES; i++)
		block[i] = (char)((at + i) * 31 >> 3);
}

/* Nothing waits for the reader, and what comes out is what went in, in pieces of any size. */
static void test_slow_reader(void **state)
{
	static char block[BYTES], got[4 * BYTES];
	struct ebt_pipe_queue q;
	size_t n = 0;
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	ebt_pipe_queue_open(&q, fds[1]);
	for (size_t i = 0; i < 4; i++) {
		fill(block, i * BYTES);
		ebt_buf_append(&q.bytes, block, BYTES);
		assert_int_equal(ebt_pipe_queue_push(&q), 0);
		assert_int_equal(ebt_pipe_queue_unread(&q), (i + 1) * BYTES);
	}
	assert_true(ebt_pipe_queue_waiting(&q) > 2 * BYTES);
	while (n < sizeof(got)) {
		ssize_t one = read(fds[0], got + n, 7777);

		assert_true(one > 0);
		n += (size_t)one;
		assert_int_equal(ebt_pipe_queue_push(&q), 0);
		assert_int_equal(ebt_pipe_queue_unread(&q), sizeof(got) - n);
	}
	for (size_t i = 0; i < 4; i++) {
		fill(block, i * BYTES);
		assert_memory_equal(got + i * BYTES, block, BYTES);
	}
	assert_int_equal(ebt_pipe_queue_waiting(&q), 0);
	ebt_pipe_queue_close(&q);
	close(fds[0]);
}

static void test_reader_gone(void **state)
{
	struct ebt_pipe_queue q;
	int fds[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(fds), 0);
	ebt_pipe_queue_open(&q, fds[1]);
	assert_int_equal(ebt_pipe_queue_push(&q), 0); /* nothing to send */
	close(fds[0]);
	ebt_buf_puts(&q.bytes, "x");
	assert_int_equal(ebt_pipe_queue_push(&q), -EPIPE);
	ebt_pipe_queue_close(&q);
	assert_int_equal(ebt_pipe_queue_unread(&q), 0);
	ebt_pipe_queue_close(&q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slow_reader),
		cmocka_unit_test(test_reader_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
