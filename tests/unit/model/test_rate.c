/* SPDX-License-Identifier: BSD-3-Clause */
/* Rates and sparklines, with a clock of our own. */
#include "feed.h"

#include "groups/rate.h"

#define assert_near(got, want)                               \
	do {                                                 \
		double g_ = (got), w_ = (want);              \
		if (!(g_ > w_ - 1e-6 && g_ < w_ + 1e-6))     \
			fail_msg("got %f, want %f", g_, w_); \
	} while (0)

/* A thousand random walks of the clock against counting one by one. */
static void test_against_a_list(void **state)
{
	uint32_t x = 5;

	for (unsigned round = 0; round < 300; round++) {
		struct ebt_rate rate = { 0 };
		uint64_t at[400], now = 100 + rnd(&x) % 1000;
		unsigned n = 0;
		uint16_t spark[EBT_SPARK_LEN];

		for (unsigned i = 0; i < 400; i++) {
			uint64_t s;
			unsigned want = 0;

			if (rnd(&x) % 3 == 0)
				now += rnd(&x) % (rnd(&x) % 10 ? 4 : 150);
			s = now - rnd(&x) % 100; /* some come late, some too late */
			ebt_rate_add(&rate, s, 1);
			if (n == 0 || rate.last_s - s < EBT_SPARK_LEN)
				at[n++] = s;
			for (unsigned k = 0; k < n; k++)
				want += rate.last_s - at[k] < EBT_SPARK_LEN;
			assert_int_equal(rate.sum, want);
		}
		ebt_rate_spark(&rate, now * S, spark);
		for (unsigned k = 0; k < EBT_SPARK_LEN; k++) {
			unsigned want = 0;

			for (unsigned i = 0; i < n; i++)
				want += at[i] == now - (EBT_SPARK_LEN - 1) + k;
			assert_int_equal(spark[k], want);
		}
	}
}

static void test_now(void **state)
{
	struct ebt_rate rate = { 0 };
	struct ebt_rate_now now = { 100 * S, 1 };

	ebt_rate_add(&rate, 99, 10);
	ebt_rate_add(&rate, 98, 20);
	assert_near(ebt_rate_now(&rate, &now), (10 + 20) / 2.0);
	now.now_ns = 100 * S + S / 2;
	assert_near(ebt_rate_now(&rate, &now), (10 + 20 * 0.5) / 2.0);
	ebt_rate_add(&rate, 100, 6);
	assert_near(ebt_rate_now(&rate, &now), (6 + 10 + 20 * 0.5) / 2.0);
	now.now_ns = 103 * S;
	assert_near(ebt_rate_now(&rate, &now), 0);
	assert_near(ebt_rate_minute(&rate, &now), 36 / 59.0);
	now.now_ns = 103 * S + S / 4;
	assert_near(ebt_rate_minute(&rate, &now), 36 / 59.25);
	now.now_ns = 200 * S;
	assert_near(ebt_rate_minute(&rate, &now), 0);
}

/* A steady stream has its rate at any moment. */
static void test_steady(void **state)
{
	struct ebt_rate rate = { 0 };

	for (uint64_t ms = 0; ms < 200000; ms += 20) {
		struct ebt_rate_now now = { 1000 * S + ms * MS, 1000 * S };
		double sec;

		ebt_rate_add(&rate, now.now_ns / S, 1);
		if (ms < 3000)
			continue;
		sec = ebt_rate_now(&rate, &now);
		assert_true(sec > 49 && sec < 51);
		sec = ebt_rate_minute(&rate, &now);
		assert_true(sec > 49 && sec < 51);
	}
}

/* Young: divided by the time there has been, not by a minute; never by less than a second. */
static void test_young(void **state)
{
	struct ebt_rate rate = { 0 };
	struct ebt_rate_now now = { 1000 * S + S / 10, 1000 * S };

	ebt_rate_add(&rate, 1000, 30);
	assert_near(ebt_rate_now(&rate, &now), 30);
	assert_near(ebt_rate_minute(&rate, &now), 30);
	now.now_ns = 1001 * S + S / 2;
	assert_near(ebt_rate_now(&rate, &now), 20);
	assert_near(ebt_rate_minute(&rate, &now), 20);
	now.now_ns = 1010 * S;
	assert_near(ebt_rate_minute(&rate, &now), 3);
}

