/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "advice/advice.h"
#include "ebt_abi.h"

static struct ebt_sizes sizes, slots;

static void forget(void)
{
	memset(&sizes, 0, sizeof(sizes));
	memset(&slots, 0, sizeof(slots));
}

/* Execs with records of so many bytes, nearly all of it arguments. */
static void fill(uint64_t bytes, unsigned n)
{
	struct ebt_event_exec x = { .filename.len = 20, .exe.len = 20, .cwd.len = 20 };

	x.args_captured = (uint32_t)(bytes - ebt_exec_record_bytes(&x));
	for (unsigned i = 0; i < n; i++) {
		ebt_sizes_add(&sizes, ebt_exec_record_bytes(&x));
		ebt_sizes_add(&slots, ebt_exec_slot_bytes(&x));
	}
}

static void advise(struct ebt_advice *out, uint32_t scratch, uint64_t lost, unsigned fill_percent)
{
	struct ebt_advice_input in = { .sizes = &sizes,
				       .slots = &slots,
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
	for (int i = 0; i < 99; i++)
		ebt_sizes_add(&sizes, 1000);
	ebt_sizes_add(&sizes, 100000);
	assert_in_range(ebt_sizes_percentile(&sizes, 990), 1000, 1125);
	assert_in_range(ebt_sizes_percentile(&sizes, 1000), 100000, 112500);
	/* Beyond all octaves: the last bucket, not the memory behind it. */
	ebt_sizes_add(&sizes, UINT64_MAX);
}

/* As bpf_text/exec.bpf.c divides its buffer: tests/kernel/auto.sh has the kernel's word for it. */
static void test_slot(void **state)
{
	struct ebt_event_exec x = { .filename.len = 10, .exe.len = 10, .cwd.len = 10 };
	uint64_t fixed = ebt_exec_slot_bytes(&x) - 8 * 12; /* the room: eight times a string */

	(void)state;
	x.args_captured = 500;
	assert_int_equal(ebt_exec_slot_bytes(&x) - fixed, 808); /* five eighths */
	x.args_captured = 5000;
	assert_int_equal(ebt_exec_slot_bytes(&x) - fixed, 5000 + 3 * EBT_INLINE_STR_MAX);
	x.args_captured = 0;
	x.exe.len = 300;
	assert_int_equal(ebt_exec_slot_bytes(&x) - fixed, 8 * 302);
	/* One that has a record of its own in any slot. */
	x.exe.len = EBT_INLINE_STR_MAX;
	assert_int_equal(ebt_exec_slot_bytes(&x) - fixed, 8);
}

static void test_scratch(void **state)
{
	struct ebt_advice a;

	(void)state;
	forget();
	fill(5200, 199);
	advise(&a, 4096, 0, 0);
	assert_int_equal(a.n, 0); /* too few */
	fill(5200, 1);
	advise(&a, 4096, 0, 0);
	assert_int_equal(a.n, 1);
	assert_true(a.grows);
	assert_int_equal(a.scratch_bytes, 7168);
	assert_int_equal(a.ring_bytes, 8u << 20);
	assert_string_equal(a.text[0], "p99 record 5.4K: --scratch 7K ends continuation records "
				       "on this load; costs 6.0K more a CPU");
	/* What is advised is enough. */
	advise(&a, a.scratch_bytes, 0, 0);
	assert_int_equal(a.n, 0);
	/* One in ten is larger than any slot: the others still gain. */
	fill(1u << 20, 15);
	advise(&a, 4096, 0, 0);
	assert_int_equal(a.scratch_bytes, 7168);
	/* Nothing fits: nothing is said. */
	fill(1u << 20, 2000);
	advise(&a, 4096, 0, 0);
	assert_int_equal(a.n, 0);
}

static void test_scratch_too_large(void **state)
{
	struct ebt_advice a;

	(void)state;
	forget();
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
	forget();
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
				       .slots = &slots,
				       .scratch_bytes = 2048,
				       .ring_bytes = 64u << 20,
				       .peak_bytes = 300000 };
	struct ebt_advice a;

	(void)state;
	forget();
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
		cmocka_unit_test(test_slot),
		cmocka_unit_test(test_scratch),
		cmocka_unit_test(test_scratch_too_large),
		cmocka_unit_test(test_ring),
		cmocka_unit_test(test_ring_too_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
