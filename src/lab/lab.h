/* SPDX-License-Identifier: BSD-3-Clause */
/* lab.h - the Lab's contents in the view, made from the loader's memory file. */
#ifndef EBT_LAB_LAB_H
#define EBT_LAB_LAB_H

#include "base/bytes.h"
#include "ui/screens/lab_contents.h"

struct ebt_lab;

/* Copies and checks. -EBADMSG with static text in *why; -ENOMEM. */
int ebt_lab_parse(struct ebt_lab **out, struct ebt_bytes blob, const char **why);
/* The same from a memory file; it is read whole, at most EBT_LAB_MAX_BYTES. -E2BIG, -errno. */
int ebt_lab_read(struct ebt_lab **out, int fd, const char **why);
/* For ebt_ui_set_lab; valid until _free. */
const struct ebt_ui_lab *ebt_lab_ui(const struct ebt_lab *lab);
void ebt_lab_free(struct ebt_lab **lab);

#define _cleanup_lab_ __attribute__((cleanup(ebt_lab_free)))

#endif
