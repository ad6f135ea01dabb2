/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/failure.h"

#include <stdarg.h>

/* Lines of a verifier log that are printed. The log follows the program, and the reason comes last. */
#define LOG_LINES 25

int ebt_failure_set(struct ebt_failure *failure, int err, const char *fmt, ...)
{
	va_list ap;

	if (failure->text[0])
		return err;
	va_start(ap, fmt);
	vsnprintf(failure->text, sizeof(failure->text), fmt, ap);
	va_end(ap);
	return err;
}

void ebt_failure_add_words(struct ebt_failure *failure, struct ebt_bytes words, bool is_log)
{
	if (failure->text[0])
		return;
	ebt_buf_append(&failure->words, words.data, words.len);
	failure->is_log = is_log;
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

const char *ebt_strerror(int err)
{
	return err == 524 ? "Not supported by this kernel" : strerror(err);
}
