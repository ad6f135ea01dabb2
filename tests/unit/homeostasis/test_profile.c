/* SPDX-License-Identifier: BSD-3-Clause */
/* The state machine: freezing, becoming normal, the limits, the verbs, signals and threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "homeostasis/profile.h"

#include "ebt_ph_abi.h"

struct fixture {
	struct ebt_ph_set *set;
	struct ebt_ph_config cfg;
	struct ebt_ph_task task;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	ebt_ph_config_default(&f->cfg);
	f->cfg.min_train = 0;
	*state = f;
	return ebt_ph_set_new(&f->set);
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	ebt_ph_set_free(&f->set);
	free(f);
	return 0;
}

static int64_t call(struct fixture *f, uint32_t nr)
{
	return ebt_ph_set_call(f->set, &f->task, nr, &f->cfg);
}

/* The same short program over and over, each time as a new process. */
static int64_t run(struct fixture *f, const uint32_t *calls, size_t n)
{
	int64_t events = 0;

	ebt_ph_task_begin(&f->task, 0);
	for (size_t i = 0; i < n; i++)
		events |= call(f, calls[i]);
	return events;
}

static const uint32_t program[] = { 1, 2, 3, 4, 5 };
#define RUN(f) run(f, program, 5)

static void make_normal(struct fixture *f)
{
	RUN(f);
	ebt_ph_start_normal(&f->set->profile, 1);
}

/* Five calls, four of them with new pairs: the last new one is call 5, so freezing takes more than
 * 4 * 5 calls. */
static void test_freeze_ratio(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 4; i++)
		assert_false(RUN(f) & EBT_PH_EV_FROZEN);
	assert_int_equal(f->set->profile.train_count, 20);
	assert_int_equal(f->set->profile.mod_at, 5);
	ebt_ph_task_begin(&f->task, 0);
	assert_int_equal(call(f, 1), EBT_PH_EV_FROZEN);
	/* Something new: not frozen any more. */
	assert_int_equal(call(f, 9), EBT_PH_EV_LEARNED | EBT_PH_EV_THAWED);
}

static void test_min_train(void **state)
{
	struct fixture *f = *state;

	f->cfg.min_train = 50;
	for (int i = 0; i < 9; i++)
		assert_false(RUN(f) & EBT_PH_EV_FROZEN);
	assert_true(RUN(f) & EBT_PH_EV_FROZEN);
}

static void test_normal_after_wait(void **state)
{
	struct fixture *f = *state;
	int64_t events = 0;

	f->cfg.normal_wait_ns = 1000000000000;
	for (int i = 0; i < 20; i++)
		events |= RUN(f);
	assert_true(events & EBT_PH_EV_FROZEN);
	assert_false(events & EBT_PH_EV_NORMAL);
	f->set->profile.normal_at_ns = 1;
	assert_true(RUN(f) & EBT_PH_EV_NORMAL);
	assert_int_equal(f->set->profile.state, EBT_PH_NORMAL);
	assert_false(RUN(f) & EBT_PH_EV_ANOMALY);
}

static void test_anomaly_counts_pairs(void **state)
{
	struct fixture *f = *state;
	int64_t events;

	make_normal(f);
	ebt_ph_task_begin(&f->task, 0);
	call(f, 1);
	call(f, 2);
	events = call(f, 5); /* 5 was never right after 2, nor two after 1 */
	assert_true(events & EBT_PH_EV_ANOMALY);
	assert_int_equal(events >> EBT_PH_EV_MISSED_SHIFT, 2);
	/* Learned by A, still an anomaly by B. */
	ebt_ph_task_begin(&f->task, 0);
	call(f, 1);
	call(f, 2);
	events = call(f, 5);
	assert_false(events & EBT_PH_EV_LEARNED);
	assert_true(events & EBT_PH_EV_ANOMALY);
	assert_int_equal(f->set->profile.anomalies, 2);
}

/* Leaving normal takes the 32nd anomalous call with a limit of 30. */
static void test_anomaly_limit(void **state)
{
	struct fixture *f = *state;
	static const uint32_t bad[] = { 1, 7 };
	int runs = 0;

	make_normal(f);
	for (; !(run(f, bad, 2) & EBT_PH_EV_STOP_NORMAL); runs++)
		assert_true(runs < 100);
	assert_int_equal(runs, 31);
	assert_int_equal(f->set->profile.anomalies, 31);
	assert_int_equal(f->set->profile.state, 0);
	assert_int_equal(f->task.lfc, 0);
}

