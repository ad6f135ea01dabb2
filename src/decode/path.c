/* SPDX-License-Identifier: BSD-3-Clause */
/* path.c - a path from its components, leaf first. */
#include <string.h>

#include "decode/decode_internal.h"

struct ebt_bytes ebt_decode_path(char out[EBT_DECODE_PATH_ROOM], struct ebt_bytes components,
				 bool *cut)
{
	char *end = out + EBT_DECODE_PATH_ROOM;
	char *pos = end;
	const char *in = components.data;
	size_t left = components.len;

	/* Each component takes its own length and one byte for its NUL, and gives as many: the
	 * text can not be longer than the section but for the mark of a cut. */
	while (left > 0) {
		const char *nul = memchr(in, '\0', left);
		size_t len;

		if (!nul) {
			*cut = true;
			break;
		}
		len = (size_t)(nul - in);
		if (len > 0 && pos - out >= (ptrdiff_t)(len + 4)) {
			pos -= len;
			memcpy(pos, in, len);
			*--pos = '/';
		} else if (len > 0) {
			*cut = true;
			break;
		}
		in = nul + 1;
		left -= len + 1;
	}
	if (pos == end && !*cut)
		*--pos = '/';
	else if (pos != end && *cut) {
		pos -= 3;
		memcpy(pos, "...", 3);
	}
	return (struct ebt_bytes){ pos, (size_t)(end - pos) };
}
