/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * suspend_clock.h - notice that the machine was suspended. Wall-clock times are start time +
 * CLOCK_MONOTONIC, which does not count the time spent in suspend: that must be added.
 */
#ifndef EBT_BASE_SUSPEND_CLOCK_H
#define EBT_BASE_SUSPEND_CLOCK_H

#include <stdint.h>

/* Time spent in suspend since boot, as far as it has been reported. */
struct ebt_suspend_clock {
	uint64_t slept_ns;
};

void ebt_suspend_clock_init(struct ebt_suspend_clock *clock);
/* Return the time spent in suspend since the last report, 0 if there is none. Cheap: reads two
 * clocks. */
uint64_t ebt_suspend_clock_check(struct ebt_suspend_clock *clock);
/* The same for given readings: CLOCK_BOOTTIME - CLOCK_MONOTONIC is slept_ns now. */
uint64_t ebt_suspend_clock_advance(struct ebt_suspend_clock *clock, uint64_t slept_ns);
/* Return a duration of suspend as it is shown: rounded, so that the nanoseconds between two readings
 * do not make an hour 59 minutes. */
uint64_t ebt_suspend_clock_round(uint64_t slept_ns);

#endif
