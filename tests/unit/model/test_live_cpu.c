/* SPDX-License-Identifier: BSD-3-Clause */
/* The CPU time of running processes: only of groups that are shown, at most so many at once, and gone when
 * the kernel tells the time of the whole run. */
#include "feed.h"

static unsigned asked;
static uint64_t cpu_ns;

static uint64_t read_cpu(uint32_t pid, void *arg)
{
	(void)arg;
	asked++;
	return pid == 404 ? 0 : cpu_ns;
}

static const struct ebt_group *shown(struct ebt_model *model, const char *name, uint64_t now)
{
	static struct ebt_group found;
	struct ebt_snapshot snap = take_groups(model, EBT_GROUP_COMM, now);

	for (size_t i = 0; i < snap.count; i++) {
		found = snap.groups[i];
		if (ebt_bytes_equal(found.name, ebt_bytes_from(name)))
			return &found;
	}
	fail_msg("no group %s", name);
	return NULL;
}

static void sample(struct ebt_model *model, unsigned max, uint64_t now, uint64_t cpu)
{
	asked = 0;
	cpu_ns = cpu;
	ebt_model_sample_cpu(model, read_cpu, NULL, max, now);
}

static void test_until_the_end(void **state)
{
	struct ebt_model *model = *state;

	EXEC(model, .at = 1 * S, .pid = 10, .start = S, .comm = "gzip", .parent = "cron",
	     .ppid = 5);
	EXEC(model, .at = 1 * S, .pid = 11, .start = S, .comm = "gzip", .parent = "cron",
	     .ppid = 6);
	sample(model, 9, 2 * S, 40 * MS);
	assert_int_equal(asked, 0); /* nobody looks at groups */
	assert_int_equal(shown(model, "gzip", 2 * S)->live_cpu_ns, 0);
	sample(model, 9, 2 * S, 40 * MS);
	assert_int_equal(asked, 2);
	assert_int_equal(shown(model, "gzip", 2 * S)->live_cpu_ns, 80 * MS);
	sample(model, 9, 2 * S + 100 * MS, 50 * MS);
	assert_int_equal(asked, 0); /* at most once a second */
	sample(model, 9, 3 * S, 60 * MS);
	assert_int_equal(shown(model, "gzip", 3 * S)->live_cpu_ns, 120 * MS);
	feed_exit(model, 3 * S, 10, S, 0, 70 * MS);
	assert_int_equal(shown(model, "gzip", 3 * S)->live_cpu_ns, 60 * MS);
	assert_int_equal(shown(model, "gzip", 3 * S)->cpu_time_ns, 105 * MS);
	sample(model, 9, 30 * S, 90 * MS);
	assert_int_equal(asked, 0); /* nobody has looked for long */
}

/* Another program in the same process takes the time over. */
static void test_replaced(void **state)
{
	struct ebt_model *model = *state;

	EXEC(model, .at = 1 * S, .pid = 10, .start = S, .comm = "sh");
	shown(model, "sh", 2 * S);
	sample(model, 9, 2 * S, 40 * MS);
	EXEC(model, .at = 2 * S, .pid = 10, .start = S, .comm = "gzip");
	assert_int_equal(shown(model, "sh", 3 * S)->live_cpu_ns, 0);
	sample(model, 9, 3 * S, 50 * MS);
	assert_int_equal(shown(model, "gzip", 3 * S)->live_cpu_ns, 50 * MS);
	ebt_model_clear(model);
	EXEC(model, .at = 4 * S, .pid = 10, .start = S, .comm = "xz");
	assert_int_equal(shown(model, "xz", 4 * S)->live_cpu_ns, 0);
}

/* With more processes than may be asked at once, each has its turn. */
static void test_turns(void **state)
{
	struct ebt_model *model = *state;

	for (uint32_t i = 0; i < 10; i++)
		EXEC(model, .at = 1 * S, .pid = 20 + i, .start = S, .comm = "w");
	for (unsigned s = 2; s < 8; s++) {
		shown(model, "w", s * S);
		sample(model, 4, s * S, 5 * MS);
		assert_in_range(asked, 0, 4);
	}
	assert_int_equal(shown(model, "w", 8 * S)->live_cpu_ns, 50 * MS);
}

static void test_parent(void **state)
{
	struct ebt_model *model = *state;
	const struct ebt_group *g;

	EXEC(model, .at = 1 * S, .pid = 10, .start = S, .comm = "gzip", .parent = "cron",
	     .ppid = 5);
	g = shown(model, "gzip", 2 * S);
	assert_int_equal(g->parent_pid, 5);
	assert_int_equal(g->other_parents, 0);
	EXEC(model, .at = 1 * S, .pid = 11, .start = S, .comm = "gzip", .parent = "cron",
	     .ppid = 6);
	EXEC(model, .at = 1 * S, .pid = 12, .start = S, .comm = "gzip", .parent = "sh", .ppid = 7);
	g = shown(model, "gzip", 2 * S);
	assert_true(ebt_bytes_equal(g->parent, ebt_bytes_from("cron")));
	assert_int_equal(g->parent_pid, 0);
	assert_int_equal(g->other_parents, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_MODEL(test_until_the_end),
		WITH_MODEL(test_replaced),
		WITH_MODEL(test_turns),
		WITH_MODEL(test_parent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
