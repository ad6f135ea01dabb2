/* SPDX-License-Identifier: BSD-3-Clause */
/* The counters of all generations, and of each by the difference to those before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bpf/counters.h"
#include "fake_bpf.h"

static struct ebt_counters counters;
static int map;

static int set_up(void **state)
{
	(void)state;
	fake_bpf_reset();
	map = bpf_map_create(BPF_MAP_TYPE_PERCPU_ARRAY, "ebt_counters", 4,
			     sizeof(struct ebt_counter_pair), 1, NULL);
	return ebt_counters_init(&counters, FAKE_CPUS);
}

static int tear_down(void **state)
{
	(void)state;
	close(map);
	ebt_counters_free(&counters);
	assert_null(counters.pairs);
	fake_bpf_reset();
	return 0;
}

static void put(const struct ebt_counter_pair pairs[FAKE_CPUS])
{
	uint32_t zero = 0;

	assert_int_equal(bpf_map_update_elem(map, &zero, pairs, BPF_ANY), 0);
}

/* As the programs keep it. */
static uint64_t high_water(uint64_t generation, uint64_t bytes)
{
	return generation << EBT_HIGH_WATER_BITS | bytes;
}

static void test_all(void **state)
{
	struct ebt_counter_pair pairs[FAKE_CPUS] = { 0 };
	struct ebt_cpu_counters out[FAKE_CPUS];

	(void)state;
	pairs[0].of[0] = (struct ebt_cpu_counters){ .seen = 10,
						    .high_water = high_water(2, 900),
						    .max_event = 9,
						    .seq = 40,
						    .ends_lost = 3 };
	pairs[0].of[1] = (struct ebt_cpu_counters){
		.seen = 5, .high_water = high_water(3, 700), .max_event = 8, .ends_lost = 4
	};
	pairs[1].of[1].lost_ring = 2;
	put(pairs);
	assert_int_equal(ebt_counters_all(&counters, map, 3, out), 0);
	assert_int_equal(out[0].seen, 15);
	assert_int_equal(out[0].seq, 40);
	assert_int_equal(out[0].ends_lost, 7);
	/* Maxima are not summed, and the buffers of an earlier generation had another size. */
	assert_int_equal(out[0].high_water, 700);
	assert_int_equal(out[1].high_water, 0);
	assert_int_equal(out[0].max_event, 9);
	assert_int_equal(out[0].lost_ring, 0);
	assert_int_equal(out[1].lost_ring, 2);
	assert_int_equal(out[1].seen, 0);
	assert_int_equal(ebt_counters_all(&counters, -ENOENT, 3, out), -ENOENT);
}

static void test_of(void **state)
{
	struct ebt_counter_pair pairs[FAKE_CPUS] = { 0 };
	struct ebt_cpu_counters out[FAKE_CPUS];

	(void)state;
	pairs[0].of[1] = (struct ebt_cpu_counters){ .seen = 10, .high_water = high_water(1, 300) };
	put(pairs);
	assert_int_equal(ebt_counters_of(&counters, map, 1, out), 0);
	assert_int_equal(out[0].seen, 10);
	assert_int_equal(out[0].high_water, 300);
	ebt_counters_close(&counters, map, 1);
	/* Generation 2 counts elsewhere, 3 in the place of 1. */
	pairs[0].of[0].seen = 7;
	pairs[0].of[1].seen = 14;
	pairs[1].of[1].seen = 1;
	put(pairs);
	assert_int_equal(ebt_counters_of(&counters, map, 2, out), 0);
	assert_int_equal(out[0].seen, 7);
	assert_int_equal(ebt_counters_of(&counters, map, 3, out), 0);
	assert_int_equal(out[0].seen, 4);
	assert_int_equal(out[0].high_water, 0);
	assert_int_equal(out[1].seen, 1);
	assert_int_equal(ebt_counters_of(&counters, -EBADF, 3, out), -EBADF);
}

/* A map that cannot be read ends nothing. */
static void test_close_without_map(void **state)
{
	struct ebt_counter_pair pairs[FAKE_CPUS] = { 0 };
	struct ebt_cpu_counters out[FAKE_CPUS];

	(void)state;
	pairs[0].of[0].seen = 3;
	put(pairs);
	ebt_counters_all(&counters, map, 3, out);
	ebt_counters_close(&counters, -1, 2);
	assert_int_equal(ebt_counters_of(&counters, map, 2, out), 0);
	assert_int_equal(out[0].seen, 3);
}

static void lose(struct ebt_cpu_counters *c, unsigned at, uint64_t who, uint64_t ring,
		 uint64_t busy)
{
	c->losers[at] = (struct ebt_loser){ .who = who, .lost = { ring, busy } };
}

static void test_losers(void **state)
{
	struct ebt_counter_pair pairs[FAKE_CPUS] = { 0 };
	struct ebt_cpu_counters out[FAKE_CPUS];

	(void)state;
	lose(&pairs[0].of[0], 0, 1001, 5, 1);
	lose(&pairs[0].of[1], 0, 7, 2, 0);
	lose(&pairs[0].of[1], 1, 1001, 10, 20);
	put(pairs);
	assert_int_equal(ebt_counters_all(&counters, map, 3, out), 0);
	assert_int_equal(out[0].losers[0].who, 1001);
	assert_int_equal(out[0].losers[0].lost[0], 15);
	assert_int_equal(out[0].losers[0].lost[1], 21);
	assert_int_equal(out[0].losers[1].who, 7);
	assert_int_equal(out[0].losers[1].lost[0], 2);
	assert_int_equal(out[0].losers[2].who, 0);
	/* The differences of one generation to the one before it. */
	ebt_counters_close(&counters, map, 1);
	lose(&pairs[0].of[1], 1, 1001, 13, 20);
	put(pairs);
	assert_int_equal(ebt_counters_of(&counters, map, 3, out), 0);
	assert_int_equal(out[0].losers[0].lost[0], 0);
	assert_int_equal(out[0].losers[1].lost[0], 3);
	assert_int_equal(out[0].losers[1].lost[1], 0);
}

/* A user who finds no entry is in the totals only. */
static void test_more_losers_than_entries(void **state)
{
	struct ebt_counter_pair pairs[FAKE_CPUS] = { 0 };
	struct ebt_cpu_counters out[FAKE_CPUS];

	(void)state;
	for (unsigned i = 0; i < EBT_LOSERS; i++)
		lose(&pairs[0].of[0], i, 100 + i, 1, 1);
	lose(&pairs[0].of[1], 0, 200, 50, 50);
	lose(&pairs[0].of[1], 1, 100 + EBT_LOSERS - 1, 1, 2);
	put(pairs);
	assert_int_equal(ebt_counters_all(&counters, map, 3, out), 0);
	for (unsigned i = 0; i < EBT_LOSERS; i++)
		assert_int_equal(out[0].losers[i].who, 100 + i);
	assert_int_equal(out[0].losers[0].lost[0], 1);
	assert_int_equal(out[0].losers[EBT_LOSERS - 1].lost[0], 2);
	assert_int_equal(out[0].losers[EBT_LOSERS - 1].lost[1], 3);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_all),
		T(test_of),
		T(test_close_without_map),
		T(test_losers),
		T(test_more_losers_than_entries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
