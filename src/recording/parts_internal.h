/* SPDX-License-Identifier: BSD-3-Clause */
/* parts_internal.h - what the files that write parts share */
#ifndef EBT_RECORDING_PARTS_INTERNAL_H
#define EBT_RECORDING_PARTS_INTERNAL_H

#include <stdbool.h>

#include "recording/parts.h"
#include "recording/parts_target.h"

/* Return whether the recording is divided into parts. */
static inline bool ebt_parts_rotates(const struct ebt_parts_options *options)
{
	return options->rotate_bytes || options->rotate_ns || options->rotate_on_call;
}

/* Lock the file for as long as it is open. Return -EBUSY if another process has locked it.
 * Filesystems without locks are accepted. */
int ebt_parts_lock(int fd);
/* Return whether the existing file may be overwritten: it is empty, or a recording. */
bool ebt_parts_is_recording(int fd);
/* Rename every part to the next higher number, which frees FILE. Return 0 or -errno. */
int ebt_parts_move_up(const struct ebt_parts_target *target);

#endif
