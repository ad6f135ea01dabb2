/* SPDX-License-Identifier: BSD-3-Clause */
#include "recording/frame.h"

#include <errno.h>

static size_t frame_padded(size_t len)
{
	return (len + 7) & ~(size_t)7;
}

int ebt_frame_append(struct ebt_buf *out, enum ebt_frame_kind kind, const struct ebt_bytes *pieces,
		     unsigned count)
{
	struct ebt_frame_hdr hdr = { .kind = (uint16_t)kind };
	size_t len = 0;
	char *p;

	for (unsigned i = 0; i < count; i++)
		len += pieces[i].len;
	if (len > EBT_FRAME_MAX)
		return -EMSGSIZE;
	p = ebt_buf_reserve(out, sizeof(hdr) + frame_padded(len));
	if (!p)
		return -ENOMEM;
	hdr.len = (uint32_t)len;
	memcpy(p, &hdr, sizeof(hdr));
	p += sizeof(hdr);
	for (unsigned i = 0; i < count; i++) {
		if (pieces[i].len)
			memcpy(p, pieces[i].data, pieces[i].len);
		p += pieces[i].len;
	}
	memset(p, 0, frame_padded(len) - len);
	out->len += sizeof(hdr) + frame_padded(len);
	return 0;
}

int ebt_frame_next(const char **at, const char *end, struct ebt_frame *frame)
{
	struct ebt_frame_hdr hdr;

	if ((size_t)(end - *at) < sizeof(hdr))
		return 0;
	memcpy(&hdr, *at, sizeof(hdr));
	if (hdr.len > EBT_FRAME_MAX)
		return -EBADMSG;
	if ((size_t)(end - *at) < sizeof(hdr) + frame_padded(hdr.len))
		return 0;
	*frame = (struct ebt_frame){ hdr.kind, *at + sizeof(hdr), hdr.len };
	*at += sizeof(hdr) + frame_padded(hdr.len);
	return 1;
}

struct ebt_bytes ebt_frame_fixed(const struct ebt_frame *frame, void *out, size_t size)
{
	size_t have = frame->len < size ? frame->len : size;

	memset(out, 0, size);
	memcpy(out, frame->data, have);
	return (struct ebt_bytes){ frame->data + have, frame->len - have };
}
