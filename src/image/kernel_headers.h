/* SPDX-License-Identifier: BSD-3-Clause */
/* kernel_headers.h - find the kernel headers
 *
 * A distribution may keep them in two trees: the files of the sources (/lib/modules/REL/source),
 * and the files that configuring the kernel has generated (/lib/modules/REL/build). Debian has two,
 * others have one. */
#ifndef EBT_IMAGE_KERNEL_HEADERS_H
#define EBT_IMAGE_KERNEL_HEADERS_H

#include <limits.h>

#define EBT_HEADERS_FLAGS 4

/* Values of --headers: the source of the kernel's types. */
enum ebt_headers { EBT_HEADERS_AUTO, EBT_HEADERS_BTF, EBT_HEADERS_KERNEL, EBT_HEADERS_DIR };

struct ebt_headers_tree {
	char source
		[PATH_MAX]; /* the tree with include/linux/kconfig.h, for execbig-compile --headers */
	char flags[EBT_HEADERS_FLAGS]
		  [PATH_MAX + 64]; /* the other tree, for -I; empty if there is none */
};

/* Find the headers of the running kernel, or those below dir if that is not NULL. Return 0, or
 * -ENOENT with the last directory tried in tried (PATH_MAX bytes). */
int ebt_headers_find(const char *dir, struct ebt_headers_tree *tree, char tried[PATH_MAX]);

/* Write the compiler's flags and a NULL to extra, which has EBT_HEADERS_FLAGS + 1 entries. The
 * strings are borrowed from headers. Return the number of flags. */
int ebt_headers_extra(const struct ebt_headers_tree *tree, const char **extra);

#endif
