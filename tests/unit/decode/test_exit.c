/* SPDX-License-Identifier: BSD-3-Clause */
/* Exit records: fields, the scaling of CPU time, doubles. */
#include "records.h"

#include <errno.h>
#include <stddef.h>
#include <unistd.h>

#include "decode/decode_internal.h"

static void test_cputime(void **state)
{
	static const struct {
		uint64_t rtime, utime, stime, want_utime, want_stime;
	} cases[] = {
		{ 0, 4, 8, 4, 8 },
		{ 100, 0, 0, 100, 0 },
		{ 100, 7, 0, 100, 0 },
		{ 100, 0, 7, 0, 100 },
		{ 100, 4000000, 4000000, 50, 50 },
		{ 9000000, 4000000, 8000000, 3000000, 6000000 },
		{ UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX / 2 + 1, UINT64_MAX / 2 },
		{ 1, UINT64_MAX, 1, 1, 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t utime = cases[i].utime, stime = cases[i].stime;

		ebt_decode_scale_cputime(cases[i].rtime, &utime, &stime);
		assert_int_equal(utime, cases[i].want_utime);
		assert_int_equal(stime, cases[i].want_stime);
	}
}

static void test_exit(void **state)
{
	struct sink *s = *state;
	struct ebt_rec_exit rec = exit_make(1, 3, 42);
	const struct ebt_event_exit *x = &s->kept[0].ev.exit;

	rec.ppid = 1;
	rec.uid = 1000;
	rec.exit_code = 0x8b;
	rec.utime_ns = 30;
	rec.stime_ns = 10;
	rec.rtime_ns = 400;
	rec.maxrss_pages = 3;
	rec.loginuid = 1001;
	rec.sessionid = EBT_UNSET;
	memcpy(rec.comm, "crash", 5);
	assert_int_equal(send_record(s, &rec, sizeof(rec), NULL, 0), 0);
	assert_int_equal(s->kept[0].ev.type, EBT_EVENT_EXIT);
	assert_int_equal(s->kept[0].ev.cpu, 1);
	assert_int_equal(s->kept[0].ev.records, 1);
	assert_int_equal(x->pid, 42);
	assert_int_equal(x->ppid, 1);
	assert_int_equal(x->uid, 1000);
	assert_int_equal(x->status, 0x8b);
	assert_int_equal(x->start_ns, 1042);
	assert_int_equal(x->lifetime_ns, 5000 - 1042);
	assert_int_equal(x->utime_ns, 300);
	assert_int_equal(x->stime_ns, 100);
	assert_int_equal(x->maxrss_bytes, 3 * (uint64_t)sysconf(_SC_PAGESIZE));
	assert_bytes(x->comm, BYTES("crash"));
	assert_true(x->has_login);
	assert_int_equal(x->loginuid, 1001);
	assert_int_equal(x->sessionid, EBT_EV_UNSET);
}

/* Records of versions 1 and 2 end with the command name; any other size is that of no record. */
static void test_exit_without_login(void **state)
{
	struct sink *s = *state;
	struct ebt_rec_exit rec = exit_make(1, 3, 42);
	const size_t size_v2 = offsetof(struct ebt_rec_exit, loginuid);

	rec.loginuid = rec.sessionid = 7;
	assert_int_equal(send_record(s, &rec, size_v2, NULL, 0), 0);
	assert_int_equal(s->n, 1);
	assert_int_equal(s->kept[0].ev.exit.pid, 42);
	assert_false(s->kept[0].ev.exit.has_login);
	assert_int_equal(s->kept[0].ev.exit.loginuid, EBT_EV_UNSET);
	assert_int_equal(send_record(s, &rec, size_v2 + 4, NULL, 0), -EBADMSG);
	assert_int_equal(send_record(s, &rec, size_v2 - 4, NULL, 0), -EBADMSG);
	assert_int_equal(s->n, 1);
}

static void test_exit_of_nonsense(void **state)
{
	struct sink *s = *state;
	struct ebt_rec_exit rec = exit_make(1, 3, 42);

	rec.start_ns = 6000; /* after the exit */
	rec.maxrss_pages = UINT64_MAX / 2;
	assert_int_equal(send_record(s, &rec, sizeof(rec), NULL, 0), 0);
	assert_int_equal(s->kept[0].ev.exit.lifetime_ns, 0);
	assert_int_equal(s->kept[0].ev.exit.maxrss_bytes, UINT64_MAX);
}

static void test_second_exit_is_left_out(void **state)
{
	struct sink *s = *state;
	struct ebt_rec_exit rec = exit_make(0, 1, 42), other = exit_make(0, 2, 43);

	assert_int_equal(send_record(s, &rec, sizeof(rec), NULL, 0), 0);
	assert_int_equal(send_record(s, &other, sizeof(other), NULL, 0), 0);
	rec.hdr.seq = 3;
	assert_int_equal(send_record(s, &rec, sizeof(rec), NULL, 0), 0);
	assert_int_equal(s->n, 2);
	/* The pid again, another process. */
	rec.hdr.seq = 4;
	rec.start_ns += 1;
	assert_int_equal(send_record(s, &rec, sizeof(rec), NULL, 0), 0);
	assert_int_equal(s->n, 3);
	assert_int_equal(ebt_decoder_stats(s->dec).double_exits, 1);
	assert_int_equal(ebt_decoder_cpu(s->dec, 0)->received, 4);
	/* Without a start time nobody can tell. */
	rec.start_ns = 0;
	assert_int_equal(send_record(s, &rec, sizeof(rec), NULL, 0), 0);
	assert_int_equal(send_record(s, &rec, sizeof(rec), NULL, 0), 0);
	assert_int_equal(s->n, 5);
}

#define WITH_SINK(test) cmocka_unit_test_setup_teardown(test, sink_setup, sink_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cputime),		 WITH_SINK(test_exit),
		WITH_SINK(test_exit_without_login),	 WITH_SINK(test_exit_of_nonsense),
		WITH_SINK(test_second_exit_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
