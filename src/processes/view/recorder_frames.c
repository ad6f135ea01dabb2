/* SPDX-License-Identifier: BSD-3-Clause */
/* recorder_frames.c - make frames of events and facts, and send them to the writer */
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "processes/view/recorder_internal.h"

#define NAME_BYTES 4097 /* of a name that is compared; PATH_MAX and the NUL */

static void recorder_put_one(struct ebt_recorder *r, enum ebt_frame_kind kind, const void *data,
			     size_t len)
{
	struct ebt_bytes piece = { data, len };

	ebt_recorder_put(r, kind, &piece, 1);
}

void ebt_recorder_facts(struct ebt_recorder *r, const struct ebt_facts *facts)
{
	recorder_put_one(r, EBT_FRAME_META, facts->text.data, facts->text.len);
}

void ebt_recorder_clock(struct ebt_recorder *r, uint64_t mono_ns, int64_t mono_to_real_ns)
{
	struct ebt_frame_clock clock = { mono_ns, mono_to_real_ns };

	recorder_put_one(r, EBT_FRAME_CLOCK, &clock, sizeof(clock));
}

void ebt_recorder_start(struct ebt_recorder *r, const struct ebt_msg *msg)
{
	struct ebt_frame_start start = { .mono_ns = ebt_mono_ns(),
					 .took_ns = msg->took_ns,
					 .compile_ns = msg->compile_ns,
					 .ncpu = msg->ncpu,
					 .generation = msg->generation,
					 .scratch_bytes = msg->params.scratch_bytes,
					 .ring_bytes = msg->params.ring_bytes,
					 .args_limit = msg->params.args_limit,
					 .env_limit = msg->params.env_limit,
					 .paths = msg->params.paths,
					 .failed = msg->params.failed,
					 .perf = msg->params.perf };

	recorder_put_one(r, EBT_FRAME_START, &start, sizeof(start));
}

void ebt_recorder_record(struct ebt_recorder *r, const void *data, size_t len)
{
	recorder_put_one(r, EBT_FRAME_RECORD, data, len);
}

static void recorder_put_name(struct ebt_recorder *r, enum ebt_frame_kind kind, uint64_t number,
			      const char *name)
{
	struct ebt_frame_name head = { number };
	struct ebt_bytes pieces[2] = { { (const char *)&head, sizeof(head) } };

	/* An empty name takes the one away that was written before. */
	if (!name && ebt_names_sent_any(&r->sent, kind, number))
		name = "";
	pieces[1] = ebt_bytes_from(name);
	if (name && ebt_names_sent_new(&r->sent, kind, number, name))
		ebt_recorder_put(r, kind, pieces, 2);
}

void ebt_recorder_names(struct ebt_recorder *r, const struct ebt_model *model,
			const struct ebt_event *ev)
{
	if (!ebt_recorder_open(r))
		return;
	if (ev->type == EBT_EVENT_EXEC) {
		recorder_put_name(r, EBT_FRAME_USER, ev->exec.uid,
				  ebt_model_user(model, ev->exec.uid));
		if (ev->exec.cgroup_id)
			recorder_put_name(r, EBT_FRAME_CGROUP, ev->exec.cgroup_id,
					  ebt_model_cgroup(model, ev->exec.cgroup_id));
	} else if (ev->type == EBT_EVENT_EXIT) {
		recorder_put_name(r, EBT_FRAME_USER, ev->exit.uid,
				  ebt_model_user(model, ev->exit.uid));
	}
}

void ebt_recorder_process(struct ebt_recorder *r, const struct ebt_frame_process *proc,
			  struct ebt_bytes comm, struct ebt_bytes args)
{
	struct ebt_bytes pieces[3] = { { (const char *)proc, sizeof(*proc) }, comm, args };

	ebt_recorder_put(r, EBT_FRAME_PROCESS, pieces, 3);
}

void ebt_recorder_flush_event(struct ebt_recorder *r, uint64_t now_ns, uint64_t max_age_ns)
{
	struct ebt_frame_flush flush = { now_ns, max_age_ns };

	recorder_put_one(r, EBT_FRAME_FLUSH, &flush, sizeof(flush));
}

