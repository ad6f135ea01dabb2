/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/suspend_clock.h"

#include "base/clock.h"

/* Shorter than any suspend, longer than it takes to read two clocks. */
#define SLEEP_LEAST_NS 500000000u
#define ROUND_NS       10000000u

void ebt_suspend_clock_init(struct ebt_suspend_clock *c)
{
	c->slept_ns = ebt_clock_slept_ns();
}

uint64_t ebt_suspend_clock_advance(struct ebt_suspend_clock *c, uint64_t slept_ns)
{
	uint64_t before_ns = c->slept_ns;

	if (slept_ns < before_ns + SLEEP_LEAST_NS)
		return 0;
	c->slept_ns = slept_ns;
	return slept_ns - before_ns;
}

uint64_t ebt_suspend_clock_check(struct ebt_suspend_clock *c)
{
	uint64_t now_ns = ebt_mono_ns();

	/* Look at the difference first, and measure it with care only when there is one. */
	if (ebt_clock_ns(CLOCK_BOOTTIME) - now_ns < c->slept_ns + SLEEP_LEAST_NS)
		return 0;
	return ebt_suspend_clock_advance(c, ebt_clock_slept_ns());
}

uint64_t ebt_suspend_clock_round(uint64_t slept_ns)
{
	return (slept_ns + ROUND_NS / 2) / ROUND_NS * ROUND_NS;
}
