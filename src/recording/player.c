/* SPDX-License-Identifier: BSD-3-Clause */
#include "recording/player.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* Used if the frame with the number of CPUs was damaged; a larger number would only cost memory. */
#define NCPU_UNKNOWN 1024u
#define NCPU_MAX     65536u
#define NOTE_BYTES   4096u

void ebt_player_init(struct ebt_player *p, const struct ebt_player_ops *ops, void *arg)
{
	*p = (struct ebt_player){ .ops = ops, .arg = arg };
}

static void free_counters(struct ebt_player *p)
{
	ebt_decoder_free(&p->decoder);
	free(p->counters);
	free(p->received);
	free(p->gaps);
	free(p->told);
	p->counters = NULL;
	p->received = p->gaps = NULL;
	p->told = NULL;
	p->ncpu = 0;
}

void ebt_player_deinit(struct ebt_player *p)
{
	free_counters(p);
	ebt_facts_free(&p->facts);
}

void ebt_player_give_buffers(const struct ebt_player *p, struct ebt_model *model)
{
	struct ebt_model_buffers b = { .counters = p->counters,
				       .ncpu = p->ncpu,
				       .ring_used = p->status.ring_used,
				       .ring_size = p->status.ring_size,
				       .scratch_bytes = p->status.scratch_bytes,
				       .kernel_bytes = p->status.kernel_bytes,
				       .received = p->received,
				       .gaps = p->gaps,
				       .recursion_misses = p->status.recursion_misses };

	ebt_model_buffers(model, &b, p->status.taken_ns);
}

void ebt_player_restart(struct ebt_player *p)
{
	free_counters(p);
	p->have_status = false;
	p->now_ns = 0;
	memset(&p->status, 0, sizeof(p->status));
	memset(&p->end, 0, sizeof(p->end));
}

/* Allocate everything that depends on the number of CPUs. */
static int player_prepare(struct ebt_player *p, unsigned ncpu)
{
	if (p->decoder)
		return 0;
	p->counters = calloc(ncpu, sizeof(*p->counters));
	p->received = calloc(ncpu, sizeof(*p->received));
	p->gaps = calloc(ncpu, sizeof(*p->gaps));
	p->told = calloc(ncpu, sizeof(*p->told));
	if (!p->counters || !p->received || !p->gaps || !p->told ||
	    ebt_decoder_new(&p->decoder, ncpu)) {
		free_counters(p);
		return -ENOMEM;
	}
	p->ncpu = ncpu;
	return 0;
}

static int take_start(struct ebt_player *p, const struct ebt_frame *f)
{
	ebt_frame_fixed(f, &p->start, sizeof(p->start));
	if (p->start.ncpu == 0 || p->start.ncpu > NCPU_MAX)
		p->start.ncpu = NCPU_UNKNOWN;
	return player_prepare(p, p->start.ncpu);
}

static void take_name(struct ebt_player *p, const struct ebt_frame *f)
{
	struct ebt_frame_name name;
	struct ebt_bytes text = ebt_frame_fixed(f, &name, sizeof(name));
	char copy[4097];

	if (!p->names)
		return;
	text.len = text.len < sizeof(copy) - 1 ? text.len : sizeof(copy) - 1;
	memcpy(copy, text.data, text.len);
	copy[text.len] = '\0';
	if (f->kind == EBT_FRAME_USER)
		ebt_model_set_user(p->names, (uint32_t)name.number, copy);
	else
		ebt_model_set_cgroup(p->names, name.number, copy);
}

static void take_process(struct ebt_player *p, const struct ebt_frame *f)
{
	struct ebt_frame_process proc;
	struct ebt_bytes rest = ebt_frame_fixed(f, &proc, sizeof(proc)), comm, args;

	if (!p->names || proc.comm_len > rest.len)
		return;
	comm = (struct ebt_bytes){ rest.data, proc.comm_len };
	args = (struct ebt_bytes){ rest.data + proc.comm_len, rest.len - proc.comm_len };
	ebt_model_seed(p->names, proc.pid, proc.ppid, proc.uid, proc.start_ns, comm, args);
}

static void take_status(struct ebt_player *p, const struct ebt_frame *f)
{
	struct ebt_frame_status *st = &p->status;
	struct ebt_bytes rest = ebt_frame_fixed(f, st, sizeof(*st));
	const char *numbers = rest.data, *counters;
	bool base = st->flags & EBT_STATUS_BASE;
	size_t take = st->counters_bytes;

	if (st->ncpu != p->ncpu || st->counters_bytes > 65536 ||
	    rest.len / (2 * sizeof(uint64_t) + st->counters_bytes) < st->ncpu)
		return;
	counters = numbers + st->ncpu * 2 * sizeof(uint64_t);
	if (take > sizeof(*p->counters))
		take = sizeof(*p->counters);
	for (unsigned i = 0; i < p->ncpu; i++) {
		uint64_t pair[2];

		memcpy(pair, numbers + i * sizeof(pair), sizeof(pair));
		p->received[i] = pair[0];
		p->gaps[i] = pair[1];
		memcpy(&p->counters[i], counters + (size_t)i * st->counters_bytes, take);
		if (base && !p->have_status)
			ebt_lost_skip(&p->told[i], &p->counters[i]);
		ebt_lost_tell(&p->told[i], &p->counters[i], i, st->mono_ns, p->ops->event, p->arg);
	}
	p->have_status = true;
	if (p->ops->status)
		p->ops->status(p, p->arg);
}

