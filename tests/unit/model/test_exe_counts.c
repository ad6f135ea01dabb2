/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/exe_counts.h"
#include "model/model_internal.h"

#define ENTRY(number, counted)                                                                     \
	{                                                                                          \
		.key = { .ino = 7, .version = (number), .dev = 1 }, .count = {.execs = (counted) } \
	}

struct counts {
	struct ebt_exes exes;
	struct ebt_groups groups;
};

static void begin(struct counts *c)
{
	memset(c, 0, sizeof(*c));
	ebt_groups_init(&c->groups, 1 << 20);
}

static void end(struct counts *c)
{
	ebt_exes_deinit(&c->exes);
	ebt_groups_deinit(&c->groups);
}

static void arrive(struct counts *c, uint64_t version, const char *name, unsigned times)
{
	struct ebt_exe_key key = { .ino = 7, .version = version, .dev = 1 };

	while (times--)
		ebt_exes_arrived(&c->exes, &key, ebt_bytes_from(name));
}

static uint64_t missing(struct counts *c, const char *name)
{
	struct ebt_bytes text = ebt_bytes_from(name);

	return ebt_groups_get(&c->groups, EBT_GROUP_EXE,
			      ebt_groups_key(&c->groups, EBT_GROUP_EXE, text), text)
		->missing;
}

/* A file gets the number of one that is gone, and its lost execs are its own. */
static void test_same_number(void **state)
{
	const struct ebt_exe_entry entries[] = { ENTRY(1, 1), ENTRY(2, 600) };
	struct counts c;

	(void)state;
	begin(&c);
	arrive(&c, 1, "/innocent", 1);
	arrive(&c, 2, "/evil", 10);
	ebt_exes_sync(&c.exes, &c.groups, entries, 2);
	assert_int_equal(missing(&c, "/innocent"), 0);
	assert_int_equal(missing(&c, "/evil"), 590);
	assert_int_equal(c.exes.missing, 590);
	end(&c);
}

/* What has no entry of its own is counted under the common one, and as itself when it arrives. */
static void test_other(void **state)
{
	struct ebt_exe_entry entries[] = { ENTRY(1, 5), { .count = { .execs = 12 } } };
	struct counts c;

	(void)state;
	begin(&c);
	arrive(&c, 1, "/known", 5);
	arrive(&c, 2, "/late", 8);
	arrive(&c, 3, "/later", 4);
	ebt_exes_sync(&c.exes, &c.groups, entries, 2);
	assert_int_equal(c.exes.missing, 0);
	entries[1].count.execs = 15;
	arrive(&c, 3, "/later", 1);
	ebt_exes_sync(&c.exes, &c.groups, entries, 2);
	assert_int_equal(c.exes.missing, 2);
	assert_int_equal(missing(&c, "(other)"), 2);
	assert_int_equal(missing(&c, "/later"), 0);
	/* After a clear both begin anew. */
	ebt_exes_clear(&c.exes);
	ebt_exes_sync(&c.exes, &c.groups, entries, 2);
	entries[1].count.execs = 20;
	arrive(&c, 2, "/late", 4);
	ebt_exes_sync(&c.exes, &c.groups, entries, 2);
	assert_int_equal(c.exes.missing, 1);
	end(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_same_number),
					    cmocka_unit_test(test_other) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
