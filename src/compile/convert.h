/* SPDX-License-Identifier: BSD-3-Clause */
/* convert.h - a libbcc module made into an image; and the prototypes of the stand-ins. */
#ifndef EBT_COMPILE_CONVERT_H
#define EBT_COMPILE_CONVERT_H

#include <stdint.h>

#include "base/bytes.h"

/* Appends the image file (without key) of a compiled module. 0, -errno; what is wrong is said on
 * stderr. */
int ebt_convert_module(void *module, struct ebt_buf *out);

void *bcc_symcache_new(int pid, void *option);
int bcc_symcache_resolve_name(void *resolver, const char *module, const char *name, uint64_t *addr);
void bcc_free_symcache(void *symcache, int pid);

#endif
