/* SPDX-License-Identifier: BSD-3-Clause */
#include "image/params.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include <linux/types.h>

#include "ebt_abi.h"
#include "image/image.h"

int ebt_params_check(const struct ebt_params *p, char *why, size_t why_len)
{
	if (p->scratch_bytes < EBT_SCRATCH_MIN || p->scratch_bytes > EBT_SCRATCH_MAX ||
	    p->scratch_bytes % 8) {
		snprintf(why, why_len, "scratch is %u bytes; %d to %d in steps of 8 are allowed",
			 p->scratch_bytes, EBT_SCRATCH_MIN, EBT_SCRATCH_MAX);
		return -ERANGE;
	}
	if (p->ring_bytes < 65536 || p->ring_bytes > (1u << 30) ||
	    (p->ring_bytes & (p->ring_bytes - 1))) {
		snprintf(why, why_len, "ring is %u bytes; a power of two from 64K to 1G is allowed",
			 p->ring_bytes);
		return -ERANGE;
	}
	return 0;
}

static void define(struct ebt_defines *out, const char *name, uint32_t value)
{
	snprintf(out->text[out->count++], EBT_PARAMS_DEFINE_LEN, "-D%s=%u", name, value);
}

static uint32_t limit(uint32_t bytes)
{
	return bytes < EBT_ARGS_MAX ? bytes : EBT_ARGS_MAX;
}

void ebt_params_defines(const struct ebt_params *p, struct ebt_defines *out)
{
	out->count = 0;
	define(out, "EBT_SCRATCH_BYTES", p->scratch_bytes);
	define(out, "EBT_RING_PAGES", p->ring_bytes / 4096);
	define(out, "EBT_ARGS_LIMIT", limit(p->args_limit));
	define(out, "EBT_ENV_LIMIT", limit(p->env_limit));
	if (p->paths)
		define(out, "EBT_WITH_PATHS", 1);
	if (p->failed)
		define(out, "EBT_WITH_FAILED", 1);
	if (p->perf)
		define(out, "EBT_WITH_PERF", 1);
}

int ebt_params_key(const struct ebt_params *p, struct ebt_bytes text, const char *headers,
		   const char *machine, struct ebt_buf *out)
{
	struct ebt_defines defines;

	ebt_buf_printf(out, "execbig-top %s image %d abi %d libbcc %s %s headers %s\n", EBT_VERSION,
		       EBT_IMAGE_VERSION, EBT_ABI_VERSION, EBT_BCC_VERSION, machine, headers);
	ebt_params_defines(p, &defines);
	for (int i = 0; i < defines.count; i++)
		ebt_buf_printf(out, "%s\n", defines.text[i]);
	ebt_buf_append(out, text.data, text.len);
	return out->error;
}
