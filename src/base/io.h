/* SPDX-License-Identifier: BSD-3-Clause */
/* io.h - writing all of something to a file descriptor. */
#ifndef EBT_BASE_IO_H
#define EBT_BASE_IO_H

#include <stddef.h>

/* All len bytes, however many calls that takes: a signal, a short write and a descriptor that
 * somebody made non-blocking (it is waited for) are no failure. 0, -errno: then nobody knows how
 * much of it was written. */
int ebt_write_all(int fd, const void *data, size_t len);

#endif
