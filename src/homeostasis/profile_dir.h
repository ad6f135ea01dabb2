/* SPDX-License-Identifier: BSD-3-Clause */
/* profile_dir.h - read and write profile files */
#ifndef EBT_HOMEOSTASIS_PROFILE_DIR_H
#define EBT_HOMEOSTASIS_PROFILE_DIR_H

#include "homeostasis/profile.h"

/* Replace a profile file atomically: write a temporary file beside it, sync it, rename it and sync the
 * directory. Return -EEXIST if the name belongs to something other than a file (a device, a link).
 * dir is a directory descriptor or AT_FDCWD. */
int ebt_ph_save(int dir, const char *name, struct ebt_ph_set *set);
/* Read a profile file. Return -EBADMSG if it is damaged; why gets a message on every error. */
int ebt_ph_load(int dir, const char *name, struct ebt_ph_set **out, char *why, size_t why_len);

/* Read all profiles of a directory ("*.ph"). One that is damaged or cannot be read is renamed to
 * NAME.broken with a warning. fn takes over the set; a negative result of fn ends the reading. Return
 * the number of profiles read, or -errno. */
typedef int (*ebt_ph_load_fn)(struct ebt_ph_set *set, void *arg);
int ebt_ph_load_all(int dir, ebt_ph_load_fn fn, void *arg);

#define EBT_PH_NAME_LEN 48
/* Write the file name of a profile to out and return it: "DEV-INO-GUARD.ph" in hexadecimal. */
char *ebt_ph_file_name(char out[EBT_PH_NAME_LEN], const struct ebt_ph_key *key);

#endif
