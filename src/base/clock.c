/* SPDX-License-Identifier: BSD-3-Clause */
/* clock.c - how far the wall clock is from the monotonic one. */
#include "base/clock.h"

#define TRIES 5

int64_t ebt_clock_mono_to_real_ns(void)
{
	uint64_t best_window = UINT64_MAX;
	int64_t offset = 0;

	/* Preemption between two readings would show as error: the narrowest window wins. */
	for (int i = 0; i < TRIES; i++) {
		uint64_t before = ebt_mono_ns();
		uint64_t real = ebt_clock_ns(CLOCK_REALTIME);
		uint64_t after = ebt_mono_ns();

		if (after - before >= best_window)
			continue;
		best_window = after - before;
		offset = (int64_t)(real - (before + best_window / 2));
	}
	return offset;
}
