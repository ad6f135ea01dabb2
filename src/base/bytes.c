/* SPDX-License-Identifier: BSD-3-Clause */
/* bytes.c - the bounded growing buffer. */
#include "base/bytes.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define DEFAULT_LIMIT ((size_t)1 << 30)
#define FIRST_CAP     128

struct ebt_bytes ebt_bytes_basename(struct ebt_bytes path)
{
	const char *slash = path.len ? memrchr(path.data, '/', path.len) : NULL;
	size_t skip = slash ? (size_t)(slash - path.data) + 1 : 0;

	/* Without a slash data may be NULL, to which nothing may be added. */
	return slash ? (struct ebt_bytes){ path.data + skip, path.len - skip } : path;
}

/* Make room for len more bytes and the NUL. */
static int grow(struct ebt_buf *buf, size_t len)
{
	size_t limit = buf->limit ? buf->limit : DEFAULT_LIMIT;
	size_t cap = buf->cap ? buf->cap : FIRST_CAP;
	char *data;

	if (buf->error)
		return buf->error;
	if (len > limit || buf->len > limit - len)
		return buf->error = -ENOBUFS;
	if (buf->len + len < buf->cap)
		return 0;
	while (cap <= buf->len + len)
		cap *= 2;
	if (cap > limit)
		cap = limit + 1;
	data = realloc(buf->data, cap);
	if (!data)
		return buf->error = -ENOMEM;
	buf->data = data;
	buf->cap = cap;
	return 0;
}

int ebt_buf_append(struct ebt_buf *buf, const void *data, size_t len)
{
	int r = grow(buf, len);

	if (r < 0)
		return r;
	if (len)
		memcpy(buf->data + buf->len, data, len);
	buf->len += len;
	buf->data[buf->len] = '\0';
	return 0;
}

int ebt_buf_puts(struct ebt_buf *buf, const char *s)
{
	return ebt_buf_append(buf, s, strlen(s));
}

int ebt_buf_printf(struct ebt_buf *buf, const char *fmt, ...)
{
	char small[256];
	va_list ap, again;
	int n, r;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(small, sizeof(small), fmt, ap);
	if (n < 0) {
		r = buf->error ? buf->error : (buf->error = -ENOMEM);
	} else if ((size_t)n < sizeof(small)) {
		r = ebt_buf_append(buf, small, n);
	} else {
		r = grow(buf, n);
		if (r == 0) {
			vsnprintf(buf->data + buf->len, (size_t)n + 1, fmt, again);
			buf->len += n;
		}
	}
	va_end(again);
	va_end(ap);
	return r;
}

char *ebt_buf_reserve(struct ebt_buf *buf, size_t len)
{
	return grow(buf, len) < 0 ? NULL : buf->data + buf->len;
}

void ebt_buf_reset(struct ebt_buf *buf)
{
	buf->len = 0;
	buf->error = 0;
	if (buf->data)
		buf->data[0] = '\0';
}

void ebt_buf_free(struct ebt_buf *buf)
{
	free(buf->data);
	buf->data = NULL;
	buf->len = buf->cap = 0;
	buf->error = 0;
}
