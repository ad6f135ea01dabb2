/* SPDX-License-Identifier: BSD-3-Clause */
/* Groups: the six ways, the columns, the percentile, "(other)". */
#include "feed.h"

#include "groups/columns.h"
#include "groups/group.h"

static void test_six_groupings(void **state)
{
	static const struct {
		enum ebt_group_by by;
		const char *names[3]; /* with counts 3, 2, 1 */
	} cases[] = {
		{ EBT_GROUP_EXE, { "/bin/a", "./b", "c" } }, /* exe, else filename, else comm */
		{ EBT_GROUP_COMM, { "a", "b", "c" } },
		{ EBT_GROUP_COMMAND, { "a", "./b", "c" } }, /* arguments, else exe */
		{ EBT_GROUP_PARENT, { "init", "sh", "(unknown)" } },
		{ EBT_GROUP_USER, { "root", "1000", "1001" } },
		{ EBT_GROUP_CGROUP, { "/system.slice", "22", "0" } },
	};
	struct ebt_model *model = *state;

	ebt_model_set_user(model, 0, "root");
	ebt_model_set_cgroup(model, 11, "/system.slice");
	for (uint32_t i = 0; i < 3; i++)
		EXEC(model, .at = S, .pid = 10 + i, .comm = "a", .exe = "/bin/a", .args = "a",
		     .args_len = 1, .prev = "init", .cgroup = 11, .start = 1);
	for (uint32_t i = 0; i < 2; i++)
		EXEC(model, .at = S, .pid = 20 + i, .comm = "b", .filename = "./b", .prev = "sh",
		     .uid = 1000, .cgroup = 22, .start = 1);
	EXEC(model, .at = S, .pid = 30, .comm = "c", .uid = 1001, .start = 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ebt_snapshot snap = take_groups(model, cases[i].by, 2 * S);

		assert_int_equal(snap.total_rows, 3);
		assert_int_equal(snap.all_rows, 3);
		for (unsigned k = 0; k < 3; k++) {
			assert_text(snap.groups[k].name, cases[i].names[k]);
			assert_int_equal(snap.groups[k].count, 3 - k);
			assert_int_equal(snap.groups[k].running, 3 - k);
		}
	}
	assert_string_equal(ebt_model_user(model, 0), "root");
	assert_string_equal(ebt_model_cgroup(model, 11), "/system.slice");
	assert_null(ebt_model_user(model, 1));
}

static uint64_t last_row(struct ebt_model *model, const char *name)
{
	struct ebt_snapshot snap = take_groups(model, EBT_GROUP_EXE, 10 * S);
	const struct ebt_group *group = group_of(&snap, name);

	assert_non_null(group);
	return group->last_row;
}

/* A group's last exec is a row of its own, whatever its process became. */
static void test_last_row(void **state)
{
	struct ebt_model *model = *state;
	static char huge[4 << 20];
	struct ebt_row row;

	EXEC(model, .at = S, .pid = 10, .exe = "/bin/env", .comm = "env", .start = S);
	EXEC(model, .at = 2 * S, .pid = 10, .exe = "/bin/sleep", .comm = "sleep", .start = S);
	assert_true(ebt_snapshot_row(model, last_row(model, "/bin/env"), &row));
	assert_text(row.comm, "env");
	assert_int_equal(last_row(model, "/bin/sleep"), ebt_snapshot_row_of_pid(model, 10));
	/* events of two CPUs in the wrong order: the last is the one that came last to be */
	EXEC(model, .at = 2 * S - 1, .pid = 11, .exe = "/bin/sleep", .comm = "late", .start = S);
	assert_int_equal(last_row(model, "/bin/sleep"), ebt_snapshot_row_of_pid(model, 10));
	/* a failed one has a row, one too large for the history has its process */
	EXEC(model, .at = 3 * S, .pid = 12, .ret = -2, .filename = "/bin/no", .comm = "sh");
	assert_true(ebt_snapshot_row(model, last_row(model, "/bin/no"), &row));
	assert_int_equal(row.pid, 12);
	memset(huge, 'x', sizeof(huge) - 1);
	EXEC(model, .at = 4 * S, .pid = 13, .exe = "/bin/huge", .comm = "huge", .args = huge,
	     .start = 4 * S);
	assert_true(ebt_snapshot_row(model, last_row(model, "/bin/huge"), &row));
	assert_int_equal(row.pid, 13);
}

