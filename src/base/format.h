/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * format.h - numbers as people read them. All functions write a NUL-terminated text into a caller's
 * buffer and return it; no locale, no allocation.
 */
#ifndef EBT_BASE_FORMAT_H
#define EBT_BASE_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#define EBT_FMT_LEN 40 /* enough for every function here */

/* At most 5 characters: 0 … 99999, then 123k, 1.23M, … (powers of 1000). */
char *ebt_fmt_count(char out[EBT_FMT_LEN], uint64_t n);
/* At most 5 characters: 0 … 1023 as it is, then 1.2K, 34K, 1.2M … (powers of 1024). */
char *ebt_fmt_bytes(char out[EBT_FMT_LEN], uint64_t bytes);
/* At most 6 characters: 999ns, 12.3us, 1.23ms, 12.3s, 4m05s, 3h07m, 12d03h. */
char *ebt_fmt_duration(char out[EBT_FMT_LEN], uint64_t ns);
/* At most 6 characters, of whole seconds: 0s, 59s, then as above. */
char *ebt_fmt_seconds(char out[EBT_FMT_LEN], uint64_t s);
/* Events a second, at most 5 characters: 0.0 … 9.9, 10 … 99999, then k, M. */
char *ebt_fmt_rate(char out[EBT_FMT_LEN], double per_s);
/* 2026-11-21T09:15:02.123456789Z from CLOCK_REALTIME nanoseconds. It always has
 * EBT_FMT_ISO8601_LEN characters, and the NUL. */
#define EBT_FMT_ISO8601_LEN 30
char *ebt_fmt_iso8601(char out[EBT_FMT_LEN], uint64_t real_ns);
/* Local date, time and offset from UTC of CLOCK_REALTIME nanoseconds, such as
 * 2026-11-21 10:15:02.123456 +0100. */
char *ebt_fmt_local(char out[EBT_FMT_LEN], uint64_t real_ns);
/* Local wall-clock HH:MM:SS, or HH:MM:SS.mmm with ms. */
char *ebt_fmt_clock(char out[EBT_FMT_LEN], uint64_t real_ns, int ms);
/* Local date, time and zone: 2026-11-21T10:15:02.123+01:00. */
#define EBT_FMT_STAMP_LEN 29
char *ebt_fmt_stamp(char out[EBT_FMT_LEN], uint64_t real_ns);
/* How a process ended, from wait(2)'s status word: "0", "1", "KILL", "SEGV*" (* core dumped). */
char *ebt_fmt_exit(char out[EBT_FMT_LEN], int wait_status);
/* errno by name: "ENOENT"; a number when unknown. */
char *ebt_fmt_errno(char out[EBT_FMT_LEN], int err);
/* Size option: digits with optional K, M, G (powers of 1024). 0, -EINVAL, -ERANGE. */
int ebt_parse_size(const char *text, uint64_t *out);

#endif
