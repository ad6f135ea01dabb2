/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * compiler_child.h - runs execbig-compile: text and parameters in, image file out.
 */
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
	const char *const *extra;	 /* more flags (-D, -I, -W), NULL-terminated, or NULL */
	unsigned timeout_ms;		 /* 0: 60 s */
};

/* A compile under way. All fds are non-blocking; poll them, then call ebt_build_step. */
struct ebt_build {
	pid_t pid;
	int in, out, diag;     /* -1 when done with */
	struct ebt_bytes text; /* what is still to be written */
	struct ebt_buf image,
		messages; /* owned; messages: the compiler's words, in full up to 1 MiB */
	uint64_t deadline_ns, begin_ns;
	int status; /* wait(2) status, once done */
};

/* Starts the child in a clean environment, without capabilities, in "/", with a time limit. The
 * text is borrowed until the build is done. */
int ebt_build_start(struct ebt_build *build, const struct ebt_build_request *request);
/* Moves data. 1: under way, 0: done (image.data is the image file), -errno: failed; messages say
 * why. -EIO: the compiler refused, -ETIME: took too long, -ENOEXEC: it could not be started,
 * -EINTR: a signal ended it (status). */
int ebt_build_step(struct ebt_build *build);
/* Waits for the end. Result as ebt_build_step, never 1. */
int ebt_build_wait(struct ebt_build *build);
/* Kills what runs and frees all. */
void ebt_build_free(struct ebt_build *build);

#endif