void ebt_recorder_status(struct ebt_recorder *r, const struct ebt_status *status,
			 const struct ebt_model_buffers *b, uint64_t taken_ns)
{
	struct ebt_frame_status head = { .mono_ns = status->mono_ns,
					 .taken_ns = taken_ns,
					 .ring_used = b->ring_used,
					 .ring_size = b->ring_size,
					 .scratch_bytes = b->scratch_bytes,
					 .kernel_bytes = b->kernel_bytes,
					 .recursion_misses = b->recursion_misses,
					 .ncpu = b->ncpu,
					 .counters_bytes = sizeof(*b->counters),
					 .generation = status->generation };
	_cleanup_buf_ struct ebt_buf pairs = { 0 };
	struct ebt_bytes pieces[3] = { { (const char *)&head, sizeof(head) } };

	if (!ebt_recorder_open(r))
		return;
	for (unsigned i = 0; i < b->ncpu; i++) {
		uint64_t pair[2] = { b->received[i], b->gaps[i] };

		ebt_buf_append(&pairs, pair, sizeof(pair));
	}
	if (pairs.error)
		return;
	pieces[1] = (struct ebt_bytes){ pairs.data, pairs.len };
	pieces[2] = (struct ebt_bytes){ (const char *)b->counters, b->ncpu * sizeof(*b->counters) };
	ebt_recorder_put(r, EBT_FRAME_STATUS, pieces, 3);
}

void ebt_recorder_homeo(struct ebt_recorder *r, const struct ebt_event *ev)
{
	const struct ebt_event_homeo *e = &ev->homeo;
	struct ebt_frame_homeo head = { .mono_ns = ev->mono_ns,
					.train_count = e->train_count,
					.count = e->count,
					.anomalies = e->anomalies,
					.pid = e->pid,
					.tid = e->tid,
					.slot = e->slot,
					.missed = e->missed,
					.lfc = e->lfc,
					.max_lfc = e->max_lfc,
					.level = e->level };
	const struct ebt_bytes texts[] = { e->event, e->exe, e->comm, e->call, e->cause };
	uint16_t *const lens[] = { &head.event_len, &head.exe_len, &head.comm_len, &head.call_len,
				   &head.cause_len };
	_cleanup_buf_ struct ebt_buf all = { 0 };
	struct ebt_bytes pieces[2] = { { (const char *)&head, sizeof(head) } };

	for (size_t i = 0; i < EBT_ARRAY_SIZE(texts); i++) {
		size_t len = texts[i].len < UINT16_MAX ? texts[i].len : UINT16_MAX;

		*lens[i] = (uint16_t)len;
		ebt_buf_append(&all, texts[i].data, len);
	}
	if (all.error)
		return;
	pieces[1] = (struct ebt_bytes){ all.data, all.len };
	ebt_recorder_put(r, EBT_FRAME_HOMEO, pieces, 2);
}

void ebt_recorder_note(struct ebt_recorder *r, uint64_t mono_ns, struct ebt_bytes text)
{
	struct ebt_frame_note note = { mono_ns };
	struct ebt_bytes pieces[2] = { { (const char *)&note, sizeof(note) }, text };

	ebt_recorder_put(r, EBT_FRAME_NOTE, pieces, 2);
}

void ebt_recorder_end(struct ebt_recorder *r, uint64_t mono_ns, bool summary)
{
	struct ebt_frame_end end = { .mono_ns = mono_ns, .flags = summary ? EBT_END_SUMMARY : 0 };

	recorder_put_one(r, EBT_FRAME_END, &end, sizeof(end));
}

void ebt_recorder_discard(struct ebt_recorder *r)
{
	recorder_put_one(r, EBT_FRAME_DISCARD, NULL, 0);
}

void ebt_recorder_rotate(struct ebt_recorder *r)
{
	recorder_put_one(r, EBT_FRAME_ROTATE, NULL, 0);
}

/* Return whether the copy needs this frame: a recording repeats its names, and so does the copy by
 * itself. */
static bool recorder_needs(struct ebt_recorder *r, const struct ebt_frame *frame)
{
	char name[NAME_BYTES];
	uint64_t number;
	size_t len = frame->len - sizeof(number);

	if ((frame->kind != EBT_FRAME_USER && frame->kind != EBT_FRAME_CGROUP) ||
	    frame->len < sizeof(number) || len >= sizeof(name))
		return true;
	memcpy(&number, frame->data, sizeof(number));
	memcpy(name, frame->data + sizeof(number), len);
	name[len] = '\0';
	return ebt_names_sent_new(&r->sent, frame->kind, number, name);
}

void ebt_recorder_frame(struct ebt_recorder *r, const struct ebt_frame *frame)
{
	if (!ebt_recorder_open(r) || !recorder_needs(r, frame))
		return;
	recorder_put_one(r, frame->kind, frame->data, frame->len);
}
