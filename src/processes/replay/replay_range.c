/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/replay/replay_range.h"

#include <stdio.h>
#include <time.h>

#include "base/log.h"
#include "processes/view/view.h"

#define SECOND_NS 1000000000ull

/* Return the Unix time of a local time. Where the clock was put back, a local time occurs twice: take
 * the later one if `later` is set. *twice tells whether it does. */
static time_t range_local(const struct tm *local, bool later, bool *twice)
{
	time_t found[2] = { -1, -1 };

	for (int dst = 0; dst < 2; dst++) {
		struct tm tm = *local;
		time_t t;

		tm.tm_isdst = dst;
		t = mktime(&tm);
		/* mktime changes the hour when that hour has no such form of time. */
		if (tm.tm_isdst == dst && tm.tm_hour == local->tm_hour &&
		    tm.tm_min == local->tm_min)
			found[dst] = t;
	}
	*twice = found[0] != -1 && found[1] != -1 && found[0] != found[1];
	if (*twice)
		return (found[0] > found[1]) == later ? found[0] : found[1];
	for (int dst = 0; dst < 2; dst++)
		if (found[dst] != -1)
			return found[dst];
	struct tm tm = *local;

	tm.tm_isdst = -1;
	return mktime(&tm);
}

/* Return the real time of a time of day, `days` after the day of a real time. */
static uint64_t range_time_of_day(uint64_t day_real_ns, int days, const struct ebt_option_time *t,
				  bool later)
{
	time_t day = (time_t)(day_real_ns / SECOND_NS);
	struct tm tm;
	bool twice;

	localtime_r(&day, &tm);
	tm.tm_mday += days;
	tm.tm_hour = (int)(t->ns / (3600 * SECOND_NS));
	tm.tm_min = (int)(t->ns / (60 * SECOND_NS) % 60);
	tm.tm_sec = (int)(t->ns / SECOND_NS % 60);
	return (uint64_t)range_local(&tm, later, &twice) * SECOND_NS + t->ns % SECOND_NS;
}

/* Return the Unix time of a date, which is in UTC or in local time. */
static uint64_t range_date(const struct ebt_option_time *t, bool later)
{
	time_t seconds = (time_t)(t->ns / SECOND_NS);
	struct tm tm;
	bool twice;

	if (t->kind == EBT_TIME_DATE)
		return t->ns;
	gmtime_r(&seconds, &tm);
	return (uint64_t)range_local(&tm, later, &twice) * SECOND_NS + t->ns % SECOND_NS;
}

static uint64_t range_mono(const struct ebt_replay *pb, uint64_t real_ns)
{
	uint64_t offset = (uint64_t)pb->player.clock.mono_to_real_ns;

	return real_ns > offset ? real_ns - offset : 0;
}

/* Return the time of day as a time of the recording: on the day of after_ns, or on the next one if
 * that is what lies behind it. */
static uint64_t range_clock(const struct ebt_replay *pb, uint64_t after_ns,
			    const struct ebt_option_time *t, bool is_to)
{
	bool at_begin = after_ns == pb->first_ns;
	int64_t clock_ns = at_begin ? pb->first_clock_ns : pb->player.clock.mono_to_real_ns;
	uint64_t after_real_ns = after_ns + (uint64_t)clock_ns;
	uint64_t same_ns = range_mono(pb, range_time_of_day(after_real_ns, 0, t, is_to)), next_ns;

	/* The time that is printed of the first event is up to a second before it. */
	if (same_ns + (at_begin ? SECOND_NS : 0) >= after_ns)
		return same_ns;
	next_ns = range_mono(pb, range_time_of_day(after_real_ns, 1, t, is_to));
	return next_ns <= pb->last_ns || !at_begin ? next_ns : same_ns;
}

static uint64_t range_of(const struct ebt_replay *pb, uint64_t after_ns,
			 const struct ebt_option_time *t, bool is_to)
{
	switch (t->kind) {
	case EBT_TIME_OFFSET:
		return pb->first_ns + t->ns;
	case EBT_TIME_CLOCK:
		return range_clock(pb, after_ns, t, is_to);
	case EBT_TIME_DATE:
	case EBT_TIME_LOCAL_DATE:
		return range_mono(pb, range_date(t, is_to));
	case EBT_TIME_NONE:
		break;
	}
	return is_to ? UINT64_MAX : 0;
}

void ebt_replay_range(struct ebt_replay *pb)
{
	const struct ebt_options *o = pb->feed.view->options;

	pb->from_ns = range_of(pb, pb->first_ns, &o->from, false);
	pb->to_ns =
		range_of(pb, pb->from_ns > pb->first_ns ? pb->from_ns : pb->first_ns, &o->to, true);
}

/* Write a time of the recording as a local date. */
static void range_put_date(const struct ebt_replay *pb, uint64_t ns, bool first, char *out,
			   size_t len)
{
	int64_t clock_ns = first ? pb->first_clock_ns : pb->player.clock.mono_to_real_ns;
	time_t seconds = (time_t)((ns + (uint64_t)clock_ns) / SECOND_NS);
	struct tm tm;

	localtime_r(&seconds, &tm);
	strftime(out, len, "%Y-%m-%dT%H:%M:%S%z", &tm);
}

static bool range_is_twice(const struct ebt_replay *pb, const struct ebt_option_time *t,
			   uint64_t at_ns)
{
	uint64_t real_ns = at_ns + (uint64_t)pb->player.clock.mono_to_real_ns;
	time_t seconds = (time_t)(real_ns / SECOND_NS);
	struct tm tm;
	bool twice;

	if (t->kind != EBT_TIME_CLOCK && t->kind != EBT_TIME_LOCAL_DATE)
		return false;
	localtime_r(&seconds, &tm);
	range_local(&tm, false, &twice);
	return twice;
}

void ebt_replay_range_check(const struct ebt_replay *pb)
{
	const struct ebt_options *o = pb->feed.view->options;
	bool from = o->from.kind != EBT_TIME_NONE, to = o->to.kind != EBT_TIME_NONE;
	char first[48], last[48];
	const char *what = NULL;

	if (from && to && pb->to_ns < pb->from_ns)
		what = "nothing is shown, because --to is before --from";
	else if (from && pb->from_ns > pb->last_ns)
		what = "--from is after the end of what was recorded";
	else if (from && pb->from_ns + SECOND_NS < pb->first_ns)
		what = "--from is before the beginning of what was recorded";
	else if (to && pb->to_ns < pb->first_ns)
		what = "--to is before the beginning of what was recorded";
	else if (to && pb->to_ns > pb->last_ns)
		what = "--to is after the end of what was recorded";
	if (what) {
		range_put_date(pb, pb->first_ns, true, first, sizeof(first));
		range_put_date(pb, pb->last_ns, false, last, sizeof(last));
		ebt_warn("%s: the recording covers %.3f seconds, from %s to %s", what,
			 (double)(pb->last_ns - pb->first_ns) / 1e9, first, last);
	}
	if (from && range_is_twice(pb, &o->from, pb->from_ns))
		ebt_warn(
			"the time of --from occurs twice on that day, because the clock was put back; "
			"the first one is taken (a date with Z or +01:00 names one of them)");
	if (to && range_is_twice(pb, &o->to, pb->to_ns))
		ebt_warn(
			"the time of --to occurs twice on that day, because the clock was put back; "
			"the second one is taken (a date with Z or +01:00 names one of them)");
}
