/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/saver/save_frames.h"

#include <errno.h>
#include <stdlib.h>

#include "recording/encode.h"
#include "recording/frame.h"

static int frames_put(struct ebt_buf *out, enum ebt_frame_kind kind, const void *data, size_t len)
{
	struct ebt_bytes piece = { data, len };

	return ebt_frame_append(out, kind, &piece, 1);
}

static int frames_clock(struct ebt_save_frames *f, uint64_t mono_ns, int64_t mono_to_real_ns,
			struct ebt_buf *out)
{
	struct ebt_frame_clock clock = { mono_ns, mono_to_real_ns };

	if (f->has_clock && f->mono_to_real_ns == mono_to_real_ns)
		return 0;
	f->has_clock = true;
	f->mono_to_real_ns = mono_to_real_ns;
	return frames_put(out, EBT_FRAME_CLOCK, &clock, sizeof(clock));
}

int ebt_save_frames_begin(struct ebt_save_frames *f, struct ebt_bytes facts, unsigned ncpu,
			  uint64_t start_ns, int64_t mono_to_real_ns, struct ebt_buf *out)
{
	struct ebt_frame_start start = {
		.mono_ns = start_ns, .ncpu = ncpu, .generation = 1, .paths = 1
	};
	int err;

	f->seq = calloc(ncpu, sizeof(*f->seq));
	if (!f->seq)
		return -ENOMEM;
	f->ncpu = ncpu;
	f->last_ns = start_ns;
	err = frames_put(out, EBT_FRAME_META, facts.data, facts.len);
	if (!err)
		err = frames_clock(f, start_ns, mono_to_real_ns, out);
	return err ? err : frames_put(out, EBT_FRAME_START, &start, sizeof(start));
}

static int frames_name(struct ebt_save_frames *f, enum ebt_frame_kind kind, uint64_t number,
		       const char *name, struct ebt_buf *out)
{
	struct ebt_frame_name head = { number };
	struct ebt_bytes pieces[2] = { { (const char *)&head, sizeof(head) },
				       ebt_bytes_from(name) };

	if (!name || !ebt_names_sent_new(&f->sent, kind, number, name))
		return 0;
	return ebt_frame_append(out, kind, pieces, 2);
}

int ebt_save_frames_event(struct ebt_save_frames *f, const struct ebt_event *ev,
			  int64_t mono_to_real_ns, const struct ebt_model *names,
			  struct ebt_buf *out)
{
	bool exec = ev->type == EBT_EVENT_EXEC;
	uint32_t uid = exec ? ev->exec.uid : ev->exit.uid;
	_cleanup_buf_ struct ebt_buf record = { 0 };
	int err;

	if (ev->cpu >= f->ncpu)
		return 0;
	f->last_ns = ev->mono_ns;
	err = frames_clock(f, ev->mono_ns, mono_to_real_ns, out);
	if (!err)
		err = frames_name(f, EBT_FRAME_USER, uid, ebt_model_user(names, uid), out);
	if (!err && exec && ev->exec.cgroup_id)
		err = frames_name(f, EBT_FRAME_CGROUP, ev->exec.cgroup_id,
				  ebt_model_cgroup(names, ev->exec.cgroup_id), out);
	if (!err)
		err = ebt_encode_event(ev, ++f->seq[ev->cpu], &record);
	return err ? err : frames_put(out, EBT_FRAME_RECORD, record.data, record.len);
}

int ebt_save_frames_end(struct ebt_save_frames *f, struct ebt_buf *out)
{
	/* Without EBT_END_SUMMARY, since there are no counters. */
	struct ebt_frame_end end = { .mono_ns = f->last_ns };

	return frames_put(out, EBT_FRAME_END, &end, sizeof(end));
}

void ebt_save_frames_deinit(struct ebt_save_frames *f)
{
	ebt_names_sent_deinit(&f->sent);
	free(f->seq);
	*f = (struct ebt_save_frames){ .seq = NULL };
}