static void test_names_change(void **state)
{
	struct ebt_model *model = *state;
	char name[24];

	for (uint32_t i = 0; i < 3000; i++) {
		snprintf(name, sizeof(name), "user%u", i);
		ebt_model_set_user(model, i, name);
	}
	ebt_model_set_user(model, 7, "seven");
	ebt_model_set_user(model, 7, "seven");
	assert_string_equal(ebt_model_user(model, 7), "seven");
	assert_string_equal(ebt_model_user(model, 2999), "user2999");
}

/* Commands that only differ far behind, or only in where one argument ends, are not the same. */
static void test_long_commands_differ(void **state)
{
	struct ebt_model *model = *state;
	char *args = calloc(1, 20000);
	struct ebt_snapshot snap;

	memset(args, 'x', 20000);
	for (unsigned i = 0; i < 4; i++) {
		args[15000] = (char)('a' + i % 2);
		EXEC(model, .at = S, .pid = 1 + i, .args = args, .args_len = 20000, .start = 1);
	}
	EXEC(model, .at = S, .pid = 10, .args = "a\0bc", .args_len = 5, .start = 1);
	EXEC(model, .at = S, .pid = 11, .args = "ab\0c", .args_len = 5, .start = 1);
	EXEC(model, .at = S, .pid = 12, .args = "ab\0c", .args_len = 4, .start = 1);
	snap = take_groups(model, EBT_GROUP_COMMAND, 2 * S);
	assert_int_equal(snap.total_rows, 5);
	assert_int_equal(snap.groups[0].count, 2);
	assert_int_equal(snap.groups[0].name.len, EBT_GROUP_NAME_MAX);
	assert_int_equal(snap.groups[1].count, 2);
	assert_int_not_equal(snap.groups[0].key, snap.groups[1].key);
	free(args);
}

