/* SPDX-License-Identifier: BSD-3-Clause */
/* params.h - the tuning parameters of the BPF text, which are part of an image's key */
#ifndef EBT_IMAGE_PARAMS_H
#define EBT_IMAGE_PARAMS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

#define EBT_PARAMS_ALL 0xffffffffu /* args_limit and env_limit: no limit but the kernel's */

/* It has a fixed size because it travels between view and loader. */
struct ebt_params {
	uint32_t scratch_bytes; /* bytes of a slot: 512 to 32768, a multiple of 8 */
	uint32_t ring_bytes;	/* a power of two, at least a page */
	uint32_t args_limit;	/* bytes of argv that are recorded, or EBT_PARAMS_ALL */
	uint32_t env_limit;	/* bytes of the environment that are recorded; 0 for none */
	uint8_t paths;		/* find the paths of executable and working directory */
	uint8_t failed;		/* failed execs too */
	uint8_t perf;		/* use perf buffers instead of the ring */
	uint8_t reserved;
};

/* Check the ranges, for values from any source: command line, view or socket. Return 0, or -ERANGE
 * with a sentence in why. */
int ebt_params_check(const struct ebt_params *params, char *why, size_t why_len);

#define EBT_PARAMS_DEFINES    16
#define EBT_PARAMS_DEFINE_LEN 48
struct ebt_defines {
	char text[EBT_PARAMS_DEFINES][EBT_PARAMS_DEFINE_LEN]; /* "-DNAME=VALUE" */
	int count;
};
void ebt_params_defines(const struct ebt_params *params, struct ebt_defines *out);

/* Append the key of an image: everything that determines its instructions. machine is the one that
 * the image is for, as uname -m names it. Return 0 or -ENOMEM. */
int ebt_params_key(const struct ebt_params *params, struct ebt_bytes text, const char *headers,
		   const char *machine, struct ebt_buf *out);

#endif
