/* SPDX-License-Identifier: BSD-3-Clause */
/* records.h - makes records as the kernel would, and keeps the events that come out. */
#ifndef EBT_TEST_RECORDS_H
#define EBT_TEST_RECORDS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "decode/decode.h"
#include "ebt_abi.h"

#define KEPT_MAX 64

/* An event with its own copies of what it borrows. */
struct kept {
	struct ebt_event ev;
	char *texts[10];
};

struct sink {
	struct ebt_decoder *dec;
	struct kept kept[KEPT_MAX];
	size_t n;
	const char *args_at; /* where the last event's arguments lay */
};

static inline struct ebt_bytes keep_text(struct kept *k, unsigned i, struct ebt_bytes text)
{
	/* An exact copy, so that the sanitizer sees every byte too many. */
	k->texts[i] = malloc(text.len ? text.len : 1);
	assert_non_null(k->texts[i]);
	if (text.len)
		memcpy(k->texts[i], text.data, text.len);
	return (struct ebt_bytes){ k->texts[i], text.len };
}

static inline void sink_event(const struct ebt_event *ev, void *arg)
{
	struct sink *s = arg;
	struct kept *k;

	assert_true(s->n < KEPT_MAX);
	k = &s->kept[s->n++];
	k->ev = *ev;
	if (ev->type == EBT_EVENT_EXEC) {
		struct ebt_event_exec *x = &k->ev.exec;

		s->args_at = x->args.data;
		x->comm = keep_text(k, 0, x->comm);
		x->prev_comm = keep_text(k, 1, x->prev_comm);
		x->tty = keep_text(k, 2, x->tty);
		x->filename = keep_text(k, 3, x->filename);
		x->exe = keep_text(k, 4, x->exe);
		x->cwd = keep_text(k, 5, x->cwd);
		x->args = keep_text(k, 6, x->args);
		x->env = keep_text(k, 7, x->env);
		x->parent_comm = keep_text(k, 9, x->parent_comm);
	} else if (ev->type == EBT_EVENT_EXIT) {
		k->ev.exit.comm = keep_text(k, 8, ev->exit.comm);
	}
}

static inline void sink_clear(struct sink *s)
{
	for (size_t i = 0; i < s->n; i++)
		for (unsigned t = 0; t < 10; t++)
			free(s->kept[i].texts[t]);
	memset(s->kept, 0, sizeof(s->kept));
	s->n = 0;
}

/* Take every event that a record gives; what ebt_decoder_next returned at the end. */
static inline int decode_record(struct ebt_decoder *dec, const void *data, size_t size,
				ebt_event_fn fn, void *arg)
{
	struct ebt_event ev;
	int got;

	ebt_decoder_put(dec, data, size);
	while ((got = ebt_decoder_next(dec, &ev)) == 1)
		fn(&ev, arg);
	return got;
}

static inline void decode_flush(struct ebt_decoder *dec, uint64_t now_ns, uint64_t max_age_ns,
				ebt_event_fn fn, void *arg)
{
	struct ebt_event ev;

	while (ebt_decoder_flush(dec, now_ns, max_age_ns, &ev))
		fn(&ev, arg);
}

static inline int sink_setup(void **state)
{
	struct sink *s = calloc(1, sizeof(*s));

	*state = s;
	return s ? ebt_decoder_new(&s->dec, 4) : -1;
}

static inline int sink_teardown(void **state)
{
	struct sink *s = *state;

	sink_clear(s);
	ebt_decoder_free(&s->dec);
	assert_null(s->dec);
	free(s);
	return 0;
}

/* An exec to be sent: sections, and the record's fixed part with all else. */
struct exec {
	struct ebt_rec_exec rec;
	struct ebt_bytes sect[EBT_SECT_MAX];
	char *stream; /* made by exec_stream */
	size_t len;
};

#define BYTES(s) ((struct ebt_bytes){ "" s, sizeof(s) - 1 })

static inline struct exec exec_make(uint32_t cpu, uint64_t seq)
{
	struct exec e = { 0 };

	e.rec.hdr.type = EBT_REC_EXEC;
	e.rec.hdr.cpu = cpu;
	e.rec.hdr.seq = seq;
	e.rec.hdr.mono_ns = 1000 * seq;
	e.rec.hdr.generation = 1;
	e.rec.pid = 100 + (uint32_t)seq;
	e.rec.ppid = 7;
	e.rec.start_ns = 900 * seq;
	e.rec.flags = EBT_EXEC_HAS_PARENT_COMM;
	memcpy(e.rec.comm, "cc1", 3);
	return e;
}

