/* SPDX-License-Identifier: BSD-3-Clause */
/* Everything is written, however small the pieces that go through. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/io.h"

#define BYTES (1u << 20) /* sixteen times what a pipe holds */

struct reader {
	int fd;
	size_t got;
	int same;
};

static unsigned char byte_at(size_t i)
{
	return (unsigned char)(i * 31 + i / 256);
}

/* Slowly, in odd pieces. */
static void *drain(void *arg)
{
	struct reader *r = arg;
	unsigned char piece[4093];
	ssize_t n;

	r->same = 1;
	while ((n = read(r->fd, piece, sizeof(piece))) > 0) {
		for (ssize_t i = 0; i < n; i++)
			r->same &= piece[i] == byte_at(r->got + (size_t)i);
		r->got += (size_t)n;
	}
	return NULL;
}

static void through_a_pipe(int flags)
{
	unsigned char *data = malloc(BYTES);
	struct reader r = { 0 };
	pthread_t thread;
	int fds[2];

	assert_non_null(data);
	for (size_t i = 0; i < BYTES; i++)
		data[i] = byte_at(i);
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	assert_int_equal(fcntl(fds[1], F_SETFL, flags), 0);
	r.fd = fds[0];
	assert_int_equal(pthread_create(&thread, NULL, drain, &r), 0);
	assert_int_equal(ebt_write_all(fds[1], data, BYTES), 0);
	close(fds[1]);
	pthread_join(thread, NULL);
	close(fds[0]);
	free(data);
	assert_int_equal(r.got, BYTES);
	assert_true(r.same);
}

static void test_short_writes(void **state)
{
	through_a_pipe(0);
}

static void test_not_blocking(void **state)
{
	through_a_pipe(O_NONBLOCK);
}

static void test_failures(void **state)
{
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC), fds[2];

	assert_int_equal(ebt_write_all(-1, "x", 1), -EBADF);
	assert_int_equal(ebt_write_all(-1, NULL, 0), 0);
	if (full >= 0) {
		assert_int_equal(ebt_write_all(full, "x", 1), -ENOSPC);
		close(full);
	}
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	close(fds[0]);
	assert_int_equal(ebt_write_all(fds[1], "x", 1), -EPIPE);
	close(fds[1]);
}

static void test_not_a_file(void **state)
{
	char dir[] = "/tmp/ebt-io-XXXXXX";
	int fd;

	assert_non_null(mkdtemp(dir));
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_null(ebt_not_a_file(fd, "none"));
	close(openat(fd, "file", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	assert_null(ebt_not_a_file(fd, "file"));
	assert_int_equal(symlinkat("file", fd, "link"), 0);
	assert_string_equal(ebt_not_a_file(fd, "link"), "it is a symbolic link");
	assert_int_equal(mkfifoat(fd, "fifo", 0600), 0);
	assert_string_equal(ebt_not_a_file(fd, "fifo"), "it is a FIFO");
	assert_string_equal(ebt_not_a_file(fd, "."), "it is a directory");
	assert_string_equal(ebt_not_a_file(AT_FDCWD, "/dev/null"), "it is a device");
	unlinkat(fd, "file", 0);
	unlinkat(fd, "link", 0);
	unlinkat(fd, "fifo", 0);
	close(fd);
	rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_short_writes),
		cmocka_unit_test(test_not_blocking),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_not_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
