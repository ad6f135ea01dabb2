/* SPDX-License-Identifier: BSD-3-Clause */
/* Per-CPU statistics: sums, rates, fill, and when the accounting holds. */
#include "feed.h"

struct buffers {
	struct ebt_cpu_counters c[2];
	uint64_t received[2], gaps[2];
	struct ebt_model_buffers b;
};

static void update(struct ebt_model *model, struct buffers *b, uint64_t now)
{
	b->b.counters = b->c;
	b->b.received = b->received;
	b->b.gaps = b->gaps;
	b->b.ncpu = 2;
	ebt_model_buffers(model, &b->b, now);
}

/* n events on a CPU, all of them received. */
static void deliver(struct buffers *b, unsigned cpu, uint64_t n)
{
	b->c[cpu].seen += n;
	b->c[cpu].delivered += n;
	b->c[cpu].records += n;
	b->c[cpu].bytes += n * 300;
	b->received[cpu] += n;
}

static bool holds(struct ebt_model *model)
{
	struct ebt_snapshot snap = take(model, EBT_LIST_NONE, 50 * S);

	assert_int_equal(snap.accounting_holds, snap.total.accounting_holds);
	assert_int_equal(snap.accounting_holds,
			 snap.cpus[0].accounting_holds && snap.cpus[1].accounting_holds);
	return snap.accounting_holds;
}

static void test_nothing_known(void **state)
{
	struct ebt_snapshot snap = take(*state, EBT_LIST_NONE, S);

	assert_int_equal(snap.ncpu, 2);
	assert_true(snap.accounting_holds);
	assert_int_equal(snap.total.c.seen, 0);
	assert_int_equal(snap.ring_fill[59], 0);
}

static void test_sums(void **state)
{
	struct ebt_model *model = *state;
	struct buffers b = { .b = { .ring_used = 25,
				    .ring_size = 100,
				    .scratch_bytes = 4096,
				    .kernel_bytes = 77,
				    .recursion_misses = 3 } };
	struct ebt_snapshot snap;

	deliver(&b, 0, 10);
	deliver(&b, 1, 5);
	b.c[0].seen += 7;
	b.c[0].lost_ring = 4;
	b.c[0].lost_busy = 3;
	b.gaps[0] = 7;
	b.c[1].cut_ring = 2;
	b.c[0].high_water = 900;
	b.c[1].high_water = 1000;
	b.c[0].max_event = 5000;
	b.c[1].max_event = 4000;
	b.c[1].aux_lost = 9;
	b.c[0].slot_used[1] = 6;
	update(model, &b, 10 * S);
	snap = take(model, EBT_LIST_NONE, 10 * S);
	assert_int_equal(snap.total.c.seen, 22);
	assert_int_equal(snap.total.c.delivered, 15);
	assert_int_equal(snap.total.c.high_water, 1000);
	assert_int_equal(snap.total.c.max_event, 5000);
	assert_int_equal(snap.total.c.aux_lost, 9);
	assert_int_equal(snap.total.c.slot_used[1], 6);
	assert_int_equal(snap.total.received, 15);
	assert_int_equal(snap.total.gaps, 7);
	assert_int_equal(snap.lost_ring, 4);
	assert_int_equal(snap.lost_busy, 3);
	assert_int_equal(snap.lost_total, 7);
	assert_int_equal(snap.cut, 2);
	assert_int_equal(snap.cpus[1].c.bytes, 1500);
	assert_int_equal(snap.ring_fill[59], 25);
	assert_int_equal(snap.scratch_bytes, 4096);
	assert_int_equal(snap.kernel_bytes, 77);
	assert_int_equal(snap.recursion_misses, 3);
	assert_true(snap.accounting_holds);
	/* They are the kernel's: clearing the model leaves them. */
	ebt_model_clear(model);
	assert_int_equal(take(model, EBT_LIST_NONE, 10 * S).total.c.seen, 22);
}

