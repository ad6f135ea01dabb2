/* SPDX-License-Identifier: BSD-3-Clause */
/* test_row_ids.c - the list of rows equals a plain array, also where the low half of the ids wraps */
#include "model/row_ids.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SLOTS 64
#define FIRST (UINT64_C(0x1fffffff0)) /* 16 rows before the low 32 bits begin again */

static void check(const struct ebt_row_ids *list, uint64_t first, const bool *in, uint64_t end)
{
	size_t n = 0;

	for (uint64_t id = first; id < end; id++) {
		assert_int_equal(ebt_row_ids_place(list, first, id), n);
		if (!in[id - FIRST])
			continue;
		assert_int_equal(ebt_row_ids_at(list, first, n), id);
		n++;
	}
	assert_int_equal(list->n, n);
	assert_int_equal(ebt_row_ids_place(list, first, end), n);
}

static void test_as_an_array(void **state)
{
	struct ebt_row_ids list = { 0 };
	static bool in[4096];
	uint64_t first = FIRST, next = FIRST;

	(void)state;
	assert_int_equal(ebt_row_ids_map(&list, SLOTS), 0);
	assert_int_equal(ebt_row_ids_bytes(&list), SLOTS * 4);
	srand(1);
	while (next < FIRST + 4000) {
		if (next - first == SLOTS || (next > first && rand() % 8 == 0)) {
			assert_int_equal(ebt_row_ids_drop(&list, first), in[first - FIRST]);
			first++;
		}
		in[next - FIRST] = rand() % 2;
		if (in[next - FIRST])
			ebt_row_ids_append(&list, next);
		next++;
		/* An earlier row is looked at again. It may be in the list already, or not be there. */
		uint64_t id = first + (uint64_t)rand() % (next - first);

		in[id - FIRST] = rand() % 2;
		ebt_row_ids_set(&list, first, id, in[id - FIRST]);
		check(&list, first, in, next);
	}
	ebt_row_ids_clear(&list);
	assert_int_equal(list.n, 0);
	assert_false(ebt_row_ids_drop(&list, first));
	ebt_row_ids_unmap(&list);
	assert_int_equal(ebt_row_ids_bytes(&list), 0);
	ebt_row_ids_unmap(&list);
}

/* What is mapped stays when somebody maps it again. */
static void test_mapped_once(void **state)
{
	struct ebt_row_ids list = { 0 };

	(void)state;
	assert_int_equal(ebt_row_ids_map(&list, SLOTS), 0);
	ebt_row_ids_append(&list, 7);
	assert_int_equal(ebt_row_ids_map(&list, SLOTS * 2), 0);
	assert_int_equal(list.n, 1);
	assert_int_equal(ebt_row_ids_at(&list, 3, 0), 7);
	ebt_row_ids_unmap(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_an_array),
		cmocka_unit_test(test_mapped_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
