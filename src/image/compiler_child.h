/* SPDX-License-Identifier: BSD-3-Clause */
/* compiler_child.h - run execbig-compile, which turns a text and parameters into an image file */
#ifndef EBT_IMAGE_COMPILER_CHILD_H
#define EBT_IMAGE_COMPILER_CHILD_H

#include <sys/types.h>

#include "base/bytes.h"
#include "image/params.h"

struct ebt_build_request {
	struct ebt_bytes text;
	const struct ebt_params *params; /* NULL: no defines */
	const char *compiler;		 /* path of execbig-compile */
	const char *headers;		 /* include tree, absolute */
	const char *arch; /* folder of the target in the kernel's source; NULL for this machine */
	const char *const *extra; /* more flags (-D, -I, -W), NULL-terminated, or NULL */
	unsigned timeout_ms;	  /* 0: 60 s */
};

/* A compilation that is in progress. Its descriptors do not block: poll them, then call
 * ebt_build_step(). */
struct ebt_build {
	pid_t pid;
	int in, out, diag;     /* -1 when closed */
	struct ebt_bytes text; /* the part that is not written yet */
	struct ebt_buf image,
		messages; /* owned; messages holds up to 1 MiB of the compiler's output */
	uint64_t deadline_ns, begin_ns;
	int status; /* wait(2) status, valid after the end */
};

/* Start the compiler with an empty environment, without capabilities, in "/" and with a time limit.
 * The text is borrowed until the build has ended. Return 0 or -errno. */
int ebt_build_start(struct ebt_build *build, const struct ebt_build_request *request);
/* Write to and read from the compiler. Return 1 while it runs; 0 when image.data is the image file;
 * or -errno, with the reason in messages: -EIO if the compiler refused the text, -ETIME if it took
 * too long, -ENOEXEC if it could not be started, -EINTR if a signal ended it (see status). */
int ebt_build_step(struct ebt_build *build);
/* Wait for the end. Return the same as ebt_build_step(), but never 1. */
int ebt_build_wait(struct ebt_build *build);
/* Kill the compiler if it runs, and free everything. */
void ebt_build_free(struct ebt_build *build);

#endif
