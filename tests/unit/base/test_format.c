/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/format.h"

#define S 1000000000ull

static void counts(void **state)
{
	static const struct {
		uint64_t n;
		const char *text;
	} cases[] = {
		{ 0, "0" },
		{ 99999, "99999" },
		{ 100000, "100k" },
		{ 123456, "123k" },
		{ 999999, "999k" },
		{ 1000000, "1.00M" },
		{ 1239999, "1.23M" },
		{ 12345678, "12.3M" },
		{ 999999999, "999M" },
		{ 1000000000, "1.00G" },
		{ UINT64_MAX, "18.4E" },
	};
	char out[EBT_FMT_LEN];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(ebt_fmt_count(out, cases[i].n), cases[i].text);
}

static void bytes(void **state)
{
	static const struct {
		uint64_t n;
		const char *text;
	} cases[] = {
		{ 0, "0" },	     { 1023, "1023" },	     { 1024, "1.0K" },
		{ 1229, "1.2K" },    { 10239, "9.9K" },	     { 10240, "10K" },
		{ 34816, "34K" },    { 1048575, "1023K" },   { 1048576, "1.0M" },
		{ 8 << 20, "8.0M" }, { 1ull << 40, "1.0T" }, { UINT64_MAX, "15E" },
	};
	char out[EBT_FMT_LEN];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(ebt_fmt_bytes(out, cases[i].n), cases[i].text);
}

static void durations(void **state)
{
	static const struct {
		uint64_t ns;
		const char *text;
	} cases[] = {
		{ 0, "0ns" },
		{ 999, "999ns" },
		{ 1000, "1.00us" },
		{ 12345, "12.3us" },
		{ 999999, "999us" },
		{ 1234567, "1.23ms" },
		{ 999999999, "999ms" },
		{ S, "1.00s" },
		{ 12345678901, "12.3s" },
		{ 60 * S - 1, "59.9s" },
		{ 60 * S, "1m00s" },
		{ 245 * S, "4m05s" },
		{ 3600 * S - 1, "59m59s" },
		{ 3600 * S, "1h00m" },
		{ (3 * 3600 + 7 * 60 + 59) * S, "3h07m" },
		{ 86400 * S - 1, "23h59m" },
		{ (12 * 86400 + 3 * 3600) * S, "12d03h" },
		{ 100ull * 86400 * S, "100d" },
		{ UINT64_MAX, "584y" },
	};
	char out[EBT_FMT_LEN];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(ebt_fmt_duration(out, cases[i].ns), cases[i].text);
	assert_string_equal(ebt_fmt_seconds(out, 0), "0s");
	assert_string_equal(ebt_fmt_seconds(out, 59), "59s");
	assert_string_equal(ebt_fmt_seconds(out, 65), "1m05s");
	assert_string_equal(ebt_fmt_seconds(out, 1000000), "11d13h");
}

/* The promised widths hold everywhere: walk all magnitudes, at and beside each power. */
static void widths_hold(void **state)
{
	char out[EBT_FMT_LEN];

	for (unsigned base = 2; base <= 60; base++) {
		for (uint64_t p = 1; p < UINT64_MAX / base; p *= base) {
			for (int d = -1; d <= 1; d++) {
				assert_in_range(strlen(ebt_fmt_count(out, p + d)), 1, 5);
				assert_in_range(strlen(ebt_fmt_bytes(out, p + d)), 1, 5);
				assert_in_range(strlen(ebt_fmt_duration(out, p + d)), 1, 6);
				assert_in_range(strlen(ebt_fmt_rate(out, (p + d) / 100.0)), 1, 5);
			}
		}
	}
}

static void rates(void **state)
{
	char out[EBT_FMT_LEN];

	assert_string_equal(ebt_fmt_rate(out, 0), "0.0");
	assert_string_equal(ebt_fmt_rate(out, -3), "0.0");
	assert_string_equal(ebt_fmt_rate(out, NAN), "0.0");
	assert_string_equal(ebt_fmt_rate(out, 0.04), "0.0");
	assert_string_equal(ebt_fmt_rate(out, 9.94), "9.9");
	assert_string_equal(ebt_fmt_rate(out, 9.96), "10");
	assert_string_equal(ebt_fmt_rate(out, 123.4), "123");
	assert_string_equal(ebt_fmt_rate(out, 99999), "99999");
	assert_string_equal(ebt_fmt_rate(out, 123456), "123k");
	assert_string_equal(ebt_fmt_rate(out, INFINITY), "100P");
}

