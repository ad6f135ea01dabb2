/* SPDX-License-Identifier: BSD-3-Clause */
/* perf_events.h - the buffers of `--transport perf`: one perf event per online CPU, in the map that
 * the programs write to (internal to this room)
 *
 * The buffers are mapped here first, because the view may not lock memory; a second mapping of the
 * same event does not count as locked. The loader never reads their contents. */
#ifndef EBT_BPF_PERF_EVENTS_H
#define EBT_BPF_PERF_EVENTS_H

#include <stddef.h>
#include <stdint.h>

struct ebt_perf_events {
	unsigned n;
	int *cpus, *fds;
	void **maps;
	size_t bytes; /* bytes of each buffer, a power of two, without its control page */
	int poll_fd;  /* epoll of all events; readable when one of them has passed its watermark */
};

/* Open and map the events and put them into map_fd. total_bytes is divided among the CPUs. On
 * failure return -errno and leave nothing behind. */
int ebt_perf_events_new(struct ebt_perf_events **out, int map_fd, size_t total_bytes);
void ebt_perf_events_free(struct ebt_perf_events **events);

#endif
