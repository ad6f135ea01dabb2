/* SPDX-License-Identifier: BSD-3-Clause */
/* file_format.h - definitions that writer and reader of recording files share */
#ifndef EBT_RECORDING_FILE_FORMAT_H
#define EBT_RECORDING_FILE_FORMAT_H

#include <stddef.h>

#include "recording/file.h"

/* Like PNG's magic: the first byte is not text, and CR LF reveals a transfer that changed line
 * ends. */
#define EBT_FILE_MAGIC \
	"\x93"         \
	"EBTR\r\n\x1a"
#define EBT_BLOCK_MAGIC \
	"\x93"          \
	"EBTB\r\n\x1a"
#define EBT_FILE_ORDER 0x01020304u

enum ebt_block_codec { EBT_CODEC_RAW = 0, EBT_CODEC_ZSTD = 1 };

uint64_t ebt_file_sum(const void *data, size_t len);

_Static_assert(sizeof(struct ebt_file_hdr) == 64, "the file header is 64 bytes");
_Static_assert(sizeof(struct ebt_block_hdr) == 64, "a block header is 64 bytes");

#endif
