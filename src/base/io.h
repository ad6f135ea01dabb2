/* SPDX-License-Identifier: BSD-3-Clause */
/* io.h - writing all of something to a file descriptor; what a name stands for. */
#ifndef EBT_BASE_IO_H
#define EBT_BASE_IO_H

#include <stddef.h>

/* All len bytes, however many calls that takes: a signal, a short write and a descriptor that
 * somebody made non-blocking (it is waited for) are no failure. 0, -errno: then nobody knows how
 * much of it was written. */
int ebt_write_all(int fd, const void *data, size_t len);

/* Before a rename puts a file in the place of name, which would take a device or a link away: what
 * is there, as a static phrase ("it is a device"). NULL: a file, nothing, or it cannot be seen;
 * then the writing says why. dir: a directory's descriptor or AT_FDCWD. */
const char *ebt_not_a_file(int dir, const char *name);

#endif
