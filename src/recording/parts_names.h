/* SPDX-License-Identifier: BSD-3-Clause */
/* parts_names.h - keep each name of a recording once, because every later part begins with them */
#ifndef EBT_RECORDING_PARTS_NAMES_H
#define EBT_RECORDING_PARTS_NAMES_H

#include <stdint.h>

#include "recording/file.h"

/* Maximum bytes of names including their table: room for a name of usual length of every user and
 * cgroup that the model remembers (model/names.h). Beyond that the oldest is dropped. */
#define EBT_PARTS_NAMES_MAX (64u << 20)

struct ebt_parts_name;

/* A zero-initialised struct is empty. */
struct ebt_parts_names {
	struct ebt_parts_name *table; /* hash table, oldest first */
	uint64_t bytes;
	uint64_t limit; /* bytes; 0 means EBT_PARTS_NAMES_MAX */
};

/* Copy a USER or CGROUP frame, replacing the one with that number. Without memory the name is
 * missing in later parts. */
void ebt_parts_names_add(struct ebt_parts_names *names, const struct ebt_frame *frame);
/* Write all names into a part. Return 0 or the -errno of writing. */
int ebt_parts_names_write(const struct ebt_parts_names *names, struct ebt_file_writer *writer);
/* Append all names as frames; without memory some are missing. */
void ebt_parts_names_append(const struct ebt_parts_names *names, struct ebt_buf *out);
void ebt_parts_names_deinit(struct ebt_parts_names *names);

#endif
