/* SPDX-License-Identifier: BSD-3-Clause */
/* file_sum.c - the checksum of recording files, in a file of its own because XXH_INLINE_ALL is
 * large */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "recording/file_format.h"

uint64_t ebt_file_sum(const void *data, size_t len)
{
	return XXH3_64bits(data, len);
}