static void test_life_buckets(void **state)
{
	uint64_t low, high;

	assert_int_equal(ebt_life_bucket(0), 0);
	assert_int_equal(ebt_life_bucket(UINT64_MAX), EBT_LIFE_BUCKETS - 1);
	for (unsigned b = 0; b < EBT_LIFE_BUCKETS; b++) {
		low = ebt_life_bucket_low(b);
		assert_int_equal(ebt_life_bucket(low), b);
		if (b == EBT_LIFE_BUCKETS - 1)
			break;
		high = ebt_life_bucket_low(b + 1);
		assert_true(high > low);
		assert_int_equal(ebt_life_bucket(high - 1), b);
		assert_true(b == 0 || high - low <= low / 2);
	}
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Against the sorted list of all lifetimes: in the same bucket, so at most half of it off. */
static void test_p95_against_exact(void **state)
{
	uint32_t x = 3;

	for (unsigned n = 1; n <= 3000; n = n * 3 / 2 + 1) {
		struct ebt_model *model = model_make(1 << 20);
		uint64_t *life = calloc(n, sizeof(*life)), exact, got, mean = 0;
		struct ebt_snapshot snap;

		for (unsigned i = 0; i < n; i++) {
			/* 2^10 to 2^45 ns, evenly in the logarithm */
			life[i] = (uint64_t)(1024 + rnd(&x) % 1024) << rnd(&x) % 35;
			mean += life[i];
			EXEC(model, .at = S, .pid = 1 + i, .start = 1);
			feed_exit(model, S + life[i], 1 + i, 1, 0, 0);
		}
		snap = take_groups(model, EBT_GROUP_COMM, 2 * S);
		got = snap.groups[0].life_p95_ns;
		assert_int_equal(snap.groups[0].life_mean_ns, mean / n);
		qsort(life, n, sizeof(*life), by_value);
		exact = life[(95 * n + 99) / 100 - 1];
		/* The top of a bucket is the bottom of the next. */
		assert_true(ebt_life_bucket(got) == ebt_life_bucket(exact) ||
			    ebt_life_bucket(got - 1) == ebt_life_bucket(exact));
		assert_true(got <= life[n - 1]);
		assert_true(exact < 1 << 16 ||
			    (got <= exact + exact / 2 && exact <= got + got / 2));
		free(life);
		ebt_model_free(&model);
	}
}

static void test_p95_of_the_extremes(void **state)
{
	struct ebt_model *model = *state;
	struct ebt_snapshot snap;

	EXEC(model, .at = S, .pid = 1, .comm = "never ends", .start = 1);
	EXEC(model, .at = S, .pid = 2, .comm = "at once", .start = 1);
	feed_exit(model, S, 2, 1, 0, 0);
	EXEC(model, .at = S, .pid = 3, .comm = "very long", .start = 1);
	feed_exit(model, 1ull << 60, 3, 1, 0, 0);
	snap = take_groups(model, EBT_GROUP_COMM, 2 * S);
	assert_int_equal(group_of(&snap, "never ends")->life_p95_ns, 0);
	assert_int_equal(group_of(&snap, "at once")->life_p95_ns, 0);
	assert_int_equal(group_of(&snap, "very long")->life_p95_ns, (1ull << 60) - S);
}

/* Some hundred groups that differ in every column. */
static void feed_many(struct ebt_model *model, unsigned groups, uint64_t now)
{
	uint32_t x = 11, pid = 0;

	for (unsigned i = 0; i < groups; i++) {
		unsigned n = 1 + rnd(&x) % 6;
		char comm[16], args[64] = "x";

		snprintf(comm, sizeof(comm), "%c%u", 'a' + (int)(i % 26), i);
		for (unsigned k = 0; k < n; k++) {
			uint64_t at = now - rnd(&x) % 70 * S - rnd(&x) % S;

			pid++;
			EXEC(model, .at = at, .pid = pid, .comm = comm, .args = args,
			     .args_len = 1 + rnd(&x) % 60, .start = pid);
			if (rnd(&x) % 4)
				feed_exit(model, at + rnd(&x) % (3 * S), pid, pid,
					  (int)(rnd(&x) % 2), rnd(&x) % (9 * S));
		}
	}
}

/* What a group is sorted by, from what the row shows. */
static double shown(const struct ebt_group *g, enum ebt_column column)
{
	switch (column) {
	case EBT_COL_RATE:
		return g->rate;
	case EBT_COL_RATE_1M:
		return g->rate_1m;
	case EBT_COL_COUNT:
		return (double)g->count;
	case EBT_COL_FAILURES:
		return (double)g->failures;
	case EBT_COL_CPU:
		return g->cpu_share;
	case EBT_COL_CPU_TIME:
		return (double)g->cpu_time_ns;
	case EBT_COL_LIFE_MEAN:
		return (double)g->life_mean_ns;
	case EBT_COL_LIFE_P95:
		return (double)g->life_p95_ns;
	case EBT_COL_ARGS:
		return (double)g->args_bytes;
	case EBT_COL_LAST:
		return (double)g->last_real_ns;
	case EBT_COL_RUNNING:
		return (double)g->running;
	default:
		return 0;
	}
}

static int name_order(struct ebt_bytes a, struct ebt_bytes b)
{
	int r = memcmp(a.data, b.data, a.len < b.len ? a.len : b.len);

	return r ? r : (int)a.len - (int)b.len;
}

static void check_order(const struct ebt_snapshot *snap, const struct ebt_query *query)
{
	bool differ = false;

	for (size_t i = 1; i < snap->count; i++) {
		const struct ebt_group *a = &snap->groups[i - 1], *b = &snap->groups[i];
		double d = query->sort == EBT_COL_NAME
				   ? name_order(b->name, a->name)
				   : shown(a, query->sort) - shown(b, query->sort);

		d = query->invert ? -d : d;
		assert_true(d >= 0);
		differ |= d > 0;
		if (d == 0)
			assert_true(a->count >= b->count);
	}
	assert_true(differ);
}

/* Every column both ways: the whole list is in order, and each window is a part of it. */
static void test_sort_by_every_column(void **state)
{
	struct ebt_model *model = model_make(8 << 20);
	const unsigned groups = 500;
	uint64_t now = 200 * S;

	feed_many(model, groups, now);
	for (unsigned i = 0; i < 2 * EBT_COL_MAX; i++) {
		struct ebt_query query = { .list = EBT_LIST_GROUPS,
					   .count = SIZE_MAX,
					   .group_by = EBT_GROUP_COMM,
					   .sort = i / 2,
					   .invert = i % 2 };
		struct ebt_snapshot snap;
		uint64_t keys[500];

		ebt_snapshot_take(model, &query, now, &snap);
		assert_int_equal(snap.count, groups);
		check_order(&snap, &query);
		for (size_t k = 0; k < groups; k++)
			keys[k] = snap.groups[k].key;
		for (size_t first = 0; first < 520; first += 13) {
			query.first = first;
			query.count = first % 40;
			ebt_snapshot_take(model, &query, now, &snap);
			assert_int_equal(snap.total_rows, groups);
			for (size_t k = 0; k < snap.count; k++)
				assert_int_equal(snap.groups[k].key, keys[snap.first + k]);
		}
		query.first = 0;
		query.count = 5;
		ebt_snapshot_take(model, &query, now, &snap);
		assert_int_equal(ebt_snapshot_index_of(model, EBT_LIST_GROUPS, keys[321]), 321);
	}
	ebt_model_free(&model);
}

static void test_shares_and_sums(void **state)
{
	struct ebt_model *model = model_make(8 << 20);
	struct ebt_snapshot snap;

	feed_many(model, 300, 200 * S);
	for (unsigned by = 0; by < EBT_GROUP_BY_MAX; by++) {
		uint64_t count = 0, failures = 0, running = 0;
		double share = 0;

		snap = take_groups(model, by, 200 * S);
		for (size_t i = 0; i < snap.count; i++) {
			count += snap.groups[i].count;
			failures += snap.groups[i].failures;
			running += snap.groups[i].running;
			share += snap.groups[i].cpu_share;
		}
		assert_int_equal(count, snap.execs);
		assert_int_equal(failures, snap.failures);
		assert_int_equal(running, snap.running);
		assert_true(share > 1 - 1e-9 && share < 1 + 1e-9);
	}
	ebt_model_free(&model);
}

/* More commands than fit: those seen longest ago move into "(other)", nothing is miscounted. */
static void test_other(void **state)
{
	struct ebt_model *model = model_make(64 << 10); /* groups: 4 MiB in all */
	const uint32_t n = 30000;
	uint64_t count = 0, running = 0, last = 0, cpu = 0, runs_of_keeper = 0;
	struct ebt_snapshot snap;
	const struct ebt_group *other;
	char args[300];

	memset(args, 'z', sizeof(args));
	for (uint32_t i = 1; i <= n; i++) {
		memcpy(args, &i, sizeof(i));
		EXEC(model, .at = i * MS, .pid = i, .args = args, .args_len = sizeof(args),
		     .start = i);
		if (i > 100) /* the first hundred go on for ever */
			feed_exit(model, i * MS + MS, i, i, 1, 2);
		if (i % 100 == 0) {
			EXEC(model, .at = i * MS, .pid = 1 << 20, .args = "keeper",
			     .start = 1 << 20);
			runs_of_keeper++;
		}
		assert_true(ebt_model_memory_bytes(model) < (64 << 10) + (9 << 20));
	}
	snap = take_groups(model, EBT_GROUP_COMMAND, n * MS);
	assert_true(snap.total_rows > 1000 && snap.total_rows < n / 2);
	for (size_t i = 0; i < snap.count; i++) {
		const struct ebt_group *g = &snap.groups[i];

		count += g->count;
		running += g->running;
		cpu += g->cpu_time_ns;
		if (!same(g->name, "(other)") && g->last_pid <= n && g->last_pid > last)
			last = g->last_pid;
	}
	assert_int_equal(count, snap.execs);
	assert_int_equal(running, 101);
	assert_int_equal(cpu, (n - 100) * 3);
	assert_int_equal(last, n); /* the newest are shown */
	other = group_of(&snap, "(other)");
	assert_non_null(other);
	assert_int_equal(other->count, n - (snap.total_rows - 2));
	assert_int_equal(other->running, 0); /* what runs is never moved there */
	assert_int_equal(other->failures, other->count);
	assert_int_equal(other->life_mean_ns, MS);
	/* Often seen, so it stays, although it is among the oldest. */
	assert_int_equal(snap.groups[1].count, runs_of_keeper);
	assert_int_equal(snap.groups[1].name.len, 7);
	assert_memory_equal(snap.groups[1].name.data, "keeper", 7);
	assert_true(other->rate_1m > 0);
	ebt_model_free(&model);
}

/* When all that is there runs, new names are counted in "(other)" at once. */
static void test_other_when_all_run(void **state)
{
	struct ebt_model *model = model_make(64 << 10);
	struct ebt_snapshot snap;
	uint64_t count = 0, running = 0;
	char args[600];

	memset(args, 'z', sizeof(args));
	for (uint32_t i = 1; i <= 8000; i++) {
		memcpy(args, &i, sizeof(i));
		EXEC(model, .at = S, .pid = i, .args = args, .args_len = sizeof(args), .start = i);
	}
	for (uint32_t i = 1; i <= 8000; i += 2)
		feed_exit(model, S + 1, i, i, 0, 0);
	snap = take_groups(model, EBT_GROUP_COMMAND, S);
	for (size_t i = 0; i < snap.count; i++) {
		count += snap.groups[i].count;
		running += snap.groups[i].running;
	}
	assert_int_equal(count, 8000);
	assert_int_equal(running, 4000);
	assert_true(group_of(&snap, "(other)")->running > 1000);
	ebt_model_free(&model);
}

static void test_at_most_2_16_groups(void **state)
{
	struct ebt_model *model = model_make(256 << 20);
	struct ebt_snapshot snap;
	const uint32_t n = 70000;

	for (uint32_t i = 1; i <= n; i++) {
		EXEC(model, .at = S, .pid = 1, .uid = i, .start = i);
		feed_exit(model, S, 1, i, 0, 0);
	}
	snap = take_groups(model, EBT_GROUP_USER, S);
	assert_int_equal(snap.total_rows, EBT_GROUPS_MAX);
	assert_int_equal(group_of(&snap, "(other)")->count, n - (EBT_GROUPS_MAX - 1));
	assert_null(group_of(&snap, "1"));
	assert_non_null(group_of(&snap, "70000"));
	ebt_model_free(&model);
}

static void test_column_texts(void **state)
{
	for (unsigned i = 0; i < EBT_COL_MAX; i++) {
		assert_non_null(ebt_column_name(i));
		assert_non_null(ebt_column_title(i));
		assert_non_null(ebt_column_help(i));
		for (unsigned k = 0; k < i; k++)
			assert_string_not_equal(ebt_column_name(i), ebt_column_name(k));
	}
	assert_null(ebt_column_name(EBT_COL_MAX));
	assert_string_equal(ebt_column_name(EBT_COL_RATE_1M), "rate1m");
	assert_string_equal(ebt_group_by_name(EBT_GROUP_CGROUP), "cgroup");
	assert_null(ebt_group_by_name(EBT_GROUP_BY_MAX));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_MODEL(test_six_groupings),
		WITH_MODEL(test_last_row),
		WITH_MODEL(test_names_change),
		WITH_MODEL(test_long_commands_differ),
		cmocka_unit_test(test_life_buckets),
		cmocka_unit_test(test_p95_against_exact),
		WITH_MODEL(test_p95_of_the_extremes),
		cmocka_unit_test(test_sort_by_every_column),
		cmocka_unit_test(test_shares_and_sums),
		cmocka_unit_test(test_other),
		cmocka_unit_test(test_other_when_all_run),
		cmocka_unit_test(test_at_most_2_16_groups),
		cmocka_unit_test(test_column_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