static void known(struct fixture *f, int n)
{
	for (int i = 0; i < n; i++) {
		f->task.before = 0;
		call(f, 1);
	}
}

static void test_locality(void **state)
{
	struct fixture *f = *state;

	make_normal(f);
	f->cfg.tolerize_limit = 128;
	f->cfg.anomaly_limit = EBT_PH_NEVER;
	ebt_ph_task_begin(&f->task, 0);
	call(f, 1);
	for (int i = 0; i < 10; i++)
		call(f, 50);
	assert_int_equal(f->task.lfc, 10);
	/* The window holds 128 calls: 118 that B knows, and the oldest anomaly is still in it. */
	known(f, 118);
	assert_int_equal(f->task.lfc, 10);
	known(f, 1);
	assert_int_equal(f->task.lfc, 9);
	known(f, 9);
	assert_int_equal(f->task.lfc, 0);
	assert_int_equal(f->task.max_lfc, 10);
}

/* One wipe an excursion over the limit, not one a call. */
static void test_tolerize_limit(void **state)
{
	struct fixture *f = *state;
	struct ebt_ph_stats st;
	int wipes = 0;

	make_normal(f);
	f->cfg.tolerize_limit = 12;
	ebt_ph_task_begin(&f->task, 0);
	call(f, 1);
	for (int i = 0; i < 25; i++)
		wipes += (call(f, 50) & EBT_PH_EV_TOLERIZE) != 0;
	assert_int_equal(wipes, 1);
	assert_int_equal(f->set->profile.state, EBT_PH_NORMAL);
	ebt_ph_set_stats(f->set, &st);
	assert_int_equal(st.pairs_a, 1);  /* 50 after 50, learned after the wipe */
	assert_int_equal(st.pairs_b, 10); /* what it was normal by */
	assert_true(f->set->profile.anomalies < 25);
}

static void test_verbs(void **state)
{
	struct fixture *f = *state;
	struct ebt_ph_profile *p = &f->set->profile;
	static const uint32_t bad[] = { 1, 7 };
	struct ebt_ph_stats st;

	make_normal(f);
	run(f, bad, 2);
	ebt_ph_wipe(p, 2); /* sensitize */
	ebt_ph_set_stats(f->set, &st);
	assert_int_equal(st.pairs_a, 0);
	assert_int_equal(st.pairs_b, 10);
	assert_int_equal(p->state, EBT_PH_NORMAL);
	assert_int_equal(st.calls, 7);
	assert_false(RUN(f) & EBT_PH_EV_ANOMALY);
	assert_true(run(f, bad, 2) & EBT_PH_EV_ANOMALY);

	ebt_ph_stop_normal(p, 3); /* tolerize: A keeps what it learned */
	assert_int_equal(p->state, 0);
	ebt_ph_start_normal(p, 4); /* normalize */
	assert_false(run(f, bad, 2) & EBT_PH_EV_ANOMALY);
	assert_int_equal(p->anomalies, 0);
}

/* A row that was not used while epochs went by has what it would have had. */
static void test_epochs(void **state)
{
	struct fixture *f = *state;
	struct ebt_ph_profile *p = &f->set->profile;
	struct ebt_ph_stats st;

	RUN(f);
	ebt_ph_start_normal(p, 1);
	ebt_ph_wipe(p, 2);
	ebt_ph_wipe(p, 3);
	ebt_ph_set_stats(f->set, &st);
	assert_int_equal(st.pairs_a, 0);
	assert_int_equal(st.pairs_b, 10);
	ebt_ph_start_normal(p, 4); /* from the empty A */
	ebt_ph_set_stats(f->set, &st);
	assert_int_equal(st.pairs_b, 0);
}

/* A profile that stopped being normal without having learned anything can freeze again. */
static void test_tolerize_refreezes(void **state)
{
	struct fixture *f = *state;
	int64_t events = 0;

	make_normal(f);
	RUN(f);
	ebt_ph_stop_normal(&f->set->profile, 2);
	for (int i = 0; i < 10; i++)
		events |= RUN(f);
	assert_true(events & EBT_PH_EV_FROZEN);
}

