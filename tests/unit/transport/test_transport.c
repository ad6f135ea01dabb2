/* SPDX-License-Identifier: BSD-3-Clause */
/* Both transports through the interface that readers use, on memory files that are laid out as the
 * kernel lays out a ring and perf buffers. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>

#include "transport/transport.h"

#define SIZE 65536
#define CPUS 3

static size_t page;
static struct ebt_transport transport;
static struct perf_buffer {
	struct perf_event_mmap_page *control;
	unsigned char *data;
} buffers[CPUS];
static char *ring;

static int set_up(void **state)
{
	(void)state;
	page = (size_t)sysconf(_SC_PAGESIZE);
	transport = (struct ebt_transport){ 0 };
	return 0;
}

static char *make_file(size_t len, int *fd)
{
	char *p;

	*fd = memfd_create("transport", MFD_CLOEXEC);
	assert_int_equal(ftruncate(*fd, (off_t)len), 0);
	p = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0);
	assert_true(p != MAP_FAILED);
	return p;
}

static bool is_open(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0;
}

/* CPUs 0, 2 and 5 are online. */
static void open_perf(int fds[CPUS])
{
	static const int cpus[CPUS] = { 0, 2, 5 };

	for (int i = 0; i < CPUS; i++) {
		char *p = make_file(page + SIZE, &fds[i]);

		buffers[i].control = (struct perf_event_mmap_page *)p;
		buffers[i].data = (unsigned char *)p + page;
	}
	assert_int_equal(ebt_transport_perf(&transport, dup(fds[0]), cpus, fds, CPUS, SIZE), 0);
}

static void close_perf(void)
{
	ebt_transport_free(&transport);
	for (int i = 0; i < CPUS; i++)
		munmap(buffers[i].control, page + SIZE);
}

/* A sample of 32 bytes with a record of 12, of which value is the last word. */
static void put_sample(int i, uint32_t value)
{
	struct {
		struct perf_event_header head;
		uint32_t raw, len, zero, value, pad;
	} sample = { .head = { .type = PERF_RECORD_SAMPLE, .size = 28 },
		     .raw = 16,
		     .len = 12,
		     .value = value };

	memcpy(buffers[i].data + buffers[i].control->data_head % SIZE, &sample, 28);
	buffers[i].control->data_head += 28;
}

/* Read a round; *values gets the sum of the values in decimal places by their order. */
static int read_round(size_t max_bytes, uint64_t *values)
{
	const void *data;
	uint32_t value;
	size_t len;
	int got, n = 0;

	*values = 0;
	ebt_transport_begin(&transport, max_bytes);
	while ((got = ebt_transport_next(&transport, &data, &len)) == 1) {
		assert_int_equal(len, 12);
		assert_int_equal((uintptr_t)data % 8, 0);
		memcpy(&value, (const char *)data + 8, sizeof(value));
		*values = *values * 10 + value;
		n++;
	}
	return got ? got : n;
}

static void test_empty(void **state)
{
	const void *data;
	size_t len;

	(void)state;
	ebt_transport_begin(&transport, 0);
	assert_int_equal(ebt_transport_next(&transport, &data, &len), 0);
	assert_int_equal(ebt_transport_used(&transport), 0);
	assert_int_equal(ebt_transport_size(&transport), 0);
	assert_int_equal(ebt_transport_cpu_used(&transport, 0), 0);
	assert_int_equal(ebt_transport_cpu_size(&transport), 0);
	assert_int_equal(ebt_transport_fd(&transport), -1);
	ebt_transport_free(&transport);
}

static void test_perf(void **state)
{
	uint64_t values;
	int fds[CPUS];

	(void)state;
	open_perf(fds);
	assert_string_equal(transport.ops->name, "perf");
	assert_int_equal(ebt_transport_size(&transport), CPUS * SIZE);
	assert_int_equal(ebt_transport_cpu_size(&transport), SIZE);
	put_sample(0, 1);
	put_sample(0, 2);
	put_sample(1, 3);
	put_sample(2, 4);
	assert_int_equal(ebt_transport_used(&transport), 4 * 28);
	/* By the number of the CPU, which need not be that of the buffer. */
	assert_int_equal(ebt_transport_cpu_used(&transport, 0), 2 * 28);
	assert_int_equal(ebt_transport_cpu_used(&transport, 1), 0);
	assert_int_equal(ebt_transport_cpu_used(&transport, 2), 28);
	assert_int_equal(ebt_transport_cpu_used(&transport, 5), 28);
	assert_int_equal(ebt_transport_cpu_used(&transport, 9), 0);
	assert_int_equal(read_round(0, &values), 4);
	assert_int_equal(values, 1234);
	assert_int_equal(ebt_transport_used(&transport), 0);
	close_perf();
	assert_false(is_open(fds[2]));
}

