/* SPDX-License-Identifier: BSD-3-Clause */
/* parts_target.h - the file that the parts of a recording are written to, its name and the names of
 * the parts before it
 *
 * A regular file is written beside FILE under a temporary name and takes the name FILE when it has its
 * first block; until then the file of that name stays as it is. Devices, FIFOs and open descriptors
 * are written to as they are. The target belongs to one thread. */
#ifndef EBT_RECORDING_PARTS_TARGET_H
#define EBT_RECORDING_PARTS_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/output_place.h"
#include "base/replace_file.h"
#include "recording/parts.h"

struct ebt_parts_target {
	const struct ebt_parts_options *options; /* borrowed */
	struct ebt_output_place place;		 /* of FILE; its dir is -1 without a name */
	/* FILE as it was found, open and locked so that no other recorder takes the name; -1 when the
	 * first part has its place */
	int reserved;
	bool made;	 /* reserved is a new and empty file */
	bool moves;	 /* FILE becomes FILE.1 when the new part takes its place */
	bool as_it_is;	 /* not a regular file, or one without a name */
	bool in_place;	 /* the directory lets nobody rename: reserved itself is written */
	int fd;		 /* the part that is being written; -1: none */
	bool fd_is_lent; /* fd is not ours to close */
	struct ebt_replacement temp; /* its fd is -1 when the part has its place */
};

/* Find and lock what path names; a FIFO is waited for until somebody reads it. Return 0, or -errno
 * with a sentence in why. Close the target after both. */
int ebt_parts_target_open(struct ebt_parts_target *target, const struct ebt_parts_options *options,
			  char *why, size_t why_len);
/* Remove what has no first block yet, and close all. */
void ebt_parts_target_close(struct ebt_parts_target *target);

/* Open target->fd for a new part; the part before stays where it is. Return 0 or -errno. */
int ebt_parts_target_begin(struct ebt_parts_target *target);
/* Give the part its name, once what it begins with is written; the part before moves up, and parts
 * that are too many, too old or too large go. Do nothing if that is done already. Return 0, -EEXIST
 * if the oldest is not a recording, -EBUSY if another process writes one, or another -errno. */
int ebt_parts_target_commit(struct ebt_parts_target *target);
/* Return whether somebody has removed the part that is being written. */
bool ebt_parts_target_removed(const struct ebt_parts_target *target);
/* Write what the file has to the disk, so that it survives a loss of power. */
int ebt_parts_target_sync(const struct ebt_parts_target *target);
/* Remove parts that are older than options->keep_ns, or more than options->keep_bytes with those
 * after them. */
void ebt_parts_target_drop_old(const struct ebt_parts_target *target);

#endif
