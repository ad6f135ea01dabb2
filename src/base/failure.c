/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/failure.h"

#include <stdarg.h>

/* How much of a verifier log is printed: it follows the program and says last why. */
#define LOG_LINES 25

int ebt_failure_set(struct ebt_failure *failure, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(failure->text, sizeof(failure->text), fmt, ap);
	va_end(ap);
	return err;
}

void ebt_failure_print(const struct ebt_failure *failure, FILE *out)
{
	const char *words = failure->words.data, *line = words + failure->words.len;
	size_t lines = 0, before = 0;

	if (!failure->words.len)
		return;
	while (failure->is_log && line > words && lines <= LOG_LINES)
		lines += *--line == '\n';
	if (lines > LOG_LINES)
		line++;
	else
		line = words;
	for (const char *p = words; p < line; p++)
		before += *p == '\n';
	if (before)
		fprintf(out, "the last %d lines of its log (%zu before):\n", LOG_LINES, before);
	fprintf(out, "%s\n", line);
}
