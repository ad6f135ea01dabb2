/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/number.h"

#include <errno.h>
#include <string.h>

bool ebt_number_digits(const char *text, size_t len, uint64_t *out)
{
	uint64_t n = 0;

	if (!len)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9' || __builtin_mul_overflow(n, (uint64_t)10, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(text[i] - '0'), &n))
			return false;
	}
	*out = n;
	return true;
}

int ebt_number_pids(const char *text, uint32_t *pids, unsigned max, unsigned *n)
{
	for (;;) {
		size_t len = strcspn(text, ",");
		uint64_t pid;

		if (!ebt_number_digits(text, len, &pid) || pid < 1 || pid > EBT_PID_MAX)
			return -EINVAL;
		if (*n >= max)
			return -E2BIG;
		pids[(*n)++] = (uint32_t)pid;
		if (!text[len])
			return 0;
		text += len + 1;
	}
}
