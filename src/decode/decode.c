/* SPDX-License-Identifier: BSD-3-Clause */
/* decode.c - take records, join continuations, and give out events */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "decode/decode_internal.h"

#define NCPU_MAX 65536u

int ebt_decoder_new(struct ebt_decoder **out, unsigned ncpu)
{
	_cleanup_free_ struct ebt_decoder *dec = NULL;
	_cleanup_free_ struct ebt_decode_cpu *cpus = NULL;
	_cleanup_free_ struct ebt_pending **pending = NULL;

	if (ncpu == 0 || ncpu > NCPU_MAX)
		return -EINVAL;
	dec = calloc(1, sizeof(*dec));
	cpus = calloc(ncpu, sizeof(*cpus));
	pending = calloc((size_t)ncpu * EBT_DECODE_PENDING, sizeof(struct ebt_pending *));
	if (!dec || !cpus || !pending)
		return -ENOMEM;
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

static int decode_bad_record(struct ebt_decoder *dec)
{
	dec->stats.bad_records++;
	return -EBADMSG;
}

static struct ebt_pending **decode_pending_of(struct ebt_decoder *dec,
					      const struct ebt_rec_hdr *hdr)
{
	return &dec->pending[(size_t)hdr->cpu * EBT_DECODE_PENDING + hdr->slot * 2 +
			     (hdr->generation & 1)];
}

/* Free the buffer of the event that was given out last, or keep it for the next event of its slot. */
static void decode_release_given(struct ebt_decoder *dec)
{
	struct ebt_pending *p = dec->given;

	dec->given = NULL;
	if (p && p->buf.cap > EBT_DECODE_STREAM_KEEP)
		ebt_buf_free(&p->buf);
	else if (p)
		ebt_buf_reset(&p->buf);
}

/* Make the event of a record and its stream; both must stay until the next event is asked for. */
static int decode_give_exec(struct ebt_decoder *dec, const struct ebt_rec_exec *rec,
			    const struct ebt_span span[EBT_SECT_MAX],
			    const struct ebt_stream *stream, struct ebt_event *ev)
{
	if (ebt_decode_exec(dec, rec, span, stream, ev))
		dec->stats.cut_events++;
	return 1;
}

static int decode_give_pending(struct ebt_decoder *dec, struct ebt_pending *p, struct ebt_event *ev)
{
	p->active = false;
	dec->active--;
	p->stream.data = p->buf.data;
	p->stream.len = p->buf.len;
	dec->given = p;
	return decode_give_exec(dec, &p->rec, p->span, &p->stream, ev);
}

static void decode_count_first(struct ebt_decoder *dec, const struct ebt_rec_hdr *hdr)
{
	struct ebt_decode_cpu *cpu = &dec->cpus[hdr->cpu];

	cpu->received++;
	cpu->received_by[hdr->generation & 1]++;
	if (hdr->seq > cpu->last_seq)
		cpu->last_seq = hdr->seq;
	cpu->gaps = cpu->last_seq > cpu->received ? cpu->last_seq - cpu->received : 0;
}

/* Keep an event whose continuation is to come. Return 0, or -ENOMEM with nothing kept. */
static int decode_keep_exec(struct ebt_pending **slot, const struct ebt_rec_exec *rec,
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

/* Copy the fixed part of an exec record, which is shorter in records of version 1. Return its size
 * in the record, or 0 when the record is too short. */
static size_t decode_copy_exec(struct ebt_rec_exec *rec, const char *data, size_t size)
{
	const size_t size_v1 = offsetof(struct ebt_rec_exec, parent_comm);

	if (size < size_v1)
		return 0;
	memcpy(rec, data, size_v1);
	if (!(rec->flags & EBT_EXEC_HAS_PARENT_COMM)) {
		memset(rec->parent_comm, 0, sizeof(rec->parent_comm));
		rec->exe_version = 0;
		return size_v1;
	}
	if (size < sizeof(*rec))
		return 0;
	memcpy(rec, data, sizeof(*rec));
	return sizeof(*rec);
}

/* The take functions return as ebt_decoder_next does. Those that give out an event and have an error
 * to report as well leave the error in dec->error. */

static int decode_take_exec(struct ebt_decoder *dec, const char *data, size_t size,
			    struct ebt_event *ev)
{
	struct ebt_span span[EBT_SECT_MAX];
	struct ebt_stream stream = { .records = 1 };
	struct ebt_rec_exec *rec = &dec->rec.exec;
	size_t fixed = decode_copy_exec(rec, data, size), total;

	if (!fixed)
		return decode_bad_record(dec);
	stream.data = data + fixed;
	stream.len = size - fixed;
	if (ebt_decode_spans(rec, span, &total) < 0 || stream.len > total)
		return decode_bad_record(dec);
	decode_count_first(dec, &rec->hdr);
	ebt_decode_faults(&stream, span, 0, stream.len, rec->hdr.flags, rec->fault_bytes);
	if (rec->hdr.flags & EBT_RECF_MORE) {
		dec->error = decode_keep_exec(decode_pending_of(dec, &rec->hdr), rec, span, total,
					      &stream);
		if (!dec->error) {
			dec->active++;
			return 0;
		}
	}
	/* This is the only record of the event, or there is no memory to keep it: its
		 * payload is read in place. */
	return decode_give_exec(dec, rec, span, &stream, ev);
}

static int decode_take_data(struct ebt_decoder *dec, const char *data, size_t size,
			    struct ebt_event *ev)
{
	struct ebt_pending *p;
	struct ebt_rec_data rec;
	size_t len, at;

	if (size < sizeof(rec))
		return decode_bad_record(dec);
	memcpy(&rec, data, sizeof(rec));
	p = *decode_pending_of(dec, &rec.hdr);
	if (!p || !p->active)
		return decode_bad_record(dec);
	len = size - sizeof(rec);
	at = p->buf.len;
	if (rec.offset > at) {
		/* A record between was lost, so this one cannot be joined. */
		dec->error = decode_bad_record(dec);
		return decode_give_pending(dec, p, ev);
	}
	if (rec.offset < at || len > p->total - at)
		return decode_bad_record(dec);
	if (len > 0 && ebt_buf_append(&p->buf, data + sizeof(rec), len) < 0) {
		p->buf.len = at;
		dec->error = -ENOMEM;
		return decode_give_pending(dec, p, ev);
	}
	p->stream.records++;
	ebt_decode_faults(&p->stream, p->span, at, at + len, rec.hdr.flags, rec.fault_bytes);
	return rec.hdr.flags & EBT_RECF_MORE ? 0 : decode_give_pending(dec, p, ev);
}

/* Return true when this process's exit was seen already: some kernels call the exit hook twice for a
 * thread group (de_thread's leader). */
static bool decode_seen_exit(struct ebt_decoder *dec, const struct ebt_rec_exit *rec)
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

static int decode_take_exit(struct ebt_decoder *dec, const char *data, size_t size,
			    struct ebt_event *ev)
{
	const size_t size_v2 = offsetof(struct ebt_rec_exit, loginuid);
	struct ebt_rec_exit *rec = &dec->rec.exit;

	if (size != size_v2 && size != sizeof(*rec))
		return decode_bad_record(dec);
	memcpy(rec, data, size);
	if (size == size_v2)
		rec->loginuid = rec->sessionid = EBT_UNSET;
	decode_count_first(dec, &rec->hdr);
	if (decode_seen_exit(dec, rec)) {
		dec->stats.double_exits++;
		return 0;
	}
	ebt_decode_exit(rec, dec->page_bytes, ev);
	return 1;
}

void ebt_decoder_put(struct ebt_decoder *dec, const void *data, size_t size)
{
	decode_release_given(dec);
	dec->stats.records++;
	dec->error = 0;
	dec->data = data;
	dec->size = size;
}

/* Check and copy the header of a record. */
static bool decode_read_header(const struct ebt_decoder *dec, const char *data, size_t size,
			       struct ebt_rec_hdr *hdr)
{
	if (size < sizeof(*hdr))
		return false;
	memcpy(hdr, data, sizeof(*hdr));
	return hdr->size == size && hdr->cpu < dec->ncpu && hdr->slot < EBT_SCRATCH_SLOTS &&
	       hdr->type >= EBT_REC_EXEC && hdr->type <= EBT_REC_DATA;
}

int ebt_decoder_next(struct ebt_decoder *dec, struct ebt_event *ev)
{
	const char *data = dec->data;
	struct ebt_rec_hdr hdr;
	struct ebt_pending *p;
	int err = dec->error;

	decode_release_given(dec);
	dec->error = 0;
	if (!data)
		return err;
	if (!decode_read_header(dec, data, dec->size, &hdr)) {
		dec->data = NULL;
		return decode_bad_record(dec);
	}
	p = *decode_pending_of(dec, &hdr);
	/* The slot serves another event now, so the rest of the one before will not come. The record
	 * itself is taken at the next call. */
	if (p && p->active && (p->rec.hdr.seq != hdr.seq || hdr.type != EBT_REC_DATA))
		return decode_give_pending(dec, p, ev);
	dec->data = NULL;
	switch (hdr.type) {
	case EBT_REC_EXEC:
		return decode_take_exec(dec, data, dec->size, ev);
	case EBT_REC_EXIT:
		return decode_take_exit(dec, data, dec->size, ev);
	default:
		return decode_take_data(dec, data, dec->size, ev);
	}
}

bool ebt_decoder_flush(struct ebt_decoder *dec, uint64_t now_ns, uint64_t max_age_ns,
		       struct ebt_event *ev)
{
	decode_release_given(dec);
	if (dec->active == 0)
		return false;
	for (size_t i = 0; i < (size_t)dec->ncpu * EBT_DECODE_PENDING; i++) {
		struct ebt_pending *p = dec->pending[i];
		uint64_t began_ns;

		if (!p || !p->active)
			continue;
		began_ns = p->rec.hdr.mono_ns;
		if (max_age_ns == 0 || (now_ns > began_ns && now_ns - began_ns > max_age_ns))
			return decode_give_pending(dec, p, ev);
	}
	return false;
}

const struct ebt_decode_cpu *ebt_decoder_cpu(const struct ebt_decoder *dec, unsigned cpu)
{
	return cpu < dec->ncpu ? &dec->cpus[cpu] : NULL;
}

struct ebt_decode_stats ebt_decoder_stats(const struct ebt_decoder *dec)
{
	return dec->stats;
}
