/* SPDX-License-Identifier: BSD-3-Clause */
/* decode.c - takes records, joins continuations, gives out events. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "decode/decode_internal.h"

#define NCPU_MAX 65536u

int ebt_decoder_new(struct ebt_decoder **out, unsigned ncpu, ebt_event_fn fn, void *arg)
{
	_cleanup_free_ struct ebt_decoder *dec = NULL;
	_cleanup_free_ struct ebt_decode_cpu *cpus = NULL;
	_cleanup_free_ struct ebt_pending **pending = NULL;

	if (ncpu == 0 || ncpu > NCPU_MAX || !fn)
		return -EINVAL;
	dec = calloc(1, sizeof(*dec));
	cpus = calloc(ncpu, sizeof(*cpus));
	pending = calloc((size_t)ncpu * EBT_DECODE_PENDING, sizeof(struct ebt_pending *));
	if (!dec || !cpus || !pending)
		return -ENOMEM;
	dec->fn = fn;
	dec->arg = arg;
	dec->ncpu = ncpu;
	dec->page_bytes = sysconf(_SC_PAGESIZE);
	dec->cpus = TAKE_PTR(cpus);
	dec->pending = TAKE_PTR(pending);
	*out = TAKE_PTR(dec);
	return 0;
}

void ebt_decoder_free(struct ebt_decoder **decp)
{
	struct ebt_decoder *dec = decp ? *decp : NULL;

	if (!dec)
		return;
	for (size_t i = 0; i < (size_t)dec->ncpu * EBT_DECODE_PENDING; i++) {
		if (dec->pending[i])
			ebt_buf_free(&dec->pending[i]->buf);
		free(dec->pending[i]);
	}
	free(dec->pending);
	free(dec->cpus);
	free(dec);
	*decp = NULL;
}

static int bad_record(struct ebt_decoder *dec)
{
	dec->stats.bad_records++;
	return -EBADMSG;
}

static struct ebt_pending **pending_of(struct ebt_decoder *dec, const struct ebt_rec_hdr *hdr)
{
	return &dec->pending[(size_t)hdr->cpu * EBT_DECODE_PENDING + hdr->slot * 2 +
			     (hdr->generation & 1)];
}

static void give_exec(struct ebt_decoder *dec, const struct ebt_rec_exec *rec,
		      const struct ebt_span span[EBT_SECT_MAX], const struct ebt_stream *stream)
{
	struct ebt_event ev;

	if (ebt_decode_exec(dec, rec, span, stream, &ev))
		dec->stats.cut_events++;
	dec->fn(&ev, dec->arg);
}

static void give_pending(struct ebt_decoder *dec, struct ebt_pending *p)
{
	p->active = false;
	dec->active--;
	p->stream.data = p->buf.data;
	p->stream.len = p->buf.len;
	give_exec(dec, &p->rec, p->span, &p->stream);
	if (p->buf.cap > EBT_DECODE_STREAM_KEEP)
		ebt_buf_free(&p->buf);
	else
		ebt_buf_reset(&p->buf);
}

static void count_first(struct ebt_decoder *dec, const struct ebt_rec_hdr *hdr)
{
	struct ebt_decode_cpu *cpu = &dec->cpus[hdr->cpu];

	cpu->received++;
	cpu->received_by[hdr->generation & 1]++;
	if (hdr->seq > cpu->last_seq)
		cpu->last_seq = hdr->seq;
	cpu->gaps = cpu->last_seq > cpu->received ? cpu->last_seq - cpu->received : 0;
}

/* Keeps an event whose continuation is to come. On -ENOMEM nothing is kept. */
static int keep_exec(struct ebt_pending **slot, const struct ebt_rec_exec *rec,
		     const struct ebt_span span[EBT_SECT_MAX], size_t total,
		     const struct ebt_stream *stream)
{
	struct ebt_pending *p = *slot;

	if (!p) {
		p = calloc(1, sizeof(*p));
		if (!p)
			return -ENOMEM;
		p->buf.limit = EBT_DECODE_STREAM_MAX + 1;
		*slot = p;
	}
	ebt_buf_reset(&p->buf);
	if (stream->len > 0 && ebt_buf_append(&p->buf, stream->data, stream->len) < 0) {
		ebt_buf_free(&p->buf);
		return -ENOMEM;
	}
	p->rec = *rec;
	memcpy(p->span, span, sizeof(p->span));
	p->total = total;
	p->stream = *stream;
	p->active = true;
	return 0;
}

