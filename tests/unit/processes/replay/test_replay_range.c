/* SPDX-License-Identifier: BSD-3-Clause */
/* What --from and --to choose: over midnight, in an hour that occurs twice, outside of the recording. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "processes/replay/replay_range.h"
#include "processes/view/view.h"

#define SECOND 1000000000ull
#define HOUR   (3600 * SECOND)

/* Berlin puts its clocks back at 2026-10-25T01:00:00Z, from 03:00 to 02:00. */
#define BACK 1792890000ull

struct range {
	struct ebt_options o;
	struct ebt_view v;
	struct ebt_replay pb;
};

/* A recording that began at a Unix time, when the machine had run for an hour. */
static void range_open(struct range *r, uint64_t begin, uint64_t hours)
{
	*r = (struct range){ .v.options = &r->o, .pb.feed.view = &r->v };
	r->pb.first_ns = HOUR;
	r->pb.last_ns = HOUR + hours * HOUR;
	r->pb.first_clock_ns = (int64_t)(begin * SECOND - HOUR);
	r->pb.player.clock.mono_to_real_ns = r->pb.first_clock_ns;
}

static struct ebt_option_time at(enum ebt_time_kind kind, uint64_t ns)
{
	return (struct ebt_option_time){ kind, ns };
}

/* The chosen range in minutes since the first event. */
static void range_is(struct range *r, int64_t from_min, int64_t to_min)
{
	ebt_replay_range(&r->pb);
	assert_int_equal((int64_t)(r->pb.from_ns - HOUR) / (int64_t)(60 * SECOND), from_min);
	assert_int_equal((int64_t)(r->pb.to_ns - HOUR) / (int64_t)(60 * SECOND), to_min);
}

static void over_midnight(void **state)
{
	struct range r;

	setenv("TZ", "UTC", 1);
	tzset();
	range_open(&r, 1792886700, 26); /* 00:05 */
	r.o.from = at(EBT_TIME_CLOCK, 23 * HOUR + 50 * 60 * SECOND);
	r.o.to = at(EBT_TIME_CLOCK, 10 * 60 * SECOND);
	range_is(&r, 23 * 60 + 45, 24 * 60 + 5);
	/* Alone, it is the first one of the recording. */
	r.o.from = at(EBT_TIME_CLOCK, 0);
	r.o.to = at(EBT_TIME_CLOCK, 10 * 60 * SECOND);
	range_is(&r, 23 * 60 + 55, 24 * 60 + 5);
	/* What is on no day of the recording stays before it. */
	range_open(&r, 1792886700, 1);
	r.o.from = at(EBT_TIME_CLOCK, 0);
	r.o.to = at(EBT_TIME_CLOCK, 10 * 60 * SECOND);
	range_is(&r, -5, 5);
}

static void repeated_hour(void **state)
{
	struct range r;

	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	range_open(&r, BACK - 2 * 3600, 6); /* 01:00 of summer time */
	r.o.from = at(EBT_TIME_CLOCK, 2 * HOUR + 30 * 60 * SECOND);
	r.o.to = r.o.from;
	range_is(&r, 90, 150);
	/* Afterwards there is one of each again. */
	r.o.from = at(EBT_TIME_CLOCK, 3 * HOUR);
	r.o.to = at(EBT_TIME_CLOCK, 4 * HOUR);
	range_is(&r, 180, 240);
	/* The same with a date, which may name one of the two. */
	r.o.from = at(EBT_TIME_LOCAL_DATE, (BACK + 5400) * SECOND);
	r.o.to = r.o.from;
	range_is(&r, 90, 150);
	r.o.from = at(EBT_TIME_DATE, (BACK + 1800) * SECOND);
	range_is(&r, 150, 150);
	setenv("TZ", "UTC", 1);
	tzset();
}

static void offsets(void **state)
{
	struct range r;

	range_open(&r, BACK, 1);
	r.o.from = at(EBT_TIME_OFFSET, 0);
	r.o.to = at(EBT_TIME_OFFSET, 120 * SECOND);
	range_is(&r, 0, 2);
	r.o = (struct ebt_options){ 0 };
	ebt_replay_range(&r.pb);
	assert_int_equal(r.pb.from_ns, 0);
	assert_true(r.pb.to_ns == UINT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(over_midnight),
		cmocka_unit_test(repeated_hour),
		cmocka_unit_test(offsets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
