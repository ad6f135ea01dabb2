/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * format.c - numbers as people read them. Values are cut, not rounded, so that none is shown larger
 * than it is and no column grows by a carry (999,999 is 999k, not 1000k).
 */
#include "base/format.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#define NS_PER_S 1000000000u

/* Three significant digits of value/unit: 1.23M 12.3M 123M. */
static void three_digits(char *out, uint64_t value, uint64_t unit, const char *suffix)
{
	uint64_t whole = value / unit;
	uint64_t rest = value % unit;

	if (whole < 10)
		snprintf(out, EBT_FMT_LEN, "%u.%02u%s", (unsigned)whole,
			 (unsigned)(rest / (unit / 100)), suffix);
	else if (whole < 100)
		snprintf(out, EBT_FMT_LEN, "%u.%u%s", (unsigned)whole,
			 (unsigned)(rest / (unit / 10)), suffix);
	else
		snprintf(out, EBT_FMT_LEN, "%u%s", (unsigned)whole, suffix);
}

char *ebt_fmt_count(char out[EBT_FMT_LEN], uint64_t n)
{
	static const char suffixes[][2] = { "k", "M", "G", "T", "P", "E" };
	uint64_t unit = 1000;
	unsigned i = 0;

	if (n < 100000) {
		snprintf(out, EBT_FMT_LEN, "%u", (unsigned)n);
		return out;
	}
	while (n / unit >= 1000) {
		unit *= 1000;
		i++;
	}
	three_digits(out, n, unit, suffixes[i]);
	return out;
}

char *ebt_fmt_bytes(char out[EBT_FMT_LEN], uint64_t bytes)
{
	static const char suffixes[] = "KMGTPE";
	unsigned shift = 10, i = 0;
	uint64_t whole;

	if (bytes < 1024) {
		snprintf(out, EBT_FMT_LEN, "%u", (unsigned)bytes);
		return out;
	}
	while (bytes >> shift >= 1024) {
		shift += 10;
		i++;
	}
	whole = bytes >> shift;
	if (whole < 10)
		snprintf(out, EBT_FMT_LEN, "%u.%u%c", (unsigned)whole,
			 (unsigned)(((bytes >> (shift - 10)) & 1023) * 10 / 1024), suffixes[i]);
	else
		snprintf(out, EBT_FMT_LEN, "%u%c", (unsigned)whole, suffixes[i]);
	return out;
}

char *ebt_fmt_duration(char out[EBT_FMT_LEN], uint64_t ns)
{
	uint64_t s = ns / NS_PER_S;
	unsigned days = s / 86400;

	if (ns < 1000)
		snprintf(out, EBT_FMT_LEN, "%uns", (unsigned)ns);
	else if (ns < 1000000)
		three_digits(out, ns, 1000, "us");
	else if (ns < NS_PER_S)
		three_digits(out, ns, 1000000, "ms");
	else if (s < 60)
		three_digits(out, ns, NS_PER_S, "s");
	else if (s < 3600)
		snprintf(out, EBT_FMT_LEN, "%um%02us", (unsigned)s / 60, (unsigned)s % 60);
	else if (s < 86400)
		snprintf(out, EBT_FMT_LEN, "%uh%02um", (unsigned)s / 3600, (unsigned)s / 60 % 60);
	else if (days < 100)
		snprintf(out, EBT_FMT_LEN, "%ud%02uh", days, (unsigned)(s / 3600 % 24));
	else if (days < 10000)
		snprintf(out, EBT_FMT_LEN, "%ud", days);
	else
		snprintf(out, EBT_FMT_LEN, "%uy", days / 365);
	return out;
}

char *ebt_fmt_seconds(char out[EBT_FMT_LEN], uint64_t s)
{
	if (s >= 60)
		return ebt_fmt_duration(out, s * 1000000000);
	snprintf(out, EBT_FMT_LEN, "%us", (unsigned)s);
	return out;
}

char *ebt_fmt_rate(char out[EBT_FMT_LEN], double per_s)
{
	uint64_t tenths;

	if (!(per_s > 0)) /* NaN too */
		per_s = 0;
	if (per_s > 1e17)
		per_s = 1e17;
	tenths = (uint64_t)(per_s * 10 + 0.5);
	if (tenths >= 100)
		return ebt_fmt_count(out, (uint64_t)(per_s + 0.5));
	snprintf(out, EBT_FMT_LEN, "%u.%u", (unsigned)tenths / 10, (unsigned)tenths % 10);
	return out;
}

static void put_digits(char *out, unsigned value, unsigned digits)
{
	for (unsigned i = digits; i-- > 0; value /= 10)
		out[i] = (char)('0' + value % 10);
}

/* Days since 1970-01-01 to a Gregorian date (Howard Hinnant, chrono-compatible low-level date
 * algorithms, civil_from_days): gmtime_r takes a lock and reads TZ on every call, and the JSON sink
 * makes one such text an event. */
static void civil_from_days(uint64_t days, unsigned *year, unsigned *month, unsigned *day)
{
	uint64_t z = days + 719468; /* from 0000-03-01 */
	unsigned era = z / 146097;
	unsigned doe = z - (uint64_t)era * 146097;
	unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	unsigned mp = (5 * doy + 2) / 153;

	*day = doy - (153 * mp + 2) / 5 + 1;
	*month = mp < 10 ? mp + 3 : mp - 9;
	*year = yoe + era * 400 + (*month <= 2);
}

