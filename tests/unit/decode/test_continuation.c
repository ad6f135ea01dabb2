/* SPDX-License-Identifier: BSD-3-Clause */
/* Events of several records: joined, interleaved, cut, hostile. */
#include "records.h"

#include <errno.h>

#include "decode/decode_internal.h"

static char *pattern(size_t len, unsigned salt)
{
	char *p = malloc(len ? len : 1);

	assert_non_null(p);
	for (size_t i = 0; i < len; i++)
		p[i] = (char)((i * 2654435761u + salt) >> 13);
	return p;
}

/* exe 8, cwd 4, argv n, environment 100 bytes; what is asked for in late comes last. */
static struct exec make(uint64_t seq, char *args, size_t n, char *env, uint32_t late)
{
	struct exec e = exec_make(0, seq);

	e.rec.flags |= EBT_EXEC_HAS_EXE | EBT_EXEC_HAS_CWD | EBT_EXEC_HAS_ENV;
	e.rec.late = late;
	e.sect[EBT_SECT_EXE] = BYTES("sh\0bin\0\0");
	e.sect[EBT_SECT_CWD] = BYTES("tmp\0");
	e.sect[EBT_SECT_ARGS] = (struct ebt_bytes){ args, n };
	e.sect[EBT_SECT_ENV] = (struct ebt_bytes){ env, 100 };
	return e;
}

static void check_whole(const struct kept *k, const struct exec *e, uint32_t records)
{
	const struct ebt_event_exec *x = &k->ev.exec;

	assert_int_equal(k->ev.records, records);
	assert_int_equal(k->ev.seq, e->rec.hdr.seq);
	assert_bytes(x->exe, BYTES("/bin/sh"));
	assert_bytes(x->cwd, BYTES("/tmp"));
	assert_bytes(x->args, e->sect[EBT_SECT_ARGS]);
	assert_bytes(x->env, e->sect[EBT_SECT_ENV]);
	assert_int_equal(x->args_captured, e->sect[EBT_SECT_ARGS].len);
	assert_int_equal(x->env_captured, 100);
	assert_int_equal(x->flags, EBT_EV_HAS_EXE | EBT_EV_HAS_CWD | EBT_EV_HAS_ENV);
}

/* Every first cut of a small event, in steps of every size up to 40. */
static void test_every_cut(void **state)
{
	struct sink *s = *state;
	char *args = pattern(60, 1), *env = pattern(100, 2);
	uint64_t seq = 0;

	for (uint32_t late = 0; late < 4; late++) {
		struct exec e = make(0, args, 60, env, late * EBT_SECT_CWD);

		exec_stream(&e);
		for (size_t step = 1; step <= 40; step++) {
			size_t first = (seq * 7) % e.len, at = first;
			uint32_t records = 1;

			e.rec.hdr.seq = ++seq;
			assert_int_equal(send_first(s, &e, first), 0);
			for (; at < e.len; at += step, records++) {
				assert_int_equal(s->n, 0);
				assert_int_equal(send_data(s, &e, at,
							   at + step < e.len ? at + step : e.len, 0,
							   0),
						 0);
			}
			assert_int_equal(s->n, 1);
			check_whole(&s->kept[0], &e, records);
			sink_clear(s);
		}
		free(e.stream);
	}
	assert_int_equal(ebt_decoder_stats(s->dec).bad_records, 0);
	assert_int_equal(ebt_decoder_stats(s->dec).cut_events, 0);
	free(args);
	free(env);
}

static void test_largest_event(void **state)
{
	struct sink *s = *state;
	char *args = pattern(EBT_ARGS_MAX, 3), *env = pattern(100, 4);
	struct exec e = make(1, args, EBT_ARGS_MAX, env, 0);
	uint32_t records = 1;

	assert_int_equal(send_first(s, &e, 100), 0);
	for (size_t at = 100; at < e.len; records++) {
		size_t to = at + EBT_SCRATCH_MAX < e.len ? at + EBT_SCRATCH_MAX : e.len;

		assert_int_equal(send_data(s, &e, at, to, 0, 0), 0);
		at = to;
	}
	assert_int_equal(s->n, 1);
	check_whole(&s->kept[0], &e, records);
	free(e.stream);
	free(args);
	free(env);
}