/* Concatenates the sections as the ABI says. */
static inline void exec_stream(struct exec *e)
{
	e->len = 0;
	for (unsigned i = 0; i < EBT_SECT_MAX; i++)
		e->len += e->sect[i].len;
	free(e->stream);
	e->stream = malloc(e->len ? e->len : 1);
	assert_non_null(e->stream);
	e->len = 0;
	for (unsigned late = 0; late <= 1; late++) {
		for (unsigned i = 0; i < EBT_SECT_MAX; i++) {
			if ((e->rec.late >> i & 1) != late)
				continue;
			if (e->sect[i].len)
				memcpy(e->stream + e->len, e->sect[i].data, e->sect[i].len);
			e->len += e->sect[i].len;
			e->rec.sect_len[i] = (uint32_t)e->sect[i].len;
		}
	}
	if (e->rec.args_bytes == 0)
		e->rec.args_bytes = e->rec.sect_len[EBT_SECT_ARGS];
	if (e->rec.env_bytes == 0)
		e->rec.env_bytes = e->rec.sect_len[EBT_SECT_ENV];
}

/* Sends a fixed part and payload as one record at an odd address, in a buffer of exactly its size.
 */
static inline int send_record(struct sink *s, const void *fixed, size_t fixed_len,
			      const char *payload, size_t len)
{
	char *buf = malloc(fixed_len + len + 1);
	struct ebt_rec_hdr hdr;
	int r;

	assert_non_null(buf);
	memcpy(&hdr, fixed, sizeof(hdr));
	hdr.size = (uint32_t)(fixed_len + len);
	memcpy(buf + 1, fixed, fixed_len);
	memcpy(buf + 1, &hdr, sizeof(hdr));
	if (len)
		memcpy(buf + 1 + fixed_len, payload, len);
	r = decode_record(s->dec, buf + 1, fixed_len + len, sink_event, s);
	free(buf);
	return r;
}

/* Return the size of the fixed part: that of version 1 when the record has no parent_comm. */
static inline size_t exec_fixed_len(const struct ebt_rec_exec *rec)
{
	return rec->flags & EBT_EXEC_HAS_PARENT_COMM ? sizeof(*rec)
						     : offsetof(struct ebt_rec_exec, parent_comm);
}

/* First record with `first` bytes of the stream. */
static inline int send_first(struct sink *s, struct exec *e, size_t first)
{
	struct ebt_rec_exec rec;

	exec_stream(e);
	rec = e->rec;
	if (first < e->len)
		rec.hdr.flags |= EBT_RECF_MORE;
	return send_record(s, &rec, exec_fixed_len(&rec), e->stream, first);
}

static inline int send_whole(struct sink *s, struct exec *e)
{
	exec_stream(e);
	return send_record(s, &e->rec, exec_fixed_len(&e->rec), e->stream, e->len);
}

/* Continuation stream[from, to); flags added to MORE, which is set when it does not reach the end.
 */
static inline int send_data(struct sink *s, const struct exec *e, size_t from, size_t to,
			    uint16_t flags, uint32_t fault_bytes)
{
	struct ebt_rec_data rec = { .hdr = e->rec.hdr };

	rec.hdr.type = EBT_REC_DATA;
	rec.hdr.flags = flags | (to < e->len ? EBT_RECF_MORE : 0);
	rec.offset = (uint32_t)from;
	rec.fault_bytes = fault_bytes;
	return send_record(s, &rec, sizeof(rec), e->stream + from, to - from);
}

static inline struct ebt_rec_exit exit_make(uint32_t cpu, uint64_t seq, uint32_t pid)
{
	return (struct ebt_rec_exit){
		.hdr = { .type = EBT_REC_EXIT,
			 .cpu = cpu,
			 .seq = seq,
			 .mono_ns = 5000,
			 .generation = 1 },
		.pid = pid,
		.start_ns = 1000 + pid,
	};
}

#define assert_bytes(got, ...)                                         \
	do {                                                           \
		struct ebt_bytes g_ = (got), w_ = __VA_ARGS__;         \
		assert_int_equal(g_.len, w_.len);                      \
		if (w_.len)                                            \
			assert_memory_equal(g_.data, w_.data, w_.len); \
	} while (0)

#endif
