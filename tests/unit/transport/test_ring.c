/* SPDX-License-Identifier: BSD-3-Clause */
/* The reader of a ring, on a file that is laid out as the kernel lays out a ring. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <linux/bpf.h>
#include <sys/mman.h>
#include <unistd.h>

#include "transport/ring.h"

#define SIZE 65536

struct fixture {
	struct ebt_ring *ring;
	char *base, *data;
	unsigned long *producer;
	unsigned given, sum;
};

static int set_up(void **state)
{
	static struct fixture f;
	size_t page = (size_t)sysconf(_SC_PAGESIZE), len = 2 * page + 2 * SIZE;
	int fd = memfd_create("ring", MFD_CLOEXEC);

	f = (struct fixture){ 0 };
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)len), 0);
	f.base = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(f.base != MAP_FAILED);
	f.producer = (unsigned long *)(f.base + page);
	f.data = f.base + 2 * page;
	assert_int_equal(ebt_ring_new(&f.ring, fd, SIZE), 0);
	*state = &f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	munmap(f->base, 2 * (size_t)sysconf(_SC_PAGESIZE) + 2 * SIZE);
	ebt_ring_free(&f->ring);
	return 0;
}

/* A record of 8 bytes that says len in its header. */
static void put(struct fixture *f, uint32_t len, uint64_t value)
{
	char *at = f->data + *f->producer % SIZE;

	memcpy(at, &len, sizeof(len));
	memcpy(at + BPF_RINGBUF_HDR_SZ, &value, sizeof(value));
	*f->producer += BPF_RINGBUF_HDR_SZ + sizeof(value);
}

/* Read a whole round; the number of its records, or the error that it ended with. */
static int drain(struct fixture *f, size_t max_bytes)
{
	const void *data;
	uint64_t value;
	size_t len;
	int got, n = 0;

	ebt_ring_begin(f->ring, max_bytes);
	while ((got = ebt_ring_next(f->ring, &data, &len)) == 1) {
		assert_int_equal(len, sizeof(value));
		memcpy(&value, data, sizeof(value));
		f->given++;
		f->sum += value;
		n++;
	}
	return got ? got : n;
}

static void test_drain(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(drain(f, 0), 0);
	put(f, 8, 1);
	put(f, 8 | BPF_RINGBUF_DISCARD_BIT, 10);
	put(f, 8, 100);
	put(f, 8 | BPF_RINGBUF_BUSY_BIT, 1000);
	assert_int_equal(drain(f, 0), 2);
	assert_int_equal(f->sum, 101);
	assert_int_equal(ebt_ring_used(f->ring), 16);
	assert_int_equal(drain(f, 0), 0);
}

/* A round ends at the first record that begins behind its bytes, and the next one goes on there. */
static void test_round(void **state)
{
	struct fixture *f = *state;

	for (uint64_t i = 0; i < 5; i++)
		put(f, 8, 1u << i);
	assert_int_equal(drain(f, 32), 2);
	assert_int_equal(f->sum, 3);
	assert_int_equal(ebt_ring_used(f->ring), 48);
	assert_int_equal(drain(f, 33), 3);
	assert_int_equal(f->sum, 31);
	assert_int_equal(ebt_ring_used(f->ring), 0);
}

/* What was given out before something cannot be read is given out once. */
static void test_error(void **state)
{
	struct fixture *f = *state;

	put(f, 8, 1);
	put(f, 8, 2);
	put(f, BPF_RINGBUF_DISCARD_BIT - 1, 4);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(drain(f, 0), -EBADMSG);
		assert_int_equal(f->given, 2);
		assert_int_equal(f->sum, 3);
		assert_int_equal(ebt_ring_used(f->ring), 16);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_drain, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_round, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_error, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