/* Two slots, two CPUs and two generations at a time. */
static void test_interleaved(void **state)
{
	struct sink *s = *state;
	char *env = pattern(100, 5), *args[8];
	struct exec e[8];

	for (unsigned i = 0; i < 8; i++) {
		args[i] = pattern(500 + i, 10 + i);
		e[i] = make(1 + i, args[i], 500 + i, env, 0);
		e[i].rec.hdr.cpu = i & 1;
		e[i].rec.hdr.slot = i >> 1 & 1;
		e[i].rec.hdr.generation = 6 + (i >> 2);
		assert_int_equal(send_first(s, &e[i], 50 + i), 0);
	}
	for (unsigned i = 0; i < 8; i++)
		assert_int_equal(send_data(s, &e[i], 50 + i, 300, 0, 0), 0);
	assert_int_equal(s->n, 0);
	for (unsigned i = 8; i-- > 0;)
		assert_int_equal(send_data(s, &e[i], 300, e[i].len, 0, 0), 0);
	assert_int_equal(s->n, 8);
	for (unsigned i = 0; i < 8; i++) {
		check_whole(&s->kept[7 - i], &e[i], 3);
		free(e[i].stream);
		free(args[i]);
	}
	free(env);
}

/* Cut after each number of bytes: the flags say which sections, the counts are exact. */
static void test_cut_says_what_is_missing(void **state)
{
	struct sink *s = *state;
	char *args = pattern(20, 6), *env = pattern(100, 7);

	/* stream: exe 0-8, args 8-28, env 28-128, cwd 128-132 */
	for (size_t cut = 0; cut < 132; cut++) {
		struct exec e = make(2 * cut + 1, args, 20, env, 1u << EBT_SECT_CWD);
		struct exec next = exec_make(0, 2 * cut + 2);
		const struct ebt_event_exec *x = &s->kept[0].ev.exec;
		size_t got_args = cut < 8 ? 0 : cut < 28 ? cut - 8 : 20;
		size_t got_env = cut < 28 ? 0 : cut < 128 ? cut - 28 : 100;

		assert_int_equal(send_first(s, &e, cut), 0);
		assert_int_equal(s->n, 0);
		assert_int_equal(send_whole(s, &next), 0);
		assert_int_equal(s->n, 2);
		assert_int_equal(s->kept[0].ev.seq, 2 * cut + 1);
		assert_int_equal(s->kept[1].ev.seq, 2 * cut + 2);
		assert_int_equal(!!(x->flags & EBT_EV_PATH_TRUNCATED), cut < 8);
		assert_int_equal(!!(x->flags & EBT_EV_ARGS_LOST), cut < 28);
		assert_int_equal(!!(x->flags & EBT_EV_ENV_LOST), cut < 128);
		assert_int_equal(!!(x->flags & EBT_EV_CWD_TRUNCATED), cut < 132);
		assert_int_equal(!!(x->flags & EBT_EV_ARGS_TRUNCATED), 0);
		assert_int_equal(!!(x->flags & EBT_EV_HAS_EXE), cut >= 3);
		assert_bytes(x->exe, cut < 3   ? BYTES("")
				     : cut < 7 ? BYTES(".../sh")
				     : cut < 8 ? BYTES(".../bin/sh")
					       : BYTES("/bin/sh"));
		assert_int_equal(x->args_captured, got_args);
		assert_int_equal(x->args_bytes, 20);
		assert_int_equal(x->env_captured, got_env);
		assert_bytes(x->args, (struct ebt_bytes){ args, got_args });
		assert_bytes(x->env, (struct ebt_bytes){ env, got_env });
		sink_clear(s);
		free(e.stream);
		free(next.stream);
	}
	assert_int_equal(ebt_decoder_stats(s->dec).cut_events, 132);
	assert_int_equal(ebt_decoder_cpu(s->dec, 0)->gaps, 0);
	free(args);
	free(env);
}

static void test_faults_of_each_record(void **state)
{
	struct sink *s = *state;
	char *args = pattern(200, 8), *env = pattern(100, 9);
	struct exec e = make(1, args, 200, env, 0);
	const struct ebt_event_exec *x = &s->kept[0].ev.exec;

	/* exe and cwd are 12 bytes; args 12-212, env 212-312 */
	e.rec.hdr.flags = EBT_RECF_FAULT_ARGS;
	e.rec.fault_bytes = 10;
	assert_int_equal(send_first(s, &e, 50), 0);
	assert_int_equal(send_data(s, &e, 50, 150, 0, 77), 0); /* no flag: no fault */
	assert_int_equal(send_data(s, &e, 150, 250, EBT_RECF_FAULT_ARGS | EBT_RECF_FAULT_ENV, 65),
			 0);
	assert_int_equal(send_data(s, &e, 250, 312, EBT_RECF_FAULT_ENV, 7), 0);
	assert_int_equal(s->n, 1);
	assert_int_equal(x->args_captured, 200 - 10 - 62);
	assert_int_equal(x->env_captured, 100 - 3 - 7);
	assert_true(x->flags & EBT_EV_ARGS_FAULT);
	assert_true(x->flags & EBT_EV_ENV_FAULT);
	free(e.stream);
	free(args);
	free(env);
}

