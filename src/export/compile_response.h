/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * compile_response.h - put the contents of response files (@file) in the place of their names, as
 * gcc(1) does before it looks at its arguments.
 */
#ifndef EBT_EXPORT_COMPILE_RESPONSE_H
#define EBT_EXPORT_COMPILE_RESPONSE_H

#include <stdint.h>

#include "base/bytes.h"

/* How to look at files; a process that may open nothing asks another one. */
struct ebt_compile_files {
	/* Return 0 when there is something at path, -ENOENT or -ENOTDIR when not, or -errno. */
	int (*exists)(const char *path, void *arg);
	/* Return a descriptor of the regular file at path, which the caller closes, if user uid could
	 * read it, or -errno. */
	int (*open)(const char *path, uint32_t uid, void *arg);
	void *arg;
};

/* The files that the arguments of one run name. */
struct ebt_compile_response {
	const struct ebt_compile_files *files; /* borrowed */
	struct ebt_bytes cwd;		       /* relative names start here; absolute */
	uint32_t uid;			       /* the user who ran the compiler */
	/* Result: names of files that cannot be read. */
	unsigned missing;
};

/*
 * Append args to out with each @file replaced by the arguments in that file, recursively. args and
 * out hold arguments that end in NUL each.
 * The @file of a file that cannot be read stays as an argument, as the compiler would keep it. Files are trusted in nothing: they must be regular and of at most 1 MiB, and
 * nesting ends after eight. Return 0 or -ENOMEM; errors of files are no errors of the call.
 */
int ebt_compile_expand_responses(struct ebt_compile_response *response, struct ebt_bytes args,
				 struct ebt_buf *out);

#endif
