/* SPDX-License-Identifier: BSD-3-Clause */
/* log.c - one place where messages go; everything is escaped on the way. */
#include "base/log.h"

#include <errno.h>
#include <langinfo.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/text.h"

#define MESSAGE_LIMIT (64u << 10) /* a message longer than this is cut; diagnostics go by lines */

/* The one piece of process-wide state (see log.h). */
static struct {
	ebt_log_fn fn;
	void *arg;
	enum ebt_log_level max_level;
} sink = { .max_level = EBT_LOG_INFO };

void ebt_log_set(ebt_log_fn fn, void *arg, enum ebt_log_level max_level)
{
	sink.fn = fn;
	sink.arg = arg;
	sink.max_level = max_level;
}

static void write_stderr(enum ebt_log_level level, const char *text)
{
	static const char *const marks[] = {
		[EBT_LOG_ERROR] = "",
		[EBT_LOG_WARN] = "warning: ",
		[EBT_LOG_INFO] = "",
		[EBT_LOG_DEBUG] = "debug: ",
	};
	struct ebt_buf line = { 0 };
	size_t done = 0;

	ebt_buf_printf(&line, "execbig-top: %s%s\n", marks[level], text);
	/* One write a line, so that lines of two processes do not mix. */
	while (!line.error && done < line.len) {
		ssize_t n = write(STDERR_FILENO, line.data + done, line.len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		done += n;
	}
	ebt_buf_free(&line);
}

void ebt_logv(enum ebt_log_level level, const char *fmt, va_list ap)
{
	char small[1024];
	struct ebt_buf raw = { 0 }, safe = { 0 };
	struct ebt_bytes text;
	unsigned flags = 0;
	int saved_errno = errno;
	va_list again;
	int n;

	if (level > sink.max_level)
		return;
	/* Outside UTF-8 the continuation bytes of a good character may be a terminal's C1 codes. */
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		flags |= EBT_TEXT_ASCII;

	va_copy(again, ap);
	n = vsnprintf(small, sizeof(small), fmt, ap);
	text = (struct ebt_bytes){ small, n < 0 ? 0 : (size_t)n };
	if (n >= (int)sizeof(small)) {
		size_t len = (size_t)n < MESSAGE_LIMIT ? (size_t)n : MESSAGE_LIMIT;
		char *place = ebt_buf_reserve(&raw, len);

		if (place)
			vsnprintf(place, len + 1, fmt, again);
		text = (struct ebt_bytes){ place ? place : small, place ? len : sizeof(small) - 1 };
	}
	va_end(again);

	while (text.len && text.data[text.len - 1] == '\n')
		text.len--;
	if (ebt_text_escape(&safe, text, flags) < 0)
		write_stderr(level, "out of memory while writing a message");
	else if (sink.fn)
		sink.fn(level, safe.data ? safe.data : "", sink.arg);
	else
		write_stderr(level, safe.data ? safe.data : "");
	ebt_buf_free(&raw);
	ebt_buf_free(&safe);
	errno = saved_errno;
}

void ebt_log(enum ebt_log_level level, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	ebt_logv(level, fmt, ap);
	va_end(ap);
}