static void test_flush_by_age(void **state)
{
	struct sink *s = *state;
	char *args = pattern(20, 1), *env = pattern(100, 2);
	struct exec old = make(1, args, 20, env, 0), young = make(5, args, 20, env, 0);

	young.rec.hdr.slot = 1;
	assert_int_equal(send_first(s, &old, 30), 0);	/* at 1000 ns */
	assert_int_equal(send_first(s, &young, 30), 0); /* at 5000 ns */
	decode_flush(s->dec, 500, 100, sink_event, s);	/* a clock behind is no age */
	decode_flush(s->dec, 2000, 1000, sink_event, s);
	assert_int_equal(s->n, 0);
	decode_flush(s->dec, 2001, 1000, sink_event, s);
	assert_int_equal(s->n, 1);
	assert_int_equal(s->kept[0].ev.seq, 1);
	decode_flush(s->dec, 2001, 0, sink_event, s);
	assert_int_equal(s->n, 2);
	assert_int_equal(s->kept[1].ev.seq, 5);
	assert_true(s->kept[1].ev.exec.flags & EBT_EV_ARGS_LOST);
	decode_flush(s->dec, UINT64_MAX, 0, sink_event, s);
	assert_int_equal(s->n, 2);
	/* What comes after all belongs to nothing. */
	assert_int_equal(send_data(s, &old, 30, 60, 0, 0), -EBADMSG);
	assert_int_equal(s->n, 2);
	free(old.stream);
	free(young.stream);
	free(args);
	free(env);
}

static void test_bad_continuations(void **state)
{
	struct sink *s = *state;
	char *args = pattern(20, 1), *env = pattern(100, 2);
	struct exec e = make(1, args, 20, env, 0), other = make(2, args, 20, env, 0);
	char more[200] = { 0 };
	struct ebt_rec_data rec;

	exec_stream(&other);
	assert_int_equal(send_data(s, &other, 0, 10, 0, 0), -EBADMSG);
	assert_int_equal(send_first(s, &e, 30), 0);
	assert_int_equal(send_data(s, &e, 29, 40, 0, 0), -EBADMSG); /* overlap */
	rec = (struct ebt_rec_data){ .hdr = e.rec.hdr, .offset = 30 };
	rec.hdr.type = EBT_REC_DATA;
	assert_int_equal(send_record(s, &rec, sizeof(rec), more, 103), -EBADMSG); /* too much */
	assert_int_equal(s->n, 0);
	assert_int_equal(send_data(s, &e, 30, 40, 0, 0), 0);	    /* none of that did harm */
	assert_int_equal(send_data(s, &e, 41, 50, 0, 0), -EBADMSG); /* a hole: it ends here */
	assert_int_equal(s->n, 1);
	assert_int_equal(s->kept[0].ev.exec.args_captured, 20);
	assert_int_equal(s->kept[0].ev.exec.env_captured, 8);
	assert_true(s->kept[0].ev.exec.flags & EBT_EV_ENV_LOST);
	assert_false(s->kept[0].ev.exec.flags & EBT_EV_ARGS_LOST);
	assert_int_equal(send_data(s, &e, 50, 60, 0, 0), -EBADMSG);
	assert_int_equal(s->n, 1);
	assert_int_equal(ebt_decoder_stats(s->dec).bad_records, 5);
	free(e.stream);
	free(other.stream);
	free(args);
	free(env);
}

/* The last record says so although bytes are missing: the ring was full. */
static void test_last_record_too_early(void **state)
{
	struct sink *s = *state;
	char *args = pattern(20, 1), *env = pattern(100, 2);
	struct exec e = make(1, args, 20, env, 0);

	exec_stream(&e);
	assert_int_equal(send_record(s, &e.rec, sizeof(e.rec), e.stream, 20), 0);
	assert_int_equal(s->n, 1);
	assert_true(s->kept[0].ev.exec.flags & EBT_EV_ARGS_LOST);
	assert_int_equal(s->kept[0].ev.exec.args_captured, 8);
	free(e.stream);
	free(args);
	free(env);
}

/* An exit in the slot ends what was there; the same number again does, too. */
static void test_slot_taken(void **state)
{
	struct sink *s = *state;
	char *args = pattern(20, 1), *env = pattern(100, 2);
	struct exec e = make(1, args, 20, env, 0);
	struct ebt_rec_exit ex = exit_make(0, 2, 9);

	assert_int_equal(send_first(s, &e, 30), 0);
	assert_int_equal(send_record(s, &ex, sizeof(ex), NULL, 0), 0);
	assert_int_equal(s->n, 2);
	assert_int_equal(s->kept[0].ev.type, EBT_EVENT_EXEC);
	assert_int_equal(s->kept[1].ev.type, EBT_EVENT_EXIT);
	e.rec.hdr.seq = 3;
	assert_int_equal(send_first(s, &e, 30), 0);
	assert_int_equal(send_first(s, &e, 30), 0);
	assert_int_equal(s->n, 3);
	free(e.stream);
	free(args);
	free(env);
}

