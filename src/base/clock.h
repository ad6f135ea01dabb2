/* SPDX-License-Identifier: BSD-3-Clause */
/* clock.h - the three clocks in nanoseconds. */
#ifndef EBT_BASE_CLOCK_H
#define EBT_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline uint64_t ebt_clock_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static inline uint64_t ebt_mono_ns(void)
{
	return ebt_clock_ns(CLOCK_MONOTONIC);
}

/* What to add to CLOCK_MONOTONIC to get CLOCK_REALTIME, now; taken between two readings of the
 * monotonic clock. */
int64_t ebt_clock_mono_to_real_ns(void);

/* How long the machine has been suspended since it was booted: CLOCK_MONOTONIC stood still then,
 * CLOCK_BOOTTIME did not. */
uint64_t ebt_clock_slept_ns(void);

#endif
