/* SPDX-License-Identifier: BSD-3-Clause */
#include "homeostasis/trace_file.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "base/failure.h"
#include "homeostasis/profile.h"

#define LINE_MAX_BYTES 256 /* limit for lines with data; a comment may be longer */
#define NOTHING	       UINT32_MAX

static bool trace_number(const char **at, uint64_t max, uint32_t *out)
{
	unsigned long long n;
	char *end;

	if (!isdigit((unsigned char)**at))
		return false;
	errno = 0;
	n = strtoull(*at, &end, 10);
	if (errno || n > max)
		return false;
	*out = (uint32_t)n;
	*at = end;
	return true;
}

struct line {
	char text[LINE_MAX_BYTES]; /* the line without leading blanks and without its newline */
	size_t len;
	bool too_long, nul;
};

/* Read the next line. Return false at the end. Skip the rest of a line that is too long, which may
 * be a comment. */
static bool next_line(gzFile file, struct line *l)
{
	int c;

	l->len = 0;
	l->too_long = l->nul = false;
	while ((c = gzgetc(file)) >= 0 && c != '\n') {
		if (!l->len && (c == ' ' || c == '\t'))
			continue;
		l->nul |= c == '\0';
		if (l->len < sizeof(l->text) - 1)
			l->text[l->len++] = (char)c;
		else
			l->too_long = true;
	}
	l->text[l->len] = '\0';
	return c >= 0 || l->len;
}

/* Parse a line. Return NULL, or the error as static text. *call does not change if the line is
 * empty or a comment. */
static const char *trace_parse(const struct line *l, uint32_t *trace, uint32_t *call)
{
	const char *at = l->text;

	if (*at == '#')
		return NULL;
	if (l->nul)
		return "a NUL byte";
	if (l->too_long)
		return "too long a line";
	if (*at == '\0' || *at == '\r')
		return NULL;
	if (trace_number(&at, UINT32_MAX, trace) && (*at == ' ' || *at == '\t')) {
		at += strspn(at, " \t");
		if (trace_number(&at, EBT_PH_CALLS - 1, call) && at[strspn(at, " \t\r")] == '\0')
			return NULL;
	}
	return "not \"TRACE CALL\"";
}

int ebt_trace_read(const char *path, ebt_trace_fn fn, void *arg, char *why, size_t why_len)
{
	gzFile file = gzopen(path, "rbe");
	struct line line;
	uint64_t n = 0;
	int err = 0, zerr = Z_OK;

	if (!file) {
		err = errno ? -errno : -ENOMEM;
		snprintf(why, why_len, "cannot open %s: %s", path, ebt_strerror(-err));
		return err;
	}
	while (!err && next_line(file, &line)) {
		uint32_t trace, call = NOTHING;
		const char *wrong = trace_parse(&line, &trace, &call);

		n++;
		if (wrong) {
			snprintf(why, why_len,
				 "%s line %llu: %s; a line is \"TRACE CALL\", two numbers, with a "
				 "call from 0 to %d",
				 path, (unsigned long long)n, wrong, EBT_PH_CALLS - 1);
			err = -EBADMSG;
		} else if (call != NOTHING) {
			err = fn(trace, call, arg);
			if (err == -ENOMEM)
				snprintf(why, why_len, "out of memory");
		}
	}
	if (!err && (gzerror(file, &zerr), zerr != Z_OK && zerr != Z_STREAM_END)) {
		err = zerr == Z_ERRNO ? -errno : -EBADMSG;
		snprintf(why, why_len, "cannot read %s: %s", path,
			 zerr == Z_ERRNO ? ebt_strerror(-err) : "the compressed data is damaged");
	}
	gzclose(file);
	return err;
}
