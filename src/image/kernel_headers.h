/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * kernel_headers.h - where kernel headers are.
 *
 * A distribution may keep them in two trees: what belongs to the sources (/lib/modules/REL/source),
 * and what configuring the kernel generated (/lib/modules/REL/build). Debian does, others have one.
 */
#ifndef EBT_IMAGE_KERNEL_HEADERS_H
#define EBT_IMAGE_KERNEL_HEADERS_H

#include <limits.h>

#define EBT_HEADERS_FLAGS 4

/* --headers: where kernel types come from. */
enum ebt_headers { EBT_HEADERS_AUTO, EBT_HEADERS_BTF, EBT_HEADERS_KERNEL, EBT_HEADERS_DIR };

struct ebt_headers_tree {
	char source[PATH_MAX]; /* holds include/linux/kconfig.h; for execbig-compile --headers */
	char flags[EBT_HEADERS_FLAGS][PATH_MAX + 64]; /* -I for the other tree; "": there is none */
};

/* Headers of the running kernel, or with dir those in there. -ENOENT; tried gets the last directory
 * looked at (PATH_MAX bytes). */
int ebt_headers_find(const char *dir, struct ebt_headers_tree *tree, char tried[PATH_MAX]);

/* Writes the flags and a NULL to extra (EBT_HEADERS_FLAGS + 1). Borrowed. Gives their number. */
int ebt_headers_extra(const struct ebt_headers_tree *tree, const char **extra);

#endif
