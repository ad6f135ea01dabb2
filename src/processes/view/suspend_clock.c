/* SPDX-License-Identifier: BSD-3-Clause */
/* suspend_clock.c - times of day go on from where they were at the start, whoever sets the clock;
 * but the monotonic clock, which they are made from, stands still while the machine is suspended.
 */
#include <stdio.h>

#include "base/clock.h"
#include "base/format.h"
#include "processes/view/view_internal.h"

/* Shorter than any suspend, longer than it takes to read two clocks. */
#define SLEEP_LEAST_NS 500000000u
#define ROUND_NS       10000000u

void ebt_view_set_clock(struct ebt_view *v, int64_t mono_to_real_ns)
{
	v->mono_to_real_ns = mono_to_real_ns;
	ebt_model_set_clock(v->model, mono_to_real_ns);
	if (v->sink)
		ebt_sink_set_clock(v->sink, mono_to_real_ns);
}

void ebt_view_follow_sleep(struct ebt_view *v)
{
	uint64_t now_ns = ebt_mono_ns(), slept_ns;
	char text[64], length[EBT_FMT_LEN];

	/* A glance at two clocks, as often as the ring is looked at; then with care. */
	if (ebt_clock_ns(CLOCK_BOOTTIME) - now_ns < v->slept_ns + SLEEP_LEAST_NS)
		return;
	slept_ns = ebt_clock_slept_ns();
	if (slept_ns < v->slept_ns + SLEEP_LEAST_NS)
		return;
	/* Rounded: what the reading is off by, some ns, must not make an hour 59 minutes. */
	snprintf(text, sizeof(text), "the machine was suspended for %s",
		 ebt_fmt_duration(length,
				  (slept_ns - v->slept_ns + ROUND_NS / 2) / ROUND_NS * ROUND_NS));
	/* What waits is nearly all of before, and gets the times of before. */
	ebt_view_empty(v);
	ebt_view_set_clock(v, v->mono_to_real_ns + (int64_t)(slept_ns - v->slept_ns));
	v->slept_ns = slept_ns;
	ebt_recorder_clock(v->recorder, ebt_mono_ns(), v->mono_to_real_ns);
	ebt_view_note(v, text);
	/* Of all CPUs but one, which went away for it and came back. */
	ebt_view_renew(v, "the CPUs' buffers are gone: all get new ones");
}