static void test_signal_frames(void **state)
{
	struct fixture *f = *state;
	uint64_t before;

	call(f, 1);
	call(f, 2);
	before = f->task.before;
	assert_int_equal(ebt_ph_push(&f->task), 0);
	assert_int_equal(f->task.before, 0);
	call(f, 8);
	ebt_ph_pop(&f->task);
	assert_int_equal(f->task.before, before);
	/* Pops that have no push do nothing. */
	ebt_ph_pop(&f->task);
	assert_int_equal(f->task.before, before);
	/* Handlers left by longjmp: the oldest frames go, the newest come back in order. */
	for (uint64_t i = 1; i <= 6; i++) {
		f->task.before = i;
		assert_int_equal(ebt_ph_push(&f->task), i > EBT_PH_FRAMES);
	}
	for (uint64_t i = 6; i > 2; i--) {
		ebt_ph_pop(&f->task);
		assert_int_equal(f->task.before, i);
	}
	assert_int_equal(f->task.depth, 0);
}

/* More calls than there are columns: they share the last one, nothing is written out of bounds. */
static void test_many_calls(void **state)
{
	struct fixture *f = *state;
	struct ebt_ph_stats st;

	for (int round = 0; round < 2; round++) {
		for (uint32_t nr = 0; nr < EBT_PH_CALLS; nr++)
			call(f, nr);
	}
	ebt_ph_set_stats(f->set, &st);
	assert_int_equal(st.distinct, EBT_PH_CALLS);
	assert_int_equal(st.rows, 255);
	assert_int_equal(ebt_ph_col(&f->set->profile, 1023), EBT_PH_OTHER);
}

#define NRS 12

/* The definition, written out: pairs as sets, copied and emptied at once. */
struct plain {
	uint8_t a[NRS][NRS], b[NRS][NRS];
	int before[EBT_PH_BEFORE], n;
	bool normal;
};

/* What the next call misses in B; A learns it. */
static uint32_t plain_call(struct plain *m, uint32_t nr)
{
	uint32_t missed = 0;

	for (int d = 0; d < m->n; d++) {
		missed += m->normal && !(m->b[nr][m->before[d]] & 1u << d);
		m->a[nr][m->before[d]] |= 1u << d;
	}
	memmove(m->before + 1, m->before, sizeof(m->before) - sizeof(m->before[0]));
	m->before[0] = (int)nr;
	m->n += m->n < EBT_PH_BEFORE;
	return missed;
}

static void plain_verb(struct plain *m, struct ebt_ph_profile *p, int verb)
{
	if (verb == EBT_PH_NORMALIZE) {
		memcpy(m->b, m->a, sizeof(m->a));
		m->normal = true;
		ebt_ph_start_normal(p, 1);
	} else if (verb == EBT_PH_SENSITIZE) {
		memset(m->a, 0, sizeof(m->a));
		ebt_ph_wipe(p, 1);
	} else {
		m->normal = false;
		ebt_ph_stop_normal(p, 1);
	}
}

/* Rows follow their profile late, and a row whose tables are the same is looked at once: neither
 * may be seen from outside. */
static void test_against_the_definition(void **state)
{
	struct fixture *f = *state;
	struct plain m = { 0 };
	uint32_t anomalies = 0;

	f->cfg.anomaly_limit = EBT_PH_NEVER;
	f->cfg.tolerize_limit = EBT_PH_LOCALITY;
	f->cfg.normal_factor = EBT_PH_NEVER / 1000000; /* only the verbs change the state */
	srand(1);
	for (int i = 0; i < 20000; i++) {
		/* Mostly a habit, so that there is something to be normal. */
		uint32_t nr = rand() % 16 ? (uint32_t)i % 5 : (uint32_t)rand() % NRS, missed;
		int64_t events;

		if (rand() % 200 == 0)
			plain_verb(&m, &f->set->profile, 1 + rand() % 3);
		if (rand() % 50 == 0) {
			ebt_ph_task_begin(&f->task, 0);
			m.n = 0;
		}
		missed = plain_call(&m, nr);
		events = call(f, nr);
		assert_int_equal(events >> EBT_PH_EV_MISSED_SHIFT, missed);
		assert_int_equal(!!(events & EBT_PH_EV_ANOMALY), missed > 0);
		anomalies += missed > 0;
	}
	assert_in_range(anomalies, 100, 19000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_freeze_ratio),
		TEST(test_min_train),
		TEST(test_normal_after_wait),
		TEST(test_anomaly_counts_pairs),
		TEST(test_anomaly_limit),
		TEST(test_locality),
		TEST(test_tolerize_limit),
		TEST(test_verbs),
		TEST(test_epochs),
		TEST(test_tolerize_refreezes),
		TEST(test_signal_frames),
		TEST(test_many_calls),
		TEST(test_against_the_definition),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
