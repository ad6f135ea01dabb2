/* SPDX-License-Identifier: BSD-3-Clause */
/* text_source.h - the BPF text as it goes to the compiler, and where the compiler and its headers
 * are.
 */
#ifndef EBT_IMAGE_TEXT_SOURCE_H
#define EBT_IMAGE_TEXT_SOURCE_H

#include <stdbool.h>
#include <limits.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/bytes.h"

/* The tracer's text: its files in order, each after a #line. dir NULL: the embedded ones, else read
 * from there
 * (--bpf-text). -ENOENT and the like with a sentence in why. */
int ebt_source_compose(const char *dir, struct ebt_buf *out, char *why, size_t why_len);
/* The same for the programs of process homeostasis. */
int ebt_source_compose_homeostasis(const char *dir, struct ebt_buf *out, char *why, size_t why_len);

/* execbig-compile: beside this executable (a build tree) or in libexec (installed). */
int ebt_source_compiler(char path[PATH_MAX]);
/* Images that the build made, and who owns this executable. -ENOENT when there are none. */
int ebt_source_images(char path[PATH_MAX], uid_t *owner);
/* The include tree that stands in for kernel headers. */
int ebt_source_headers(char path[PATH_MAX]);

/* Return whether this process has privileges that its user does not have, from file capabilities or
 * setuid (AT_SECURE). A text of the user's must not be loaded then, because a program of the kernel may
 * read all memory. */
bool ebt_source_is_secure(void);
#define EBT_SOURCE_IS_REFUSED                                                                          \
	"--bpf-text is refused: execbig-top has its privileges from file capabilities or setuid, and " \
	"a text of your own could read all memory of the kernel; run it as root with sudo"

#endif
