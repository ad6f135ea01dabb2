/* SPDX-License-Identifier: BSD-3-Clause */
/* output_targets.h - refuse options that write two things to the same place, and name where the
 * lines go */
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

/* Return the name of what the lines or the export are written to, for a message: the file of -o as the
 * user named it, or "standard output". It is borrowed from options. */
const char *ebt_options_output_name(const struct ebt_options *options);

#endif
