/* SPDX-License-Identifier: BSD-3-Clause */
/* text_source.h - the BPF text as the compiler gets it, and the places of compiler and headers */
#ifndef EBT_IMAGE_TEXT_SOURCE_H
#define EBT_IMAGE_TEXT_SOURCE_H

#include <stdbool.h>
#include <limits.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/bytes.h"

/* Compose the tracer's text from its files, each after a #line. The files are read from dir
 * (--bpf-text), or are the embedded ones if dir is NULL. Return 0, or -errno with a sentence in
 * why. */
int ebt_source_compose(const char *dir, struct ebt_buf *out, char *why, size_t why_len);
/* Do the same for the programs of process homeostasis. */
int ebt_source_compose_homeostasis(const char *dir, struct ebt_buf *out, char *why, size_t why_len);

/* Give the path of execbig-compile: beside this executable in a build tree, in libexec or lib
 * when installed. */
int ebt_source_compiler(char path[PATH_MAX]);
/* Give the directory of the images that the build made, and the owner of this executable. Return
 * -ENOENT if there are none. */
int ebt_source_images(char path[PATH_MAX], uid_t *owner);
/* Give the path of the include tree that replaces the kernel headers. */
int ebt_source_headers(char path[PATH_MAX]);
/* The sentence for when one of them is missing. Distributions put the compiler into a package of its
 * own, because it needs LLVM. */
#define EBT_SOURCE_NO_COMPILER \
	"the compiler is missing; install the package execbig-top-compile, or build execbig-top again (execbig-compile belongs into ../libexec/execbig-top and kinclude into ../share/execbig-top, or both beside execbig-top)"

/* Return whether this process has privileges that its user does not have, from file capabilities or
 * setuid (AT_SECURE). A text of the user's must not be loaded then, because a program of the kernel may
 * read all memory. */
bool ebt_source_is_secure(void);
#define EBT_SOURCE_IS_REFUSED                                                                          \
	"--bpf-text is refused: execbig-top has its privileges from file capabilities or setuid, and " \
	"a text of your own could read all memory of the kernel; run it as root with sudo"

#endif