void ebt_player_flush(struct ebt_player *p, uint64_t now_ns, uint64_t max_age_ns)
{
	struct ebt_event ev;

	while (p->decoder && ebt_decoder_flush(p->decoder, now_ns, max_age_ns, &ev))
		p->ops->event(&ev, p->arg);
}

static int take_record(struct ebt_player *p, const struct ebt_frame *f)
{
	struct ebt_event ev;
	int got;

	ebt_decoder_put(p->decoder, f->data, f->len);
	while ((got = ebt_decoder_next(p->decoder, &ev)) == 1)
		p->ops->event(&ev, p->arg);
	return got == -ENOMEM ? got : 0;
}

static void take_flush(struct ebt_player *p, const struct ebt_frame *f)
{
	struct ebt_frame_flush flush;

	ebt_frame_fixed(f, &flush, sizeof(flush));
	ebt_player_flush(p, flush.now_ns, flush.max_age_ns);
}

static void take_note(struct ebt_player *p, const struct ebt_frame *f)
{
	struct ebt_frame_note note;
	struct ebt_event ev = { .type = EBT_EVENT_NOTE };

	ev.note.text = ebt_frame_fixed(f, &note, sizeof(note));
	if (ev.note.text.len > NOTE_BYTES)
		ev.note.text.len = NOTE_BYTES;
	ev.mono_ns = note.mono_ns;
	p->ops->event(&ev, p->arg);
}

/* Return the next text of a frame, at most as long as the rest. */
static struct ebt_bytes text_of(struct ebt_bytes *rest, size_t len)
{
	struct ebt_bytes text = { rest->data, len < rest->len ? len : rest->len };

	rest->data += text.len;
	rest->len -= text.len;
	return text;
}

static void take_homeo(struct ebt_player *p, const struct ebt_frame *f)
{
	struct ebt_frame_homeo h;
	struct ebt_bytes rest = ebt_frame_fixed(f, &h, sizeof(h));
	struct ebt_event ev = { .type = EBT_EVENT_HOMEO, .mono_ns = h.mono_ns };

	ev.homeo = (struct ebt_event_homeo){
		.level = h.level <= EBT_HOMEO_ERROR ? (enum ebt_homeo_level)h.level
						    : EBT_HOMEO_ERROR,
		.pid = h.pid,
		.tid = h.tid,
		.slot = h.slot,
		.missed = h.missed,
		.lfc = h.lfc,
		.max_lfc = h.max_lfc,
		.train_count = h.train_count,
		.count = h.count,
		.anomalies = h.anomalies,
	};
	ev.homeo.event = text_of(&rest, h.event_len);
	ev.homeo.exe = text_of(&rest, h.exe_len);
	ev.homeo.comm = text_of(&rest, h.comm_len);
	ev.homeo.call = text_of(&rest, h.call_len);
	ev.homeo.cause = text_of(&rest, h.cause_len);
	p->ops->event(&ev, p->arg);
}

static void take_clock(struct ebt_player *p, const struct ebt_frame *f)
{
	ebt_frame_fixed(f, &p->clock, sizeof(p->clock));
	if (p->names)
		ebt_model_set_clock(p->names, p->clock.mono_to_real_ns);
}

uint64_t ebt_player_time(const struct ebt_frame *f)
{
	size_t at;
	uint64_t ns;

	switch (f->kind) {
	case EBT_FRAME_RECORD:
		at = offsetof(struct ebt_rec_hdr, mono_ns);
		break;
	case EBT_FRAME_STATUS:
		at = offsetof(struct ebt_frame_status, taken_ns);
		break;
	case EBT_FRAME_CLOCK:
	case EBT_FRAME_START:
	case EBT_FRAME_FLUSH:
	case EBT_FRAME_NOTE:
	case EBT_FRAME_END:
	case EBT_FRAME_HOMEO:
		at = 0;
		break;
	default:
		return 0;
	}
	if (f->len < at + sizeof(ns))
		return 0;
	memcpy(&ns, f->data + at, sizeof(ns));
	return ns;
}

int ebt_player_frame(struct ebt_player *p, const struct ebt_frame *f)
{
	uint64_t ns = ebt_player_time(f);
	int err;

	if (ns > p->now_ns)
		p->now_ns = ns;
	p->continues = f->kind == EBT_FRAME_CONTINUES;
	switch (f->kind) {
	case EBT_FRAME_START:
		return take_start(p, f);
	case EBT_FRAME_META:
		return ebt_facts_parse(&p->facts, (struct ebt_bytes){ f->data, f->len });
	case EBT_FRAME_CLOCK:
		take_clock(p, f);
		return 0;
	}
	switch (f->kind) {
	case EBT_FRAME_RECORD:
	case EBT_FRAME_STATUS:
	case EBT_FRAME_FLUSH:
		/* The START frame was damaged: all of its other members have usable defaults. */
		err = player_prepare(p, p->start.ncpu ? p->start.ncpu : NCPU_UNKNOWN);
		if (err)
			return err;
		break;
	}
	switch (f->kind) {
	case EBT_FRAME_RECORD:
		return take_record(p, f);
	case EBT_FRAME_STATUS:
		take_status(p, f);
		break;
	case EBT_FRAME_USER:
	case EBT_FRAME_CGROUP:
		take_name(p, f);
		break;
	case EBT_FRAME_PROCESS:
		take_process(p, f);
		break;
	case EBT_FRAME_FLUSH:
		take_flush(p, f);
		break;
	case EBT_FRAME_NOTE:
		take_note(p, f);
		break;
	case EBT_FRAME_HOMEO:
		take_homeo(p, f);
		break;
	case EBT_FRAME_END:
		ebt_frame_fixed(f, &p->end, sizeof(p->end));
		break;
	}
	return 0;
}