/* Each round begins with another CPU, and gives each the same share. */
static void test_perf_rounds(void **state)
{
	uint64_t values;
	int fds[CPUS];

	(void)state;
	open_perf(fds);
	for (int i = 0; i < CPUS; i++) {
		for (uint32_t k = 0; k < 4; k++)
			put_sample(i, (uint32_t)i + 1);
	}
	assert_int_equal(read_round(3 * 28 - 3, &values), 3);
	assert_int_equal(values, 123);
	assert_int_equal(read_round(3 * 28 - 3, &values), 3);
	assert_int_equal(values, 231);
	/* A byte more begins another record of each. */
	assert_int_equal(read_round(3 * 28, &values), 6);
	assert_int_equal(values, 331122);
	assert_int_equal(read_round(0, &values), 0);
	close_perf();
}

static void test_perf_refused(void **state)
{
	static const int cpus[1] = { 0 };
	int fd = memfd_create("short", MFD_CLOEXEC), none = -1;

	(void)state;
	assert_int_equal(ebt_transport_perf(&transport, -1, cpus, &fd, 0, SIZE), -EINVAL);
	assert_int_equal(ebt_transport_perf(&transport, -1, cpus, &none, 1, SIZE), -EBADF);
	assert_null(transport.ops);
	/* The descriptor is still the caller's. */
	assert_true(is_open(fd));
	close(fd);
}

/* A bad buffer ends the round; what comes after it is read in the next. */
static void test_perf_bad(void **state)
{
	struct perf_event_header none = { .type = PERF_RECORD_SAMPLE, .size = 0 };
	uint64_t values;
	int fds[CPUS];

	(void)state;
	open_perf(fds);
	memcpy(buffers[0].data, &none, sizeof(none));
	buffers[0].control->data_head = sizeof(none);
	put_sample(1, 7);
	assert_int_equal(read_round(0, &values), -EBADMSG);
	assert_int_equal(values, 0);
	assert_int_equal(read_round(0, &values), 1);
	assert_int_equal(values, 7);
	close_perf();
}

/* The smallest sample that the kernel may write: raw bytes that are a size alone. */
static void test_perf_bounds(void **state)
{
	struct {
		struct perf_event_header head;
		uint32_t raw, len;
	} sample = { .head = { .type = PERF_RECORD_SAMPLE, .size = 16 }, .raw = 4, .len = 99 };
	const void *data;
	size_t len = 0;
	int fds[CPUS];

	(void)state;
	open_perf(fds);
	memcpy(buffers[0].data, &sample, sizeof(sample));
	buffers[0].control->data_head = sizeof(sample);
	ebt_transport_begin(&transport, 0);
	assert_int_equal(ebt_transport_next(&transport, &data, &len), 1);
	/* It claims more than there is. */
	assert_int_equal(len, 4);
	assert_int_equal(ebt_transport_next(&transport, &data, &len), 0);
	sample.raw = 5; /* one byte beyond the sample */
	memcpy(buffers[0].data + 16, &sample, sizeof(sample));
	sample.raw = 3; /* too short for a size */
	memcpy(buffers[0].data + 32, &sample, sizeof(sample));
	buffers[0].control->data_head = 48;
	for (int i = 0; i < 2; i++) {
		ebt_transport_begin(&transport, 0);
		assert_int_equal(ebt_transport_next(&transport, &data, &len), -EBADMSG);
		/* The next round begins behind it, wherever it begins. */
		assert_int_equal(buffers[0].control->data_tail, (unsigned)(32 + 16 * i));
	}
	close_perf();
}

static void put_record(uint32_t value)
{
	unsigned long *producer = (unsigned long *)(ring + page);
	uint32_t len = 12;
	char *at = ring + 2 * page + *producer % SIZE;

	memcpy(at, &len, sizeof(len));
	memcpy(at + BPF_RINGBUF_HDR_SZ + 8, &value, sizeof(value));
	*producer += 24; /* header and bytes, rounded up to 8 */
}

static void test_ring(void **state)
{
	uint64_t values;
	int fd;

	(void)state;
	ring = make_file(2 * page + 2 * SIZE, &fd);
	assert_int_equal(ebt_transport_ring(&transport, fd, SIZE), 0);
	assert_string_equal(transport.ops->name, "ring");
	assert_int_equal(ebt_transport_fd(&transport), fd);
	assert_int_equal(ebt_transport_size(&transport), SIZE);
	assert_int_equal(ebt_transport_cpu_size(&transport), 0);
	for (uint32_t i = 1; i <= 4; i++)
		put_record(i);
	assert_int_equal(ebt_transport_used(&transport), 96);
	assert_int_equal(ebt_transport_cpu_used(&transport, 0), 0);
	assert_int_equal(read_round(48, &values), 2);
	assert_int_equal(values, 12);
	assert_int_equal(ebt_transport_used(&transport), 48);
	assert_int_equal(read_round(0, &values), 2);
	assert_int_equal(values, 34);
	ebt_transport_free(&transport);
	assert_null(transport.ops);
	assert_false(is_open(fd));
	munmap(ring, 2 * page + 2 * SIZE);
	assert_int_equal(ebt_transport_ring(&transport, -1, SIZE), -EBADF);
	assert_null(transport.ops);
}

#define T(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_empty),	  T(test_perf),	       T(test_perf_rounds), T(test_perf_refused),
		T(test_perf_bad), T(test_perf_bounds), T(test_ring),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