char *ebt_fmt_iso8601(char out[EBT_FMT_LEN], uint64_t real_ns)
{
	uint64_t s = real_ns / NS_PER_S;
	unsigned year, month, day, sod = s % 86400;

	civil_from_days(s / 86400, &year, &month, &day);
	memcpy(out, "0000-00-00T00:00:00.000000000Z", sizeof("0000-00-00T00:00:00.000000000Z"));
	put_digits(out, year, 4);
	put_digits(out + 5, month, 2);
	put_digits(out + 8, day, 2);
	put_digits(out + 11, sod / 3600, 2);
	put_digits(out + 14, sod / 60 % 60, 2);
	put_digits(out + 17, sod % 60, 2);
	put_digits(out + 20, real_ns % NS_PER_S, 9);
	return out;
}

char *ebt_fmt_local(char out[EBT_FMT_LEN], uint64_t real_ns)
{
	time_t t = (time_t)(real_ns / NS_PER_S);
	struct tm tm = { 0 };
	char iso[EBT_FMT_LEN];
	unsigned offset_min;

	localtime_r(&t, &tm);
	offset_min = (unsigned)labs(tm.tm_gmtoff) / 60;
	ebt_fmt_iso8601(iso, real_ns + (uint64_t)tm.tm_gmtoff * NS_PER_S);
	snprintf(out, EBT_FMT_LEN, "%.10s %.15s %c%02u%02u", iso, iso + 11,
		 tm.tm_gmtoff < 0 ? '-' : '+', offset_min / 60 % 100, offset_min % 60);
	return out;
}

char *ebt_fmt_clock(char out[EBT_FMT_LEN], uint64_t real_ns, int ms)
{
	time_t t = (time_t)(real_ns / NS_PER_S);
	struct tm tm;

	if (!localtime_r(&t, &tm))
		memset(&tm, 0, sizeof(tm));
	memcpy(out, "00:00:00.000", sizeof("00:00:00.000"));
	put_digits(out, tm.tm_hour, 2);
	put_digits(out + 3, tm.tm_min, 2);
	put_digits(out + 6, tm.tm_sec, 2);
	if (ms)
		put_digits(out + 9, real_ns / 1000000 % 1000, 3);
	else
		out[8] = '\0';
	return out;
}

char *ebt_fmt_stamp(char out[EBT_FMT_LEN], uint64_t real_ns)
{
	time_t t = (time_t)(real_ns / NS_PER_S);
	char clock[EBT_FMT_LEN];
	unsigned zone_min;
	struct tm tm;

	if (!localtime_r(&t, &tm))
		memset(&tm, 0, sizeof(tm));
	zone_min = (unsigned)labs(tm.tm_gmtoff) / 60;
	memcpy(out, "0000-00-00T00:00:00.000+00:00", EBT_FMT_STAMP_LEN + 1);
	put_digits(out, (unsigned)tm.tm_year + 1900, 4);
	put_digits(out + 5, (unsigned)tm.tm_mon + 1, 2);
	put_digits(out + 8, (unsigned)tm.tm_mday, 2);
	memcpy(out + 11, ebt_fmt_clock(clock, real_ns, 1), 12);
	out[23] = tm.tm_gmtoff < 0 ? '-' : '+';
	put_digits(out + 24, zone_min / 60, 2);
	put_digits(out + 27, zone_min % 60, 2);
	return out;
}

char *ebt_fmt_exit(char out[EBT_FMT_LEN], int wait_status)
{
	const char *core = WIFSIGNALED(wait_status) && WCOREDUMP(wait_status) ? "*" : "";
	const char *name;

	if (WIFEXITED(wait_status)) {
		snprintf(out, EBT_FMT_LEN, "%d", WEXITSTATUS(wait_status));
	} else if (WIFSIGNALED(wait_status)) {
		name = sigabbrev_np(WTERMSIG(wait_status));
		if (name)
			snprintf(out, EBT_FMT_LEN, "%s%s", name, core);
		else
			snprintf(out, EBT_FMT_LEN, "SIG%d%s", WTERMSIG(wait_status), core);
	} else {
		snprintf(out, EBT_FMT_LEN, "0x%x", (unsigned)wait_status);
	}
	return out;
}

char *ebt_fmt_errno(char out[EBT_FMT_LEN], int err)
{
	const char *name = strerrorname_np(err);

	if (name)
		snprintf(out, EBT_FMT_LEN, "%s", name);
	else
		snprintf(out, EBT_FMT_LEN, "%d", err);
	return out;
}

int ebt_parse_size(const char *text, uint64_t *out)
{
	uint64_t n = 0;
	unsigned shift = 0;
	bool over = false; /* too large, but is it a number at all? */

	if (*text < '0' || *text > '9')
		return -EINVAL;
	for (; *text >= '0' && *text <= '9'; text++)
		over |= __builtin_mul_overflow(n, (uint64_t)10, &n) ||
			__builtin_add_overflow(n, (uint64_t)(*text - '0'), &n);
	if (*text == 'k' || *text == 'K')
		shift = 10;
	else if (*text == 'm' || *text == 'M')
		shift = 20;
	else if (*text == 'g' || *text == 'G')
		shift = 30;
	if (shift)
		text++;
	if (*text)
		return -EINVAL;
	if (over || n > UINT64_MAX >> shift)
		return -ERANGE;
	*out = n << shift;
	return 0;
}
