/* SPDX-License-Identifier: BSD-3-Clause */
/* io.h - read and write all of something; tell what kind of file a name stands for. */
#ifndef EBT_BASE_IO_H
#define EBT_BASE_IO_H

#include <stddef.h>

#include "base/bytes.h"

/* Write all len bytes, however many calls that takes: signals, short writes and a descriptor that
 * somebody made non-blocking (it is waited for) are no failure. Return 0, or -errno; then it is
 * unknown how much was written. */
int ebt_write_all(int fd, const void *data, size_t len);

/* Append everything up to the end of the file to out, within its limit. Signals are no failure.
 * out->data is not NULL after success, also if the file is empty. Return 0, -ENOBUFS if there is more than the limit, or -errno. */
int ebt_read_all(int fd, struct ebt_buf *out);

/* Say what kind of file name stands for, as a static phrase ("it is a device"), for callers that are
 * about to rename a file over it, which would take a device or a link away. Return NULL for a regular
 * file, for nothing, and if it cannot be seen (then the writing fails and says why). dir is a
 * directory's descriptor or AT_FDCWD. */
const char *ebt_not_a_file(int dir, const char *name);

#endif
