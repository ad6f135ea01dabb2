/* SPDX-License-Identifier: BSD-3-Clause */
/* clock.h - the three clocks in nanoseconds. */
#ifndef EBT_BASE_CLOCK_H
#define EBT_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Return a clock as the kernel keeps it. In a time namespace a process sees CLOCK_MONOTONIC and
 * CLOCK_BOOTTIME shifted; the kernel's events and this function do not. The shift is read from /proc
 * once: the first call must come before a sandbox closes /proc. */
uint64_t ebt_clock_ns(clockid_t id);

static inline uint64_t ebt_mono_ns(void)
{
	return ebt_clock_ns(CLOCK_MONOTONIC);
}

/* Return CLOCK_BOOTTIME as this process sees it, and as /proc tells it the start of others. */
uint64_t ebt_clock_boot_here_ns(void);

/* What to add to CLOCK_MONOTONIC to get CLOCK_REALTIME, now; taken between two readings of the
 * monotonic clock. */
int64_t ebt_clock_mono_to_real_ns(void);

/* How long the machine has been suspended since it was booted: CLOCK_MONOTONIC stood still then,
 * CLOCK_BOOTTIME did not. */
uint64_t ebt_clock_slept_ns(void);

#endif
