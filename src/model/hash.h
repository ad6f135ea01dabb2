/* SPDX-License-Identifier: BSD-3-Clause */
/* hash.h - set up uthash so that an element that finds no memory is not added, instead of the end of
 * the process.
 *
 * Include this instead of <uthash.h>. An element whose hh.tbl is NULL after HASH_ADD was not
 * added. */
#ifndef EBT_MODEL_HASH_H
#define EBT_MODEL_HASH_H

#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(element) \
	do {                         \
	} while (0)
#include <uthash.h>

#endif
