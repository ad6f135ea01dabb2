/* SPDX-License-Identifier: BSD-3-Clause */
/* compile_entry.h - one run of a compiler, and the JSON object for one of its sources. */
#ifndef EBT_EXPORT_COMPILE_ENTRY_H
#define EBT_EXPORT_COMPILE_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

/* One run of a compiler. All bytes are borrowed; the caller sets the first line, and
 * ebt_compile_run_parse the rest. */
struct ebt_compile_run {
	struct ebt_bytes compiler, cwd, args, env;
	uint32_t uid; /* who ran it */
	bool nothing, no_link;
	unsigned sources, responses;
	struct ebt_bytes output;
};

/* Absolute paths of an entry; output may be empty. Borrowed. */
struct ebt_compile_paths {
	struct ebt_bytes file, output;
};

/* Fill in what the arguments of a run come to. */
void ebt_compile_run_parse(struct ebt_compile_run *run);
/* Append the object for one source of the run, as it was named on the command line. */
void ebt_compile_put_entry(struct ebt_buf *out, const struct ebt_compile_run *run,
			   struct ebt_bytes source, const struct ebt_compile_paths *paths);

#endif
