/* SPDX-License-Identifier: BSD-3-Clause */
/* lab.h - the contents of the Lab in the view, decoded from the loader's memory file */
#ifndef EBT_LAB_LAB_H
#define EBT_LAB_LAB_H

#include "base/bytes.h"
#include "model/listing.h"

struct ebt_lab;

/* Copy and check the contents. Return 0, -EBADMSG with static text in *why, or -ENOMEM. */
int ebt_lab_parse(struct ebt_lab **out, struct ebt_bytes blob, const char **why);
/* Read the contents from a memory file of at most EBT_LAB_MAX_BYTES. Return also -E2BIG or another
 * -errno. */
int ebt_lab_read(struct ebt_lab **out, int fd, const char **why);
/* Return the contents for ebt_ui_set_lab(), valid until the lab is freed. */
const struct ebt_listing *ebt_lab_ui(const struct ebt_lab *lab);
void ebt_lab_free(struct ebt_lab **lab);

#define _cleanup_lab_ __attribute__((cleanup(ebt_lab_free)))

#endif