static void test_rates(void **state)
{
	struct ebt_model *model = *state;
	struct buffers b = { 0 };
	struct ebt_snapshot snap;

	for (unsigned i = 0; i < 100; i++) {
		update(model, &b, 10 * S + i * 100 * MS);
		snap = take(model, EBT_LIST_NONE, 10 * S);
		if (i >= 5) {
			assert_true(snap.cpus[0].events_per_s > 99 &&
				    snap.cpus[0].events_per_s < 101);
			assert_true(snap.cpus[0].bytes_per_s > 29900 &&
				    snap.cpus[0].bytes_per_s < 30100);
			assert_true(snap.cpus[1].events_per_s == 0);
			assert_true(snap.total.events_per_s > 99 && snap.total.events_per_s < 101);
		}
		deliver(&b, 0, 10);
		b.c[0].seen += 50; /* filtered ones are no events */
		b.c[0].filtered += 50;
	}
	/* It stops: after two and a half seconds nothing is left. */
	for (unsigned i = 0; i < 28; i++)
		update(model, &b, 20 * S + i * 100 * MS);
	snap = take(model, EBT_LIST_NONE, 10 * S);
	assert_true(snap.cpus[0].events_per_s == 0);
}

/* Counters from a forged recording: a rate is still a number of bytes. */
static void test_rates_absurd(void **state)
{
	struct ebt_model *model = *state;
	struct buffers b = { 0 };
	struct ebt_snapshot snap;

	update(model, &b, 10 * S);
	b.c[0].bytes = UINT64_MAX;
	b.c[1].seen = UINT64_MAX;
	update(model, &b, 10 * S + 1);
	snap = take(model, EBT_LIST_NONE, 10 * S + 1);
	assert_true(snap.cpus[0].bytes_per_s > 1e15 && snap.cpus[0].bytes_per_s < 9e18);
	assert_true(snap.cpus[1].events_per_s > 1e15 && snap.cpus[1].events_per_s < 9e18);
	assert_true(snap.total.bytes_per_s < 9e18);
}

static void test_fill(void **state)
{
	struct ebt_model *model = *state;
	struct buffers b = { .b = { .ring_size = 1000 } };
	static const uint64_t used[] = { 1, 500, 2000, 0, 300, 100 };
	struct ebt_snapshot snap;

	for (unsigned i = 0; i < 6; i++) {
		b.b.ring_used = used[i];
		update(model, &b, (10 + i / 2) * S + (i % 2) * 500 * MS);
	}
	snap = take(model, EBT_LIST_NONE, 12 * S);
	assert_int_equal(snap.ring_fill[57], 50);
	assert_int_equal(snap.ring_fill[58], 100);
	assert_int_equal(snap.ring_fill[59], 30);
	assert_int_equal(snap.ring_fill[56], 0);
	snap = take(model, EBT_LIST_NONE, 71 * S);
	assert_int_equal(snap.ring_fill[0], 30);
	assert_int_equal(snap.ring_fill[59], 0);
	snap = take(model, EBT_LIST_NONE, 72 * S);
	assert_int_equal(snap.ring_fill[0], 0);
	b.b.ring_used = 1;
	update(model, &b, 80 * S); /* not empty */
	assert_int_equal(take(model, EBT_LIST_NONE, 80 * S).ring_fill[59], 1);
}

/* While programs run, counters may be one or two off; a quiet CPU has no excuse. */
static void test_accounting_in_flight(void **state)
{
	struct ebt_model *model = *state;
	struct buffers b = { 0 };

	deliver(&b, 0, 10);
	b.c[0].seen += 2;
	update(model, &b, 10 * S);
	assert_true(holds(model));
	assert_int_equal(take(model, EBT_LIST_NONE, S).cpus[0].in_flight, 2);
	update(model, &b, 10 * S + 900 * MS);
	assert_true(holds(model));
	update(model, &b, 11 * S);
	assert_false(holds(model));
	b.c[0].delivered += 2;
	b.received[0] += 2;
	update(model, &b, 12 * S);
	assert_true(holds(model));
	assert_int_equal(take(model, EBT_LIST_NONE, S).cpus[0].in_flight, 0);
	b.c[0].seen += 3;
	update(model, &b, 13 * S);
	assert_false(holds(model));
}

