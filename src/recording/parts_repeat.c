/* SPDX-License-Identifier: BSD-3-Clause */
#include "recording/parts_repeat.h"

#include <string.h>

/* More names than that stand only once in a part, at its beginning. */
#define REPEAT_NAMES_MAX (256u << 10)

static void repeat_append_as(struct ebt_buf *to, enum ebt_frame_kind kind,
			     const struct ebt_frame *f)
{
	struct ebt_bytes data = { f->data, f->len };

	ebt_frame_append(to, kind, &data, 1);
	to->error = 0; /* without memory the frame is not repeated */
}

static void repeat_append(struct ebt_buf *to, const struct ebt_frame *f)
{
	repeat_append_as(to, (enum ebt_frame_kind)f->kind, f);
}

/* Keep the last frame of a kind. Return false if it was this one already. */
static bool repeat_keep(struct ebt_buf *keep, const struct ebt_frame *f)
{
	size_t head = sizeof(struct ebt_frame_hdr);

	if (keep->len >= head + f->len && f->len && keep->len < head + f->len + 8 &&
	    memcmp(keep->data + head, f->data, f->len) == 0)
		return false;
	ebt_buf_reset(keep);
	repeat_append(keep, f);
	return true;
}

bool ebt_parts_repeat_take(struct ebt_parts_repeat *r, const struct ebt_frame *f)
{
	switch (f->kind) {
	case EBT_FRAME_META:
		if (!repeat_keep(&r->meta, f))
			return false;
		repeat_append(&r->fresh, f);
		return true;
	case EBT_FRAME_CLOCK:
		return repeat_keep(&r->clock, f);
	case EBT_FRAME_START:
		return repeat_keep(&r->start, f);
	case EBT_FRAME_STATUS:
		if (r->keeps_names)
			repeat_keep(&r->status, f);
		return true;
	case EBT_FRAME_USER:
	case EBT_FRAME_CGROUP:
		if (r->keeps_names)
			ebt_parts_names_add(&r->names, f);
		repeat_append(&r->fresh, f);
		return true;
	case EBT_FRAME_PROCESS:
		repeat_append_as(&r->fresh, EBT_FRAME_PROCESS_AGAIN, f);
		return true;
	default:
		return true;
	}
}

static int repeat_write(const struct ebt_buf *frames, struct ebt_file_writer *w)
{
	const char *at = frames->data, *end = frames->data + frames->len;
	struct ebt_frame f;
	int err = 0;

	while (!err && at && ebt_frame_next(&at, end, &f) == 1)
		err = ebt_file_writer_frame(w, &f, 0);
	return err;
}

/* Write the clock and the settings if the writer is about to begin a block. */
static int repeat_begin(const struct ebt_parts_repeat *r, struct ebt_file_writer *w)
{
	int err;

	if (ebt_file_writer_pending(w))
		return 0;
	err = repeat_write(&r->clock, w);
	return err ? err : repeat_write(&r->start, w);
}

/* Write the facts and names of the block before. They may fill a block themselves. */
static int repeat_write_again(const struct ebt_parts_repeat *r, struct ebt_file_writer *w)
{
	const char *at = r->again.data, *end = r->again.data + r->again.len;
	int err = repeat_begin(r, w);
	struct ebt_frame f;

	while (!err && at && ebt_frame_next(&at, end, &f) == 1) {
		err = ebt_file_writer_frame(w, &f, 0);
		if (!err)
			err = repeat_begin(r, w);
	}
	return err;
}

int ebt_parts_repeat_block(struct ebt_parts_repeat *r, struct ebt_file_writer *w)
{
	struct ebt_buf done = r->again;

	if (ebt_file_writer_pending(w))
		return 0;
	r->again = r->fresh;
	r->fresh = done;
	ebt_buf_reset(&r->fresh);
	return repeat_write_again(r, w);
}

static int repeat_write_status(struct ebt_parts_repeat *r, struct ebt_file_writer *w)
{
	struct ebt_frame_status *status;
	struct ebt_frame_hdr hdr;

	if (r->status.len < sizeof(hdr) + sizeof(*status))
		return 0;
	status = (struct ebt_frame_status *)(r->status.data + sizeof(hdr));
	status->flags |= EBT_STATUS_BASE;
	return repeat_write(&r->status, w);
}

int ebt_parts_repeat_part(struct ebt_parts_repeat *r, struct ebt_file_writer *w)
{
	int err = repeat_write(&r->meta, w);

	if (!err)
		err = repeat_write(&r->clock, w);
	if (!err)
		err = repeat_write(&r->start, w);
	if (!err)
		err = ebt_parts_names_write(&r->names, w);
	if (!err)
		err = repeat_write_status(r, w);
	/* The second block of the part repeats them. */
	ebt_buf_reset(&r->fresh);
	if (r->meta.len)
		ebt_buf_append(&r->fresh, r->meta.data, r->meta.len);
	if (r->names.bytes <= REPEAT_NAMES_MAX)
		ebt_parts_names_append(&r->names, &r->fresh);
	r->fresh.error = 0;
	return err;
}

void ebt_parts_repeat_deinit(struct ebt_parts_repeat *r)
{
	ebt_buf_free(&r->meta);
	ebt_buf_free(&r->clock);
	ebt_buf_free(&r->start);
	ebt_buf_free(&r->status);
	ebt_buf_free(&r->fresh);
	ebt_buf_free(&r->again);
	ebt_parts_names_deinit(&r->names);
}
