/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * perf_events.h - the buffers of `--transport perf`: a perf event on each online CPU, put into the
 * map that the programs write to. Internal to the loader.
 *
 * The buffers are mapped here first, because the view has no right to lock memory; a second mapping
 * of the same event costs nobody anything. Their contents are never looked at on this side.
 */
#ifndef EBT_BPF_PERF_EVENTS_H
#define EBT_BPF_PERF_EVENTS_H

#include <stddef.h>
#include <stdint.h>

struct ebt_perf_events {
	unsigned n;
	int *cpus, *fds;
	void **maps;
	size_t bytes; /* of each buffer, a power of two, without its control page */
	int poll_fd;  /* epoll of all: readable when one passed its watermark */
};

/* Opens, maps, and puts into map_fd. total_bytes is divided among the CPUs. -errno; nothing is left
 * then. */
int ebt_perf_events_new(struct ebt_perf_events **out, int map_fd, size_t total_bytes);
void ebt_perf_events_free(struct ebt_perf_events **events);

#endif
