/* SPDX-License-Identifier: BSD-3-Clause */
/* clock.c - the clocks without the shift of a time namespace, and how far they are apart. */
#include "base/clock.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

#define TRIES 5

/* What this process's time namespace adds to the clocks. It cannot change while the process runs. */
static struct {
	pthread_once_t once;
	int64_t mono_ns, boot_ns;
} clock_shift = { .once = PTHREAD_ONCE_INIT };

/* A line is "monotonic SECONDS NANOSECONDS" or "boottime …". A kernel without time namespaces does
 * not have the file. */
static void clock_read_shift(void)
{
	_cleanup_fclose_ FILE *f = fopen("/proc/self/timens_offsets", "re");
	char name[16];
	long long s, ns;

	while (f && fscanf(f, "%15s %lld %lld", name, &s, &ns) == 3) {
		if (strcmp(name, "monotonic") == 0)
			clock_shift.mono_ns = s * 1000000000 + ns;
		else if (strcmp(name, "boottime") == 0)
			clock_shift.boot_ns = s * 1000000000 + ns;
	}
}

static uint64_t clock_here_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

uint64_t ebt_clock_ns(clockid_t id)
{
	int64_t shift = 0;

	pthread_once(&clock_shift.once, clock_read_shift);
	if (id == CLOCK_MONOTONIC)
		shift = clock_shift.mono_ns;
	else if (id == CLOCK_BOOTTIME)
		shift = clock_shift.boot_ns;
	return clock_here_ns(id) - (uint64_t)shift;
}

uint64_t ebt_clock_boot_here_ns(void)
{
	return clock_here_ns(CLOCK_BOOTTIME);
}

/* What to add to the monotonic clock to get that one. */
static int64_t clock_ahead_by(clockid_t clock)
{
	uint64_t best_window = UINT64_MAX;
	int64_t offset = 0;

	/* Preemption between two readings would show as error: the narrowest window wins. */
	for (int i = 0; i < TRIES; i++) {
		uint64_t before = ebt_mono_ns();
		uint64_t there = ebt_clock_ns(clock);
		uint64_t after = ebt_mono_ns();

		if (after - before >= best_window)
			continue;
		best_window = after - before;
		offset = (int64_t)(there - (before + best_window / 2));
	}
	return offset;
}

int64_t ebt_clock_mono_to_real_ns(void)
{
	return clock_ahead_by(CLOCK_REALTIME);
}

uint64_t ebt_clock_slept_ns(void)
{
	int64_t slept = clock_ahead_by(CLOCK_BOOTTIME);

	return slept > 0 ? (uint64_t)slept : 0;
}
