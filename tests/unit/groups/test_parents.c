/* SPDX-License-Identifier: BSD-3-Clause */
/* The parents of a group: which started most, how many others, and more names than places. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "groups/parents.h"

static void add(struct ebt_parents *p, const char *comm, uint32_t pid, unsigned times)
{
	while (times--)
		ebt_parents_add(p, ebt_bytes_from(comm), pid);
}

static void assert_first(const struct ebt_parents *p, const char *comm, uint32_t count,
			 unsigned others)
{
	unsigned n;
	const struct ebt_parent *first = ebt_parents_first(p, &n);

	assert_non_null(first);
	assert_int_equal(first->len, strlen(comm));
	assert_memory_equal(first->comm, comm, first->len);
	assert_int_equal(first->count, count);
	assert_int_equal(n, others);
}

static void test_few(void **state)
{
	struct ebt_parents p = { 0 };
	unsigned others;

	(void)state;
	assert_null(ebt_parents_first(&p, &others));
	add(&p, "cron", 7, 2);
	assert_first(&p, "cron", 2, 0);
	assert_false(ebt_parents_first(&p, &others)->several);
	add(&p, "make", 9, 3);
	assert_first(&p, "make", 3, 1);
	assert_int_equal(ebt_parents_first(&p, &others)->pid, 9);
	add(&p, "make", 10, 1);
	assert_true(ebt_parents_first(&p, &others)->several);
	add(&p, "", 0, 5);
	assert_first(&p, "", 5, 2);
	assert_false(p.more);
}

static void test_long_name(void **state)
{
	struct ebt_parents p = { 0 };

	(void)state;
	add(&p, "a-name-that-is-too-long", 1, 1);
	add(&p, "a-name-that-is-too", 1, 1);
	assert_first(&p, "a-name-that-is-", 2, 0);
}

/* A name that starts half of the execs is found among a thousand others. */
static void test_many(void **state)
{
	struct ebt_parents p = { 0 };
	unsigned others;
	char name[16];

	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "sh-%u", i);
		add(&p, name, i, 1);
		add(&p, "make", 9, 1);
	}
	assert_memory_equal(ebt_parents_first(&p, &others)->comm, "make", 4);
	assert_int_equal(others, EBT_PARENTS_MAX - 1);
	assert_true(p.more);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_few),
		cmocka_unit_test(test_long_name),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
