/* SPDX-License-Identifier: BSD-3-Clause */
#include "homeo/trace.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "homeo/ph.h"

#define LINE_MAX_BYTES 256

static bool number(const char **at, uint64_t max, uint32_t *out)
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

/* 1: a call, 0: nothing on this line, -1: wrong. */
static int parse(const char *line, uint32_t *trace, uint32_t *call)
{
	const char *at = line + strspn(line, " \t");

	if (*at == '#' || *at == '\n' || *at == '\r' || *at == '\0')
		return 0;
	if (!number(&at, UINT32_MAX, trace) || (*at != ' ' && *at != '\t'))
		return -1;
	at += strspn(at, " \t");
	if (!number(&at, EBT_PH_CALLS - 1, call))
		return -1;
	return at[strspn(at, " \t\r\n")] == '\0' ? 1 : -1;
}

int ebt_trace_read(const char *path, ebt_trace_fn fn, void *arg, char *why, size_t why_len)
{
	gzFile file = gzopen(path, "rbe");
	char line[LINE_MAX_BYTES];
	uint64_t n = 0;
	int err = 0, zerr = Z_OK;

	if (!file) {
		err = errno ? -errno : -ENOMEM;
		snprintf(why, why_len, "cannot open %s: %s", path, strerror(-err));
		return err;
	}
	while (!err && gzgets(file, line, sizeof(line))) {
		uint32_t trace, call;
		int got = parse(line, &trace, &call);

		n++;
		if (got < 0) {
			snprintf(why, why_len,
				 "%s line %llu: not \"TRACE CALL\" with a call from 0 to %d", path,
				 (unsigned long long)n, EBT_PH_CALLS - 1);
			err = -EBADMSG;
		} else if (got) {
			err = fn(trace, call, arg);
			if (err == -ENOMEM)
				snprintf(why, why_len, "out of memory");
		}
	}
	if (!err && (gzerror(file, &zerr), zerr != Z_OK && zerr != Z_STREAM_END)) {
		err = zerr == Z_ERRNO ? -errno : -EBADMSG;
		snprintf(why, why_len, "cannot read %s: %s", path,
			 zerr == Z_ERRNO ? strerror(-err) : "the compressed data is damaged");
	}
	gzclose(file);
	return err;
}
