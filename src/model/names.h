/* SPDX-License-Identifier: BSD-3-Clause */
/* names.h - names of users and cgroups by number */
#ifndef EBT_MODEL_NAMES_H
#define EBT_MODEL_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "model/hash.h"

#define EBT_NAMES_MAX	   (1u << 16)
#define EBT_NAME_MAX_BYTES 4096u /* PATH_MAX, because a cgroup's name is a path */

struct ebt_name {
	uint64_t number;
	UT_hash_handle hh;
	char name[];
};

struct ebt_names {
	struct ebt_name *table;
	size_t n, bytes;
};

void ebt_names_deinit(struct ebt_names *names);
/* Copy a name, cut to EBT_NAME_MAX_BYTES. With EBT_NAMES_MAX names it replaces the oldest. Without
 * memory it is not stored. */
void ebt_names_set(struct ebt_names *names, uint64_t number, const char *name);
/* Forget the name of a number. */
void ebt_names_forget(struct ebt_names *names, uint64_t number);
/* Return NULL if the name is unknown. The result is borrowed until a name is set or forgotten. */
const char *ebt_names_get(const struct ebt_names *names, uint64_t number);

#endif
