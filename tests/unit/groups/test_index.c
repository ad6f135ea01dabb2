/* SPDX-License-Identifier: BSD-3-Clause */
/* The index against a plain list: items of like and unlike hashes come and go. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "groups/index.h"

#define ITEMS 2000

struct thing {
	uint64_t hash;
	int in;
};

static unsigned count_of(const struct ebt_index *ix, uint64_t hash, const struct thing *want)
{
	size_t at = hash;
	struct thing *t;
	unsigned n = 0;

	while ((t = ebt_index_next(ix, hash, &at))) {
		assert_int_equal(t->hash, hash);
		n += t == want;
	}
	return n;
}

/* bits: of the hashes. Few make them collide, and runs wrap round the end. */
static void come_and_go(unsigned bits, unsigned most)
{
	static struct thing things[ITEMS];
	struct ebt_index ix = { 0 };
	uint32_t x = 1;
	size_t n = 0;

	memset(things, 0, sizeof(things));
	for (int round = 0; round < 20000; round++) {
		struct thing *t;

		x = x * 1664525 + 1013904223;
		t = &things[(x >> 8) % most];
		if (t->in) {
			ebt_index_remove(&ix, t->hash, t);
			t->in = 0;
			n--;
		} else {
			t->hash = ((uint64_t)(x >> 4) * 0x9e3779b97f4a7c15u) >> (64 - bits);
			t->hash = bits < 64 && x & 1 ? UINT64_MAX - t->hash : t->hash;
			assert_int_equal(ebt_index_add(&ix, t->hash, t), 0);
			t->in = 1;
			n++;
		}
		assert_int_equal(ix.n, n);
		assert_true(n * 2 <= ix.mask + 1);
		for (unsigned i = 0; i < most; i += round % 100 ? 97 : 1)
			assert_int_equal(count_of(&ix, things[i].hash, &things[i]), things[i].in);
	}
	ebt_index_deinit(&ix);
	assert_int_equal(ebt_index_bytes(&ix), 0);
}

static void test_many(void **state)
{
	come_and_go(60, ITEMS);
}

static void test_collisions(void **state)
{
	come_and_go(3, 60);
	come_and_go(5, 31);
}

static void test_empty(void **state)
{
	struct ebt_index ix = { 0 };
	size_t at = 5;

	assert_null(ebt_index_next(&ix, 5, &at));
	ebt_index_prefetch(&ix, 5);
	ebt_index_deinit(&ix);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_collisions),
		cmocka_unit_test(test_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
