/* SPDX-License-Identifier: BSD-3-Clause */
/* bench_pattern.c - time patterns over hostile arguments of 1.9 MB: the longest must stay below 50
 * ms. Prints a line for each. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/pattern.h"

#define BENCH_BYTES  1900000u
#define BENCH_NS_MAX UINT64_C(50000000)

static const struct {
	const char *pattern, *piece; /* piece "": a and b by chance */
} bench_cases[] = {
	{ "a+z", "a" },
	{ "curl.*sh", "curl" },
	{ "(a*)*c", "a" },
	{ "(x+x+)+y", "x" },
	{ "(.*a){20}z", "a" },
	{ "(a|b)*a(a|b){12}c", "" },
	{ "(a|b)*a(a|b){20}c", "" },
	{ "a.{60}c.{60}d", "" },
	{ "(a?){100}a{100}z", "a" },
	{ "(a?){500}a{500}z", "a" },
	{ "([ab]{1,100}){1,9}c", "" },
	{ "(a|b)*a[ab]{1,900}(a|b){20}c", "" },
	{ "(.*a.*b){1,200}c", "" },
	{ "((a|b)*a(a|b){40}){1,30}z", "" },
	{ "\\b(a|ab|b)*\\Bx", "ab " },
};

/* The time of this thread alone: others that use the processor are not measured. */
static uint64_t bench_cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * UINT64_C(1000000000) + (uint64_t)t.tv_nsec;
}

static void bench_fill(char *text, const char *piece)
{
	size_t n = strlen(piece);
	uint32_t x = 1;

	for (size_t i = 0; i < BENCH_BYTES; i++) {
		x = x * 1664525u + 1013904223u;
		text[i] = n ? piece[i % n] : (char)('a' + (x >> 24 & 1));
	}
}

static bool bench_one(const char *pattern_text, char *text, const char *piece)
{
	static const char *const results[] = { "no", "yes", "gave up" };
	struct ebt_pattern *pattern = NULL;
	enum ebt_pattern_result result;
	uint64_t begin = bench_cpu_ns(), made, cold, warm;

	if (ebt_pattern_new(&pattern, pattern_text, false, NULL, 0))
		return false;
	made = bench_cpu_ns();
	bench_fill(text, piece);
	cold = bench_cpu_ns();
	ebt_pattern_match(pattern, (struct ebt_bytes){ text, BENCH_BYTES });
	warm = bench_cpu_ns();
	result = ebt_pattern_match(pattern, (struct ebt_bytes){ text, BENCH_BYTES });
	printf("%-30s %-4s compile %6.2f ms  first %6.2f ms  again %6.2f ms  %s\n", pattern_text,
	       *piece ? piece : "a|b", (double)(made - begin) / 1e6, (double)(warm - cold) / 1e6,
	       (double)(bench_cpu_ns() - warm) / 1e6, results[result]);
	ebt_pattern_free(&pattern);
	return warm - cold < BENCH_NS_MAX;
}

int main(void)
{
	char *text = malloc(BENCH_BYTES);
	int status = text ? 0 : 1;

	for (size_t i = 0; text && i < sizeof(bench_cases) / sizeof(bench_cases[0]); i++)
		if (!bench_one(bench_cases[i].pattern, text, bench_cases[i].piece))
			status = 1;
	free(text);
	return status;
}
