/* SPDX-License-Identifier: BSD-3-Clause */
/* parts_names.h - the names of a recording so far, each once: what every later part begins with. */
#ifndef EBT_RECORDING_PARTS_NAMES_H
#define EBT_RECORDING_PARTS_NAMES_H

#include <stdint.h>

#include "recording/file.h"

/* Bytes of names, with what it takes to find them: a name of every user and cgroup that the model
 * remembers (model/names.h) of a usual length. Beyond that the oldest goes. */
#define EBT_PARTS_NAMES_MAX (64u << 20)

struct ebt_parts_name;

/* Zero-initialised is empty. */
struct ebt_parts_names {
	struct ebt_parts_name *table; /* oldest first */
	uint64_t bytes;
	uint64_t limit; /* 0: EBT_PARTS_NAMES_MAX */
};

/* Takes a copy of a USER or CGROUP frame, in place of the one with that number; without memory the
 * name is not carried over. */
void ebt_parts_names_add(struct ebt_parts_names *names, const struct ebt_frame *frame);
/* All of them into a part. 0, -errno of writing. */
int ebt_parts_names_write(const struct ebt_parts_names *names, struct ebt_file_writer *writer);
void ebt_parts_names_deinit(struct ebt_parts_names *names);

#endif
