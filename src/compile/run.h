/* SPDX-License-Identifier: BSD-3-Clause */
/* run.h - a request to execbig-compile, from its arguments to its result. One request a process. */
#ifndef EBT_COMPILE_RUN_H
#define EBT_COMPILE_RUN_H

#include <stdbool.h>

#include "base/bytes.h"

#define EBT_COMPILE_FLAGS 64 /* number of flags for clang, with those that are added here */

struct ebt_compile_request {
	const char *headers; /* include tree, borrowed from argv like the flags */
	const char *arch;    /* as libbcc takes it in ARCH; NULL for this machine */
	bool listing;	     /* append the source lines to the image, for the Lab */
	bool disassemble;    /* turn native code into text, for the Lab, and compile nothing */
	const char *flags[EBT_COMPILE_FLAGS];
	int n_flags;
};

/* Read the options: --headers DIR, --arch ARCH, --listing or --disassemble, and flags for clang. Return 0, -E2BIG
 * if there are too many flags, or -EINVAL for an unknown option or without --headers. */
int ebt_compile_parse(int argc, char **argv, struct ebt_compile_request *request);

/* Compile text into an image file, or turn native code into text, and append the result to out; with
 * listing, the image's length (8 bytes) goes before the image, and the lines follow it. text->data is
 * NUL-terminated. Return 0, or 1 after saying on standard error what went wrong. */
int ebt_compile_run(struct ebt_compile_request *request, const struct ebt_buf *text,
		    struct ebt_buf *out);

/* Say on standard error what went wrong; err is an errno, or 0 if there is none to name. Return 1, the
 * exit status. */
int ebt_compile_fail(const char *what, int err);

#endif
