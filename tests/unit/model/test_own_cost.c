/* SPDX-License-Identifier: BSD-3-Clause */
/* Shares of a CPU over the last seconds, of processes that come and go. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/own_cost.h"

#define S 1000000000ull

static void assert_share(double share, double expected)
{
	if (share < expected - 0.0001 || share > expected + 0.0001)
		fail_msg("%f, not %f", share, expected);
}

/* Two processes that take a tenth and a twentieth of a CPU, and the BPF programs a hundredth. */
static void update(struct ebt_own_costs *c, uint64_t at_ns, unsigned count)
{
	const struct ebt_process_cost p[] = {
		{ .pid = 1, .cpu_ns = at_ns / 10, .memory_bytes = 5 << 20 },
		{ .pid = 2, .cpu_ns = at_ns / 20, .memory_bytes = 7 << 20 },
	};

	ebt_own_costs_update(c, p, count, at_ns / 100, at_ns);
}

static void test_shares(void **state)
{
	struct ebt_own_costs c = { 0 };

	(void)state;
	update(&c, 100 * S, 2);
	assert_share(c.all_share, 0); /* nothing to compare with */
	assert_int_equal(c.process_bytes, 12 << 20);
	for (unsigned i = 1; i < 30; i++) {
		update(&c, (100 + i) * S, 2);
		assert_share(c.share[0], 0.1);
		assert_share(c.share[1], 0.05);
		assert_share(c.bpf_share, 0.01);
		assert_share(c.all_share, 0.16);
	}
}

static void test_recent(void **state)
{
	struct ebt_own_costs c = { 0 };
	struct ebt_process_cost p = { .pid = 1 };

	(void)state;
	for (unsigned i = 1; i <= 20; i++) {
		p.cpu_ns += S / 2;
		ebt_own_costs_update(&c, &p, 1, 0, i * S);
	}
	assert_share(c.all_share, 0.5);
	/* It has been idle for longer than the window. */
	for (unsigned i = 21; i <= 35; i++)
		ebt_own_costs_update(&c, &p, 1, 0, i * S);
	assert_share(c.all_share, 0);
}

static void test_processes_change(void **state)
{
	struct ebt_own_costs c = { 0 };

	(void)state;
	update(&c, 0 * S + 1, 1);
	/* One that is new has had all of its time since. */
	update(&c, 4 * S, 2);
	assert_share(c.share[1], 0.05);
	/* One that has ended is no longer there. */
	update(&c, 5 * S, 1);
	assert_int_equal(c.now.count, 1);
	assert_int_equal(c.process_bytes, 5 << 20);
	assert_share(c.all_share, 0.11);
	/* Times that fall (another process has its pid now) are no share. */
	ebt_own_costs_update(&c, &(struct ebt_process_cost){ .pid = 1 }, 1, 0, 6 * S);
	assert_share(c.all_share, 0);
	/* More than there is room for. */
	ebt_own_costs_update(&c, (struct ebt_process_cost[EBT_COSTS_MAX + 5]){ 0 },
			     EBT_COSTS_MAX + 5, 0, 7 * S);
	assert_int_equal(c.now.count, EBT_COSTS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_shares),
					    cmocka_unit_test(test_recent),
					    cmocka_unit_test(test_processes_change) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
