/* SPDX-License-Identifier: BSD-3-Clause */
/* bytes.h - borrowed bytes, and a growing buffer with a limit */
#ifndef EBT_BASE_BYTES_H
#define EBT_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Any bytes, NULs included; borrowed. data may be NULL when len is 0. */
struct ebt_bytes {
	const char *data;
	size_t len;
};

static inline struct ebt_bytes ebt_bytes_from(const char *s)
{
	return (struct ebt_bytes){ s, s ? strlen(s) : 0 };
}

static inline bool ebt_bytes_equal(struct ebt_bytes a, struct ebt_bytes b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* Return the part of a path behind its last slash, borrowed from it. */
struct ebt_bytes ebt_bytes_basename(struct ebt_bytes path);

/* A growing buffer, empty when zero-initialised. It owns data and never grows beyond `limit` bytes
 * (0: 1 GiB). After a failed append `error` is -ENOMEM or -ENOBUFS and stays so: callers may go on
 * appending and check once at the end. After the first successful append data ends in a NUL, which
 * is not part of len. */
struct ebt_buf {
	char *data;
	size_t len;
	size_t cap;
	size_t limit;
	int error;
};

int ebt_buf_append(struct ebt_buf *buf, const void *data, size_t len);
int ebt_buf_puts(struct ebt_buf *buf, const char *s);
int ebt_buf_printf(struct ebt_buf *buf, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Make room for at least len more bytes and return the place to write them, or NULL with buf->error
 * set. */
char *ebt_buf_reserve(struct ebt_buf *buf, size_t len);
/* Clear the contents and the error, and keep the memory. */
void ebt_buf_reset(struct ebt_buf *buf);
/* Free the memory; buf may be used again. */
void ebt_buf_free(struct ebt_buf *buf);

#define _cleanup_buf_ __attribute__((cleanup(ebt_buf_free)))

#endif