static void iso8601(void **state)
{
	char out[EBT_FMT_LEN], want[64];
	uint64_t s = 0;

	assert_string_equal(ebt_fmt_iso8601(out, 0), "1970-01-01T00:00:00.000000000Z");
	assert_string_equal(ebt_fmt_iso8601(out, 1795252502ull * S + 123456789),
			    "2026-11-21T09:15:02.123456789Z");
	assert_string_equal(ebt_fmt_iso8601(out, 951782399ull * S),
			    "2000-02-28T23:59:59.000000000Z");
	assert_string_equal(ebt_fmt_iso8601(out, 951782400ull * S),
			    "2000-02-29T00:00:00.000000000Z");
	assert_string_equal(ebt_fmt_iso8601(out, UINT64_MAX), "2554-07-21T23:34:33.709551615Z");
	/* Against gmtime, over five centuries, in steps that meet every month and hour. */
	for (; s < UINT64_MAX / S; s += 86400 * 3 + 3607) {
		time_t t = s;
		struct tm tm;

		gmtime_r(&t, &tm);
		strftime(want, sizeof(want), "%Y-%m-%dT%H:%M:%S.000000007Z", &tm);
		assert_string_equal(ebt_fmt_iso8601(out, s * S + 7), want);
		assert_int_equal(strlen(out), EBT_FMT_ISO8601_LEN);
	}
}

static void wall_clock(void **state)
{
	char out[EBT_FMT_LEN];

	setenv("TZ", "UTC", 1);
	tzset();
	assert_string_equal(ebt_fmt_clock(out, 1795252502ull * S + 123999999, 0), "09:15:02");
	assert_string_equal(ebt_fmt_clock(out, 1795252502ull * S + 123999999, 1), "09:15:02.123");
	assert_string_equal(ebt_fmt_local(out, 1795252502ull * S + 123456789),
			    "2026-11-21 09:15:02.123456 +0000");
	setenv("TZ", "NST3:30NDT", 1);
	tzset();
	assert_string_equal(ebt_fmt_local(out, 1795252502ull * S + 5999),
			    "2026-11-21 05:45:02.000005 -0330");
	/* Both passes of the repeated hour, told apart by the offset. */
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	assert_string_equal(ebt_fmt_local(out, 1792886400ull * S),
			    "2026-10-25 02:00:00.000000 +0200");
	assert_string_equal(ebt_fmt_local(out, 1792890000ull * S),
			    "2026-10-25 02:00:00.000000 +0100");
	setenv("TZ", "EST5", 1);
	tzset();
	assert_string_equal(ebt_fmt_clock(out, 1795252502ull * S, 0), "04:15:02");
	setenv("TZ", "UTC", 1);
	tzset();
}

static void exits_and_errnos(void **state)
{
	char out[EBT_FMT_LEN];

	assert_string_equal(ebt_fmt_exit(out, 0), "0");
	assert_string_equal(ebt_fmt_exit(out, 1 << 8), "1");
	assert_string_equal(ebt_fmt_exit(out, 255 << 8), "255");
	assert_string_equal(ebt_fmt_exit(out, SIGKILL), "KILL");
	assert_string_equal(ebt_fmt_exit(out, SIGSEGV | 0x80), "SEGV*");
	assert_string_equal(ebt_fmt_exit(out, 40), "SIG40");
	assert_string_equal(ebt_fmt_exit(out, 0x137f), "0x137f"); /* stopped: not an end */
	assert_string_equal(ebt_fmt_errno(out, ENOENT), "ENOENT");
	assert_string_equal(ebt_fmt_errno(out, 99999), "99999");
}

static void sizes(void **state)
{
	static const struct {
		const char *text;
		int r;
		uint64_t n;
	} cases[] = {
		{ "0", 0, 0 },
		{ "512", 0, 512 },
		{ "8K", 0, 8192 },
		{ "8k", 0, 8192 },
		{ "16M", 0, 16 << 20 },
		{ "1G", 0, 1 << 30 },
		{ "18446744073709551615", 0, UINT64_MAX },
		{ "18446744073709551616", -ERANGE, 0 },
		{ "99999999999999999999999999", -ERANGE, 0 },
		{ "17179869184G", -ERANGE, 0 },
		{ "17179869183G", 0, 17179869183ull << 30 },
		{ "99999999999999999999999999x", -EINVAL, 0 },
		{ "", -EINVAL, 0 },
		{ "K", -EINVAL, 0 },
		{ "-1", -EINVAL, 0 },
		{ "+1", -EINVAL, 0 },
		{ " 1", -EINVAL, 0 },
		{ "1 ", -EINVAL, 0 },
		{ "1KB", -EINVAL, 0 },
		{ "1.5K", -EINVAL, 0 },
		{ "0x10", -EINVAL, 0 },
		{ "1T", -EINVAL, 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t n = 77;

		assert_int_equal(ebt_parse_size(cases[i].text, &n), cases[i].r);
		assert_int_equal(n, cases[i].r ? 77 : cases[i].n);
	}
}

static void clocks(void **state)
{
	uint64_t mono = ebt_mono_ns();
	int64_t offset = ebt_clock_mono_to_real_ns();
	int64_t error = (int64_t)(ebt_clock_ns(CLOCK_REALTIME) - (ebt_mono_ns() + offset));

	assert_true(ebt_mono_ns() >= mono);
	assert_true(llabs(error) < (int64_t)S); /* a machine may be slow, not a second wrong */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts),     cmocka_unit_test(bytes),
		cmocka_unit_test(durations),  cmocka_unit_test(widths_hold),
		cmocka_unit_test(rates),      cmocka_unit_test(iso8601),
		cmocka_unit_test(wall_clock), cmocka_unit_test(exits_and_errnos),
		cmocka_unit_test(sizes),      cmocka_unit_test(clocks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