static void test_saturates(void **state)
{
	struct ebt_rate rate = { 0 };
	uint16_t spark[EBT_SPARK_LEN];

	ebt_rate_add(&rate, 10, 60000);
	ebt_rate_add(&rate, 10, 60000);
	ebt_rate_add(&rate, 10, 1u << 31);
	ebt_rate_spark(&rate, 10 * S, spark);
	assert_int_equal(spark[EBT_SPARK_LEN - 1], UINT16_MAX);
	assert_int_equal(rate.sum, UINT16_MAX);
	ebt_rate_advance(&rate, 70);
	assert_int_equal(rate.sum, 0);
}

/* A recording with a clock that makes no sense does not stop the rates for ever. */
static void test_clock_from_the_future(void **state)
{
	struct ebt_rate rate = { 0 };
	struct ebt_rate_now now = { 100 * S, 1 };

	ebt_rate_add(&rate, UINT64_MAX / S, 5);
	assert_near(ebt_rate_now(&rate, &now), 0);
	ebt_rate_add(&rate, 100, 4);
	assert_near(ebt_rate_now(&rate, &now), 2);
	/* A second ahead is only the clocks of two CPUs. */
	ebt_rate_add(&rate, 101, 4);
	assert_int_equal(rate.sum, 8);
}

static void test_merge(void **state)
{
	struct ebt_rate a = { 0 }, b = { 0 };
	uint16_t spark[EBT_SPARK_LEN];

	ebt_rate_add(&a, 100, 1);
	ebt_rate_add(&a, 50, 2);
	ebt_rate_add(&b, 105, 4);
	ebt_rate_add(&b, 100, 8);
	ebt_rate_add(&b, 47, 16);
	ebt_rate_merge(&a, &b);
	ebt_rate_spark(&a, 105 * S, spark);
	assert_int_equal(spark[59], 4);
	assert_int_equal(spark[54], 9);
	assert_int_equal(spark[4], 2);
	assert_int_equal(spark[1], 16);
	assert_int_equal(a.sum, 31);
}

/* The head and a group's row, fed by events. */
static void test_of_the_model(void **state)
{
	struct ebt_model *model = *state;
	struct ebt_snapshot snap;
	uint32_t pid = 0;

	ebt_model_tick(model, 1000 * S);
	for (uint64_t s = 1000; s < 1100; s++) {
		for (unsigned k = 0; k < 6; k++) {
			pid++;
			EXEC(model, .at = s * S + k * 100 * MS, .pid = pid,
			     .comm = s < 1050 ? "early" : "late", .ret = k ? 0 : -2, .start = pid);
			if (k == 1)
				feed_exit(model, s * S + 200 * MS, pid, pid, 256, 0);
		}
		ebt_model_tick(model, (s + 1) * S);
	}
	snap = take_groups(model, EBT_GROUP_COMM, 1100 * S);
	assert_near(snap.execs_per_s, 6);
	assert_near(snap.failures_per_s, 2);
	assert_int_equal(snap.failures, 200);
	assert_int_equal(snap.spark[59], 0); /* the second that just began */
	for (unsigned i = 0; i < 59; i++) {
		assert_int_equal(snap.spark[i], 6);
		assert_int_equal(snap.spark_failures[i], 2);
		assert_int_equal(group_of(&snap, "early")->spark[i], i < 9 ? 6 : 0);
		assert_int_equal(group_of(&snap, "late")->spark[i], i < 9 ? 0 : 6);
	}
	assert_near(group_of(&snap, "early")->rate, 0);
	assert_near(group_of(&snap, "early")->rate_1m, 9 * 6 / 59.0);
	assert_near(group_of(&snap, "late")->rate, 6);
	assert_int_equal(group_of(&snap, "late")->count, 300);
	/* Nobody feeds: all falls to nothing by itself. */
	snap = take_groups(model, EBT_GROUP_COMM, 1200 * S);
	assert_near(snap.execs_per_s, 0);
	assert_near(group_of(&snap, "late")->rate_1m, 0);
	assert_int_equal(snap.spark[0], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_a_list), cmocka_unit_test(test_now),
		cmocka_unit_test(test_steady),	       cmocka_unit_test(test_young),
		cmocka_unit_test(test_saturates),      cmocka_unit_test(test_clock_from_the_future),
		cmocka_unit_test(test_merge),	       WITH_MODEL(test_of_the_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
