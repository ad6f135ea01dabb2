/* SPDX-License-Identifier: BSD-3-Clause */
/* parts_write.c - write the current part, and switch to the next */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/clock.h"
#include "recording/parts_internal.h"
#include "recording/parts_repeat.h"

struct ebt_parts_writer {
	struct ebt_parts_options options;
	struct ebt_parts_target target;
	struct ebt_file_writer *file; /* NULL before the first frame */
	uint8_t id[16];
	uint32_t part;
	uint64_t closed_bytes; /* bytes of the parts before */
	/* bytes of the frames that this part begins with, which do not count towards its size */
	uint64_t head_bytes;
	uint64_t began_ns; /* time of the first frame of this part that has one; 0: none yet */
	bool has_events;   /* there is more in this part than it begins with */
	struct ebt_parts_repeat repeat;
};

int ebt_parts_writer_new(struct ebt_parts_writer **out, const struct ebt_parts_options *options,
			 char *why, size_t why_len)
{
	struct ebt_parts_writer *w = calloc(1, sizeof(*w));
	int err;

	if (!w)
		return -ENOMEM;
	w->options = *options;
	w->repeat.keeps_names = ebt_parts_rotates(options);
	if (getrandom(w->id, sizeof(w->id), 0) != sizeof(w->id))
		memset(w->id, 0, sizeof(w->id));
	err = ebt_parts_target_open(&w->target, &w->options, why, why_len);
	if (err) {
		ebt_parts_writer_free(&w);
		return err;
	}
	*out = w;
	return 0;
}

void ebt_parts_writer_free(struct ebt_parts_writer **wp)
{
	struct ebt_parts_writer *w = *wp;

	if (!w)
		return;
	ebt_file_writer_free(&w->file);
	ebt_parts_target_close(&w->target);
	ebt_parts_repeat_deinit(&w->repeat);
	free(w);
	*wp = NULL;
}

/* Open the file of the part. It has no name of its own yet. */
static int parts_begin(struct ebt_parts_writer *w)
{
	const struct ebt_file_options file = { .abi = w->options.abi,
					       .part = w->part,
					       .id = w->id,
					       .created_ns = ebt_clock_ns(CLOCK_REALTIME),
					       .replaces = w->target.in_place,
					       .borrowed = w->target.as_it_is };

	return ebt_file_writer_new(&w->file, w->target.fd, &file);
}

static int parts_begin_first(struct ebt_parts_writer *w)
{
	int err = ebt_parts_target_begin(&w->target);

	return err ? err : parts_begin(w);
}

/* End the part, and put the next one in its place when what it begins with is written. Its last
 * frame is CONTINUES, so that a reader of this part alone knows that the part is complete. */
static int parts_rotate(struct ebt_parts_writer *w)
{
	const struct ebt_frame continues = { .kind = EBT_FRAME_CONTINUES };
	uint64_t bytes;
	int err = ebt_file_writer_frame(w->file, &continues, 0);

	if (!err)
		err = ebt_parts_writer_flush(w);
	if (!err)
		err = ebt_parts_target_sync(&w->target);
	bytes = ebt_file_writer_bytes(w->file);
	if (!err)
		err = ebt_parts_target_begin(&w->target);
	if (err)
		return err;
	w->closed_bytes += bytes;
	ebt_file_writer_free(&w->file);
	w->part++;
	w->began_ns = 0;
	w->has_events = false;
	err = parts_begin(w);
	if (!err)
		err = ebt_parts_repeat_part(&w->repeat, w->file);
	/* Write it in blocks of its own, so that its size is known. */
	if (!err)
		err = ebt_parts_writer_flush(w);
	if (!err)
		w->head_bytes = ebt_file_writer_bytes(w->file);
	return err;
}

/* Compare the size without the head: names can take more than the limit and would leave no room for
 * anything else. A new part only begins when there is something to write into it; an end frame is
 * not enough. */
static bool parts_next_is_due(const struct ebt_parts_writer *w, const struct ebt_frame *f,
			      uint64_t mono_ns)
{
	const struct ebt_parts_options *o = &w->options;

	if (!w->file || f->kind == EBT_FRAME_END)
		return false;
	if (o->rotate_ns && w->began_ns && mono_ns > w->began_ns &&
	    mono_ns - w->began_ns >= o->rotate_ns)
		return true;
	return o->rotate_bytes && ebt_file_writer_bytes(w->file) - w->head_bytes >= o->rotate_bytes;
}

int ebt_parts_writer_frame(struct ebt_parts_writer *w, const struct ebt_frame *f, uint64_t mono_ns)
{
	int err = 0;

	if (!w->file)
		err = parts_begin_first(w);
	else if (parts_next_is_due(w, f, mono_ns))
		err = parts_rotate(w);
	if (!err)
		err = ebt_parts_repeat_block(&w->repeat, w->file);
	if (err || !ebt_parts_repeat_take(&w->repeat, f))
		return err;
	if (!w->began_ns)
		w->began_ns = mono_ns;
	w->has_events = true;
	return ebt_file_writer_frame(w->file, f, mono_ns);
}

int ebt_parts_writer_flush(struct ebt_parts_writer *w)
{
	int err = w->file ? ebt_file_writer_flush(w->file) : 0;

	return err || !w->file ? err : ebt_parts_target_commit(&w->target);
}

void ebt_parts_writer_keep(struct ebt_parts_writer *w)
{
	if (w->file && ebt_file_writer_bytes(w->file) > sizeof(struct ebt_file_hdr))
		ebt_parts_target_commit(&w->target);
}

int ebt_parts_writer_rotate(struct ebt_parts_writer *w)
{
	return w->file && w->has_events && ebt_parts_rotates(&w->options) ? parts_rotate(w) : 0;
}

bool ebt_parts_writer_removed(const struct ebt_parts_writer *w)
{
	return ebt_parts_target_removed(&w->target);
}

int ebt_parts_writer_sync(struct ebt_parts_writer *w)
{
	int err = ebt_parts_target_sync(&w->target);

	ebt_parts_target_drop_old(&w->target);
	return err;
}

uint64_t ebt_parts_writer_bytes(const struct ebt_parts_writer *w)
{
	return w->closed_bytes + (w->file ? ebt_file_writer_bytes(w->file) : 0);
}
