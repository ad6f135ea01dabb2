/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "ebt_abi.h"
#include "model/advice.h"

static struct ebt_sizes sizes;

static void fill(uint64_t bytes, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		ebt_sizes_add(&sizes, bytes);
}

static void advise(struct ebt_advice *out, uint32_t scratch, uint64_t lost, unsigned fill_percent)
{
	struct ebt_advice_input in = { .sizes = &sizes,
				       .scratch_bytes = scratch,
				       .ring_bytes = 8u << 20,
				       .lost_ring = lost,
				       .peak_bytes = (8ull << 20) * fill_percent / 100 + 1 };

	ebt_advise(&in, out);
}

static void test_percentile_is_at_most_an_eighth_too_high(void **state)
{
	(void)state;
	for (uint64_t bytes = 1; bytes < 6u << 20; bytes = bytes * 5 / 4 + 1) {
		uint64_t p;

		memset(&sizes, 0, sizeof(sizes));
		ebt_sizes_add(&sizes, bytes);
		p = ebt_sizes_percentile(&sizes, 990);
		assert_in_range(p, bytes, bytes + bytes / 8);
	}
	memset(&sizes, 0, sizeof(sizes));
	assert_int_equal(ebt_sizes_percentile(&sizes, 990), 0);
	fill(1000, 99);
	fill(100000, 1);
	assert_in_range(ebt_sizes_percentile(&sizes, 990), 1000, 1125);
	assert_in_range(ebt_sizes_percentile(&sizes, 1000), 100000, 112500);
	/* Beyond all octaves: the last bucket, not the memory behind it. */
	ebt_sizes_add(&sizes, UINT64_MAX);
}

static void test_scratch(void **state)
{
	struct ebt_advice a;

	(void)state;
	memset(&sizes, 0, sizeof(sizes));
	fill(5200, 199);
	advise(&a, 4096, 0, 0);
	assert_int_equal(a.n, 0); /* too few */
	fill(5200, 1);
	advise(&a, 4096, 0, 0);
	assert_int_equal(a.n, 1);
	assert_true(a.grows);
	assert_int_equal(a.scratch_bytes, 6144);
	assert_int_equal(a.ring_bytes, 8u << 20);
	assert_string_equal(a.text[0], "p99 record 5.4K: --scratch 6K ends continuation records "
				       "on this load; costs 4.0K more a CPU");
	/* What is advised is enough. */
	advise(&a, a.scratch_bytes, 0, 0);
	assert_int_equal(a.n, 0);
	/* One in ten is larger than any slot: the others still gain. */
	fill(1u << 20, 15);
	advise(&a, 4096, 0, 0);
	assert_int_equal(a.scratch_bytes, 6144);
	/* Nothing fits: nothing is said. */
	fill(1u << 20, 2000);
	advise(&a, 4096, 0, 0);
	assert_int_equal(a.n, 0);
}

static void test_scratch_too_large(void **state)
{
	struct ebt_advice a;

	(void)state;
	memset(&sizes, 0, sizeof(sizes));
	fill(700, 9999);
	advise(&a, 32768, 0, 0);
	assert_int_equal(a.n, 0);
	fill(700, 1);
	advise(&a, 32768, 0, 0);
	assert_int_equal(a.n, 1);
	assert_false(a.grows);
	assert_int_equal(a.scratch_bytes, 2048);
	advise(&a, 2048, 0, 0);
	assert_int_equal(a.n, 0);
}

static void test_ring(void **state)
{
	struct ebt_advice a;

	(void)state;
	memset(&sizes, 0, sizeof(sizes));
	advise(&a, 8192, 0, 74);
	assert_int_equal(a.n, 0);
	advise(&a, 8192, 0, 75);
	assert_int_equal(a.ring_bytes, 16u << 20);
	advise(&a, 8192, 12, 0);
	assert_int_equal(a.n, 1);
	assert_int_equal(a.ring_bytes, 32u << 20);
	assert_string_equal(a.text[0],
			    "12 events lost or cut by a full ring: --ring 32M; costs 24M");
}

static void test_ring_too_large(void **state)
{
	struct ebt_advice_input in = { .sizes = &sizes,
				       .scratch_bytes = 2048,
				       .ring_bytes = 64u << 20,
				       .peak_bytes = 300000 };
	struct ebt_advice a;

	(void)state;
	memset(&sizes, 0, sizeof(sizes));
	fill(700, 9999);
	ebt_advise(&in, &a);
	assert_int_equal(a.n, 0);
	fill(700, 1);
	ebt_advise(&in, &a);
	assert_int_equal(a.n, 1);
	assert_false(a.grows);
	assert_int_equal(a.ring_bytes, 8u << 20);
	assert_string_equal(a.text[0], "at most 292K waited in the ring: --ring 8M leaves room; "
				       "frees 56M");
	/* What was needed is left eight times. */
	in.peak_bytes = 2u << 20;
	ebt_advise(&in, &a);
	assert_int_equal(a.ring_bytes, 16u << 20);
	in.peak_bytes = 8u << 20;
	ebt_advise(&in, &a);
	assert_int_equal(a.n, 0);
	/* Not after a loss, and not below the default. */
	in.peak_bytes = 300000;
	in.cut_ring = 1;
	ebt_advise(&in, &a);
	assert_true(a.grows);
	in.cut_ring = 0;
	in.ring_bytes = 8u << 20;
	ebt_advise(&in, &a);
	assert_int_equal(a.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_percentile_is_at_most_an_eighth_too_high),
		cmocka_unit_test(test_scratch),
		cmocka_unit_test(test_scratch_too_large),
		cmocka_unit_test(test_ring),
		cmocka_unit_test(test_ring_too_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
