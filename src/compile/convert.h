/* SPDX-License-Identifier: BSD-3-Clause */
/* convert.h - make an image of a module that libbcc has compiled */
#ifndef EBT_COMPILE_CONVERT_H
#define EBT_COMPILE_CONVERT_H

#include <stdint.h>

#include "base/bytes.h"

/* Append the image file, without the key, of a compiled module to out. Return 0, or -errno after
 * saying on standard error what is wrong. */
int ebt_convert_module(void *module, struct ebt_buf *out);

void *bcc_symcache_new(int pid, void *option);
int bcc_symcache_resolve_name(void *resolver, const char *module, const char *name, uint64_t *addr);
void bcc_free_symcache(void *symcache, int pid);

#endif
