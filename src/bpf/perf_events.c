/* SPDX-License-Identifier: BSD-3-Clause */
#include "bpf/perf_events.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"

static size_t perf_share(size_t total_bytes, unsigned n, size_t page)
{
	size_t bytes = page;

	while (bytes * 2 <= total_bytes / n)
		bytes *= 2;
	return bytes;
}

static int open_event(int cpu, size_t bytes)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_BPF_OUTPUT,
		.sample_type = PERF_SAMPLE_RAW,
		.sample_period = 1,
		/* As with the ring, the reader polls, and is also woken when a quarter is full. */
		.watermark = 1,
		.wakeup_watermark = (uint32_t)(bytes / 4),
	};

	return (int)syscall(SYS_perf_event_open, &attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);
}

static int perf_add(struct ebt_perf_events *e, int map_fd, int cpu, size_t page)
{
	struct epoll_event ev = { .events = EPOLLIN };
	unsigned i = e->n;
	void *p;
	int err;

	e->fds[i] = open_event(cpu, e->bytes);
	if (e->fds[i] < 0)
		return -errno;
	e->cpus[i] = cpu;
	e->n++;
	p = mmap(NULL, page + e->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, e->fds[i], 0);
	if (p == MAP_FAILED)
		return -errno;
	e->maps[i] = p;
	err = bpf_map_update_elem(map_fd, &cpu, &e->fds[i], BPF_ANY);
	if (err)
		return err;
	return epoll_ctl(e->poll_fd, EPOLL_CTL_ADD, e->fds[i], &ev) ? -errno : 0;
}

static int perf_fill(struct ebt_perf_events *e, int map_fd, size_t total_bytes)
{
	unsigned possible = (unsigned)libbpf_num_possible_cpus();
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	long online = sysconf(_SC_NPROCESSORS_ONLN);
	int err = 0;

	e->fds = calloc(possible, sizeof(*e->fds));
	e->cpus = calloc(possible, sizeof(*e->cpus));
	e->maps = calloc(possible, sizeof(*e->maps));
	if (!e->fds || !e->cpus || !e->maps)
		return -ENOMEM;
	e->poll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (e->poll_fd < 0)
		return -errno;
	e->bytes = perf_share(total_bytes, online > 0 ? (unsigned)online : 1, page);
	for (unsigned cpu = 0; !err && cpu < possible; cpu++) {
		err = perf_add(e, map_fd, (int)cpu, page);
		if (err == -ENODEV) /* the CPU is not online */
			err = 0;
	}
	return !err && !e->n ? -ENODEV : err;
}

int ebt_perf_events_new(struct ebt_perf_events **out, int map_fd, size_t total_bytes)
{
	struct ebt_perf_events *e = calloc(1, sizeof(*e));
	int err;

	if (!e)
		return -ENOMEM;
	e->poll_fd = -1;
	err = perf_fill(e, map_fd, total_bytes);
	if (err) {
		ebt_perf_events_free(&e);
		return err;
	}
	*out = e;
	return 0;
}

void ebt_perf_events_free(struct ebt_perf_events **events)
{
	struct ebt_perf_events *e = *events;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (!e)
		return;
	for (unsigned i = 0; i < e->n; i++) {
		if (e->maps[i])
			munmap(e->maps[i], page + e->bytes);
		ebt_cleanup_close(&e->fds[i]);
	}
	ebt_cleanup_close(&e->poll_fd);
	free(e->fds);
	free(e->cpus);
	free(e->maps);
	free(e);
	*events = NULL;
}
