/* SPDX-License-Identifier: BSD-3-Clause */
/* clock.c - how far the wall clock is from the monotonic one. */
#include "base/clock.h"

#define TRIES 5

/* What to add to the monotonic clock to get that one. */
static int64_t ahead_by(clockid_t clock)
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
	return ahead_by(CLOCK_REALTIME);
}

uint64_t ebt_clock_slept_ns(void)
{
	int64_t slept = ahead_by(CLOCK_BOOTTIME);

	return slept > 0 ? (uint64_t)slept : 0;
}
