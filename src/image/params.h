/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * params.h - typed tuning parameters, as the BPF text gets them and as the cache key names them.
 */
#ifndef EBT_IMAGE_PARAMS_H
#define EBT_IMAGE_PARAMS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

#define EBT_PARAMS_ALL 0xffffffffu /* args_limit, env_limit: no limit but the kernel's */

/* Fixed size: travels between view and loader. */
struct ebt_params {
	uint32_t scratch_bytes; /* 512…32768, multiple of 8 */
	uint32_t ring_bytes;	/* power of two, at least a page */
	uint32_t args_limit;	/* bytes of argv taken; EBT_PARAMS_ALL */
	uint32_t env_limit;	/* bytes of environment; 0: none */
	uint8_t paths;		/* walk exe and cwd */
	uint8_t failed;		/* failed execs too */
	uint8_t perf;		/* perf buffer in place of the ring */
	uint8_t reserved;
};

/* Ranges are checked here for every source (command line, view, socket). 0, or -ERANGE with one
 * sentence in why. */
int ebt_params_check(const struct ebt_params *params, char *why, size_t why_len);

#define EBT_PARAMS_DEFINES    16
#define EBT_PARAMS_DEFINE_LEN 48
struct ebt_defines {
	char text[EBT_PARAMS_DEFINES][EBT_PARAMS_DEFINE_LEN]; /* "-DNAME=VALUE" */
	int count;
};
void ebt_params_defines(const struct ebt_params *params, struct ebt_defines *out);

/* Appends the key material of an image: all that decides its instructions. */
int ebt_params_key(const struct ebt_params *params, struct ebt_bytes text, const char *headers,
		   struct ebt_buf *out);

#endif
