/* SPDX-License-Identifier: BSD-3-Clause */
/* output_targets.h - refuse options that write two things to the same place */
#ifndef EBT_CONFIG_OUTPUT_TARGETS_H
#define EBT_CONFIG_OUTPUT_TARGETS_H

#include <stdbool.h>
#include <stddef.h>

#include "config/options.h"

/* Return whether no two outputs have the same target: the lines or the screen on standard output, a
 * standard error that is a file, -w with its parts, --sqlite with SQLite's own files, and --metrics.
 * Targets are the same if they are the same file under whatever names, or will be. Write a sentence to
 * why if two are. */
bool ebt_output_targets_differ(const struct ebt_options *options, char *why, size_t why_len);

#endif