static uint32_t rnd(uint32_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 17;
	*x ^= *x << 5;
	return *x;
}

/* What any event must obey, whatever the records said. */
static void hostile_event(const struct ebt_event *ev, void *arg)
{
	const struct ebt_event_exec *x = &ev->exec;
	const struct ebt_bytes texts[] = { x->comm, x->prev_comm, x->tty,  x->filename,
					   x->exe,  x->cwd,	  x->args, x->env };
	uint64_t *sum = arg;

	if (ev->type == EBT_EVENT_EXIT) {
		assert_true(ev->exit.comm.len <= EBT_COMM_LEN);
		return;
	}
	assert_true(x->args_captured <= x->args_bytes);
	assert_true(x->env_captured <= x->env_bytes);
	assert_true(x->args_captured <= x->args.len);
	assert_true(x->args.len <= EBT_ARGS_MAX && x->env.len <= EBT_ARGS_MAX);
	assert_true(x->exe.len <= EBT_DECODE_PATH_ROOM && x->cwd.len <= EBT_DECODE_PATH_ROOM);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		for (size_t k = 0; k < texts[i].len; k++)
			*sum += (unsigned char)texts[i].data[k];
}

/* Records that are nearly right, with one thing or another changed. */
static void test_hostile_records(void **state)
{
	uint32_t x = 1;
	uint64_t sum = 0;
	struct ebt_decoder *dec = NULL;
	char *args = pattern(300, 1), *env = pattern(100, 2);
	struct exec e = make(1, args, 300, env, 1u << EBT_SECT_EXE);

	assert_int_equal(ebt_decoder_new(&dec, 2), 0);
	exec_stream(&e);
	e.rec.uid = 5; /* lies where an exit has its start time */
	for (unsigned i = 0; i < 200000; i++) {
		char buf[sizeof(struct ebt_rec_exec) + 512], *exact;
		size_t fixed, len = rnd(&x) % 512;
		struct ebt_rec_exec rec = e.rec;
		struct ebt_rec_data data = { .offset = rnd(&x) % 4 ? (uint32_t)(i * 37 % 512)
								   : rnd(&x) };

		rec.hdr.type = (uint8_t)(1 + rnd(&x) % 3);
		rec.hdr.seq = 1 + rnd(&x) % 3;
		rec.hdr.slot = (uint8_t)(rnd(&x) % 2);
		rec.hdr.flags = (uint16_t)(rnd(&x) % 8);
		rec.fault_bytes = rnd(&x);
		data.fault_bytes = rnd(&x);
		fixed = rec.hdr.type == EBT_REC_EXEC   ? sizeof(rec)
			: rec.hdr.type == EBT_REC_EXIT ? sizeof(struct ebt_rec_exit)
						       : sizeof(data);
		if (rec.hdr.type == EBT_REC_EXIT)
			len = 0;
		if (len > e.len)
			len = e.len;
		rec.hdr.size = (uint32_t)(fixed + len);
		data.hdr = rec.hdr;
		memset(buf, 'x', sizeof(buf));
		memcpy(buf, &rec, sizeof(rec));
		if (rec.hdr.type == EBT_REC_DATA)
			memcpy(buf, &data, sizeof(data));
		memcpy(buf + fixed, e.stream, len);
		if (rnd(&x) % 3 == 0)
			buf[rnd(&x) % (fixed + len)] ^= (char)(1u << rnd(&x) % 8);
		exact = malloc(fixed + len);
		memcpy(exact, buf, fixed + len);
		(void)decode_record(dec, exact, fixed + len, hostile_event, &sum);
		free(exact);
	}
	decode_flush(dec, 0, 0, hostile_event, &sum);
	/* All kinds of records must have come through, or the test tests nothing. */
	assert_true(sum > 0);
	assert_true(ebt_decoder_stats(dec).cut_events > 1000);
	assert_true(ebt_decoder_stats(dec).bad_records > 1000);
	assert_true(ebt_decoder_stats(dec).double_exits > 1000);
	assert_int_equal(ebt_decoder_stats(dec).records, 200000);
	ebt_decoder_free(&dec);
	free(e.stream);
	free(args);
	free(env);
}

#define WITH_SINK(test) cmocka_unit_test_setup_teardown(test, sink_setup, sink_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_SINK(test_every_cut),
		WITH_SINK(test_largest_event),
		WITH_SINK(test_interleaved),
		WITH_SINK(test_cut_says_what_is_missing),
		WITH_SINK(test_faults_of_each_record),
		WITH_SINK(test_flush_by_age),
		WITH_SINK(test_bad_continuations),
		WITH_SINK(test_last_record_too_early),
		WITH_SINK(test_slot_taken),
		cmocka_unit_test(test_hostile_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
