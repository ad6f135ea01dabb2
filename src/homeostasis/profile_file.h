/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * profile_file.h - a profile on disk.
 *
 * Little-endian, whatever the machine. 32 bytes of header: magic (8), version (4), flags (4, zero),
 * length of the file (8), XXH3-64 of all that follows (8). Then the key (inode 8, device 4, guard
 * 4), eight counters (8 each: train_count, mod_at, count_base, sequences, anomalies,
 * anomalies_base, normal_at_ns, changed_ns), state (4), max_lfc (4), path length (4), number of
 * rows (4), the path, and the rows: call (2), number of pairs (2), and for each pair prev (2), bits
 * of A (1), bits of B (1). Only pairs that exist are there; rows and pairs are in the order of call
 * numbers. Call 65535 stands for "all the others" (EBT_PH_OTHER).
 */
#ifndef EBT_HOMEOSTASIS_PROFILE_FILE_H
#define EBT_HOMEOSTASIS_PROFILE_FILE_H

#include <stddef.h>

#include "base/bytes.h"
#include "homeostasis/profile.h"

#define EBT_PH_FILE_VERSION   1
#define EBT_PH_FILE_MAX_BYTES (1u << 20) /* 255 rows of 255 pairs and a path are less */

/* Appends the file form. Brings the set's rows up to date. */
int ebt_ph_encode(struct ebt_ph_set *set, struct ebt_buf *out);
/* From bytes nobody vouches for. -EBADMSG with a reason (static text), -ENOMEM. */
int ebt_ph_decode(struct ebt_ph_set **out, const void *data, size_t len, const char **why);

/* Writes to a temporary file beside it, syncs, renames, syncs the directory: at any moment the old
 * or the new one is there whole. What is there and not a file (a device, a link) stays: -EEXIST.
 * dir: a directory fd or AT_FDCWD. */
int ebt_ph_save(int dir, const char *name, struct ebt_ph_set *set);
/* -EBADMSG: the file is broken; why says how. */
int ebt_ph_load(int dir, const char *name, struct ebt_ph_set **out, char *why, size_t why_len);

/* All profiles of a directory ("*.ph"). One that is broken or cannot be read is renamed to
 * NAME.broken with a warning and skipped. fn takes the set over; what it returns ends the reading
 * when it is negative. Gives the number read or -errno. */
typedef int (*ebt_ph_load_fn)(struct ebt_ph_set *set, void *arg);
int ebt_ph_load_all(int dir, ebt_ph_load_fn fn, void *arg);

/* File name of a profile by its key: "DEV-INO-GUARD.ph" in hexadecimal. */
#define EBT_PH_NAME_LEN 48
char *ebt_ph_file_name(char out[EBT_PH_NAME_LEN], const struct ebt_ph_key *key);

#endif