static void test_accounting_broken(void **state)
{
	struct ebt_model *model = *state;
	struct buffers good = { 0 }, b;

	deliver(&good, 0, 100);
	deliver(&good, 1, 100);
	good.c[1].seen += 30;
	good.c[1].lost_ring += 20;
	good.c[1].lost_busy += 10;
	good.gaps[1] = 30;
	update(model, &good, 10 * S);
	assert_true(holds(model));
#define BROKEN(member, value)               \
	do {                                \
		b = good;                   \
		b.member = value;           \
		update(model, &b, 10 * S);  \
		assert_false(holds(model)); \
	} while (0)
	BROKEN(c[1].delivered, 97);
	BROKEN(c[1].delivered, 103);
	BROKEN(c[1].lost_ring, 17);
	BROKEN(c[1].filtered, 3);
	BROKEN(received[1], 103);
	BROKEN(gaps[1], 33);
#undef BROKEN
	/* Gaps and receptions may lag behind, until the CPU is quiet and the ring empty. */
	b = good;
	b.received[1] = 60;
	b.gaps[1] = 0;
	b.b.ring_used = 1;
	b.c[1].runs++; /* something still moves */
	update(model, &b, 20 * S);
	assert_true(holds(model));
	update(model, &b, 30 * S);
	assert_true(holds(model));
	b.b.ring_used = 0;
	update(model, &b, 31 * S);
	assert_false(holds(model));
	b.received[1] = 100;
	update(model, &b, 32 * S);
	assert_true(holds(model));
}

/* At the end nothing is under way: not one event may be missing, whatever moved a moment ago. */
static void test_accounting_final(void **state)
{
	struct ebt_model *model = *state;
	struct buffers good = { .b = { .ring_used = 1, .final = true } }, b;

	deliver(&good, 0, 100);
	deliver(&good, 1, 100);
	good.c[1].seen += 30;
	good.c[1].lost_ring += 30;
	good.gaps[1] = 28; /* the last two have no number behind them */
	update(model, &good, 10 * S);
	assert_true(holds(model));
#define BROKEN(member, change)              \
	do {                                \
		b = good;                   \
		b.member += (change);       \
		update(model, &b, 10 * S);  \
		assert_false(holds(model)); \
		b.b.final = false;          \
		update(model, &b, 10 * S);  \
		assert_true(holds(model));  \
	} while (0)
	BROKEN(c[1].seen, 1);
	BROKEN(c[1].seen, -1);
	BROKEN(c[1].delivered, 2);
	BROKEN(received[1], -1);
	BROKEN(received[0], 1);
	BROKEN(gaps[1], 3);
#undef BROKEN
}

/* Without a reader (nothing decoded here) only the kernel's side is judged. */
static void test_accounting_without_reader(void **state)
{
	struct ebt_model *model = *state;
	struct buffers b = { 0 };

	deliver(&b, 0, 10);
	b.b.counters = b.c;
	b.b.ncpu = 99; /* more than there are rows for */
	b.c[1].seen = 0;
	ebt_model_buffers(model, &(struct ebt_model_buffers){ .counters = b.c, .ncpu = 2 }, 10 * S);
	ebt_model_buffers(model, &(struct ebt_model_buffers){ .counters = b.c, .ncpu = 2 }, 20 * S);
	assert_true(holds(model));
	ebt_model_buffers(model, &b.b, 30 * S);
	assert_true(holds(model));
	ebt_model_buffers(model, &(struct ebt_model_buffers){ 0 }, 40 * S);
	assert_int_equal(take(model, EBT_LIST_NONE, S).total.c.seen, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_MODEL(test_nothing_known),
		WITH_MODEL(test_sums),
		WITH_MODEL(test_rates),
		WITH_MODEL(test_rates_absurd),
		WITH_MODEL(test_fill),
		WITH_MODEL(test_accounting_in_flight),
		WITH_MODEL(test_accounting_broken),
		WITH_MODEL(test_accounting_final),
		WITH_MODEL(test_accounting_without_reader),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
