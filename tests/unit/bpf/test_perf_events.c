/* SPDX-License-Identifier: BSD-3-Clause */
/* One buffer for each CPU that is online, of the share of the bytes that is its own. The test stands
 * in for the kernel, which lets only the privileged open such events. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>
#include <linux/perf_event.h>

#include "bpf/perf_events.h"

#define CPUS 4

static struct perf_event_attr asked;
static int offline, failing; /* the CPU that is; -1: none */
static int in_map[CPUS], polled, map_error, opened;

int libbpf_num_possible_cpus(void);
int bpf_map_update_elem(int fd, const void *key, const void *value, uint64_t flags);

int libbpf_num_possible_cpus(void)
{
	return CPUS;
}

int bpf_map_update_elem(int fd, const void *key, const void *value, uint64_t flags)
{
	(void)flags;
	assert_int_equal(fd, 99);
	in_map[*(const int *)key] = *(const int *)value;
	return map_error;
}

long syscall(long number, ...)
{
	const struct perf_event_attr *attr;
	va_list args;
	int cpu, fd;

	va_start(args, number);
	attr = va_arg(args, const struct perf_event_attr *);
	va_arg(args, int);
	cpu = va_arg(args, int);
	va_end(args);
	assert_int_equal(number, SYS_perf_event_open);
	if (cpu == offline || cpu == failing) {
		errno = cpu == offline ? ENODEV : EACCES;
		return -1;
	}
	asked = *attr;
	fd = memfd_create("perf", MFD_CLOEXEC);
	assert_int_equal(ftruncate(fd, 1 << 24), 0);
	opened++;
	return fd;
}

int epoll_ctl(int epfd, int op, int fd, struct epoll_event *event)
{
	assert_true(epfd >= 0 && fd >= 0);
	assert_int_equal(op, EPOLL_CTL_ADD);
	assert_int_equal(event->events, EPOLLIN);
	polled++;
	return 0;
}

static int set_up(void **state)
{
	(void)state;
	offline = failing = -1;
	polled = map_error = opened = 0;
	return 0;
}

static bool is_open(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0;
}

/* Return the bytes of each buffer when all CPUs that this machine has online share total. */
static size_t share(size_t total)
{
	size_t bytes = (size_t)sysconf(_SC_PAGESIZE);

	while (bytes * 2 * (size_t)sysconf(_SC_NPROCESSORS_ONLN) <= total)
		bytes *= 2;
	return bytes;
}

static void test_new(void **state)
{
	struct ebt_perf_events *e = NULL;
	int fd;

	(void)state;
	offline = 1;
	assert_int_equal(ebt_perf_events_new(&e, 99, 1 << 20), 0);
	assert_int_equal(e->n, CPUS - 1);
	assert_int_equal(e->bytes, share(1 << 20));
	assert_int_equal(polled, CPUS - 1);
	assert_int_equal(e->cpus[0], 0);
	assert_int_equal(e->cpus[1], 2);
	assert_int_equal(e->cpus[2], 3);
	assert_int_equal(in_map[3], e->fds[2]);
	assert_int_equal(asked.type, PERF_TYPE_SOFTWARE);
	assert_int_equal(asked.config, PERF_COUNT_SW_BPF_OUTPUT);
	assert_int_equal(asked.wakeup_watermark, e->bytes / 4);
	/* The whole buffer behind its control page is there. */
	((char *)e->maps[2])[(size_t)sysconf(_SC_PAGESIZE) + e->bytes - 1] = 1;
	fd = e->fds[1];
	assert_true(is_open(fd));
	ebt_perf_events_free(&e);
	assert_null(e);
	assert_false(is_open(fd));
}

/* A buffer has at least a page. */
static void test_small(void **state)
{
	struct ebt_perf_events *e = NULL;

	(void)state;
	assert_int_equal(ebt_perf_events_new(&e, 99, 1), 0);
	assert_int_equal(e->bytes, sysconf(_SC_PAGESIZE));
	ebt_perf_events_free(&e);
}

static void test_refused(void **state)
{
	struct ebt_perf_events *e = NULL;

	(void)state;
	failing = 2;
	assert_int_equal(ebt_perf_events_new(&e, 99, 1 << 20), -EACCES);
	assert_null(e);
	assert_int_equal(opened, 2);
	assert_false(is_open(in_map[1]));
	failing = -1;
	map_error = -E2BIG;
	assert_int_equal(ebt_perf_events_new(&e, 99, 1 << 20), -E2BIG);
	assert_null(e);
	assert_false(is_open(in_map[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_new, set_up),
		cmocka_unit_test_setup(test_small, set_up),
		cmocka_unit_test_setup(test_refused, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
