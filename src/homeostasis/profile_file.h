/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * profile_file.h - the format of a profile file.
 *
 * All numbers are little-endian. 32 bytes of header: magic (8), version (4), flags (4; bit 0: kill
 * its anomalous processes),
 * length of the file (8), XXH3-64 of all that follows (8). Then the key (inode 8, device 4, guard
 * 4), eight counters (8 each: train_count, mod_at, count_base, sequences, anomalies,
 * anomalies_base, normal_at_ns, changed_ns), state (4), max_lfc (4), path length (4), number of
 * rows (4), the path, and the rows: call (2), number of pairs (2), and for each pair prev (2), bits
 * of A (1), bits of B (1). Only pairs that were seen are listed; rows and pairs are in the order of call
 * numbers. Call 65535 stands for "all the others" (EBT_PH_OTHER).
 */
#ifndef EBT_HOMEOSTASIS_PROFILE_FILE_H
#define EBT_HOMEOSTASIS_PROFILE_FILE_H

#include <stddef.h>

#include "base/bytes.h"
#include "homeostasis/profile.h"

#define EBT_PH_FILE_VERSION   1
#define EBT_PH_FILE_MAX_BYTES (1u << 20) /* more than 255 rows of 255 pairs and a path */

/* Append the file form of a profile. It brings all rows of the set up to date. Return -errno. */
int ebt_ph_encode(struct ebt_ph_set *set, struct ebt_buf *out);
/* Decode untrusted bytes. Return -EBADMSG with a reason (static text) in why, or -ENOMEM. */
int ebt_ph_decode(struct ebt_ph_set **out, const void *data, size_t len, const char **why);

#endif