static int take_exec(struct ebt_decoder *dec, const char *data, size_t size)
{
	struct ebt_span span[EBT_SECT_MAX];
	struct ebt_stream stream = { .records = 1 };
	struct ebt_rec_exec rec;
	size_t total;
	int r = 0;

	if (size < sizeof(rec))
		return bad_record(dec);
	memcpy(&rec, data, sizeof(rec));
	stream.data = data + sizeof(rec);
	stream.len = size - sizeof(rec);
	if (ebt_decode_spans(&rec, span, &total) < 0 || stream.len > total)
		return bad_record(dec);
	count_first(dec, &rec.hdr);
	ebt_decode_faults(&stream, span, 0, stream.len, rec.hdr.flags, rec.fault_bytes);
	if (rec.hdr.flags & EBT_RECF_MORE) {
		r = keep_exec(pending_of(dec, &rec.hdr), &rec, span, total, &stream);
		if (r == 0) {
			dec->active++;
			return 0;
		}
	}
	/* One record, or no memory for the rest: the payload is read where it lies. */
	give_exec(dec, &rec, span, &stream);
	return r;
}

static int take_data(struct ebt_decoder *dec, struct ebt_pending *p, const char *data, size_t size)
{
	struct ebt_rec_data rec;
	size_t len, at;

	if (size < sizeof(rec) || !p || !p->active)
		return bad_record(dec);
	memcpy(&rec, data, sizeof(rec));
	len = size - sizeof(rec);
	at = p->buf.len;
	if (rec.offset > at) {
		/* A record between was lost: what follows has no place any more. */
		give_pending(dec, p);
		return bad_record(dec);
	}
	if (rec.offset < at || len > p->total - at)
		return bad_record(dec);
	if (len > 0 && ebt_buf_append(&p->buf, data + sizeof(rec), len) < 0) {
		p->buf.len = at;
		give_pending(dec, p);
		return -ENOMEM;
	}
	p->stream.records++;
	ebt_decode_faults(&p->stream, p->span, at, at + len, rec.hdr.flags, rec.fault_bytes);
	if (!(rec.hdr.flags & EBT_RECF_MORE))
		give_pending(dec, p);
	return 0;
}

/* True when this process's exit was seen already: kernels that call the exit hook for a thread
 * group twice exist (de_thread's leader). */
static bool seen_exit(struct ebt_decoder *dec, const struct ebt_rec_exit *rec)
{
	size_t i = (rec->pid * 2654435769u >> 16) & (EBT_DECODE_EXITS - 1);
	bool seen;

	if (rec->start_ns == 0)
		return false;
	seen = dec->exits[i].pid == rec->pid && dec->exits[i].start_ns == rec->start_ns;
	dec->exits[i].pid = rec->pid;
	dec->exits[i].start_ns = rec->start_ns;
	return seen;
}

static int take_exit(struct ebt_decoder *dec, const char *data, size_t size)
{
	struct ebt_rec_exit rec;
	struct ebt_event ev;

	if (size != sizeof(rec))
		return bad_record(dec);
	memcpy(&rec, data, sizeof(rec));
	count_first(dec, &rec.hdr);
	if (seen_exit(dec, &rec)) {
		dec->stats.double_exits++;
		return 0;
	}
	ebt_decode_exit(&rec, dec->page_bytes, &ev);
	dec->fn(&ev, dec->arg);
	return 0;
}

int ebt_decoder_record(struct ebt_decoder *dec, const void *data, size_t size)
{
	struct ebt_rec_hdr hdr;
	struct ebt_pending *p;

	dec->stats.records++;
	if (size < sizeof(hdr))
		return bad_record(dec);
	memcpy(&hdr, data, sizeof(hdr));
	if (hdr.size != size || hdr.cpu >= dec->ncpu || hdr.slot >= EBT_SCRATCH_SLOTS)
		return bad_record(dec);
	if (hdr.type < EBT_REC_EXEC || hdr.type > EBT_REC_DATA)
		return bad_record(dec);
	p = *pending_of(dec, &hdr);
	/* The slot serves another event now: what it held before is not going to be finished. */
	if (p && p->active && (p->rec.hdr.seq != hdr.seq || hdr.type != EBT_REC_DATA))
		give_pending(dec, p);
	switch (hdr.type) {
	case EBT_REC_EXEC:
		return take_exec(dec, data, size);
	case EBT_REC_EXIT:
		return take_exit(dec, data, size);
	default:
		return take_data(dec, p, data, size);
	}
}

void ebt_decoder_flush(struct ebt_decoder *dec, uint64_t now_ns, uint64_t max_age_ns)
{
	if (dec->active == 0)
		return;
	for (size_t i = 0; i < (size_t)dec->ncpu * EBT_DECODE_PENDING; i++) {
		struct ebt_pending *p = dec->pending[i];
		uint64_t began_ns;

		if (!p || !p->active)
			continue;
		began_ns = p->rec.hdr.mono_ns;
		if (max_age_ns == 0 || (now_ns > began_ns && now_ns - began_ns > max_age_ns))
			give_pending(dec, p);
	}
}

const struct ebt_decode_cpu *ebt_decoder_cpu(const struct ebt_decoder *dec, unsigned cpu)
{
	return cpu < dec->ncpu ? &dec->cpus[cpu] : NULL;
}

struct ebt_decode_stats ebt_decoder_stats(const struct ebt_decoder *dec)
{
	return dec->stats;
}
