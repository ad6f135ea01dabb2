/* SPDX-License-Identifier: BSD-3-Clause */
/* The bounded history: what is dropped, what stays, and that memory keeps to its bound. */
#include "feed.h"

#include <errno.h>
#include <malloc.h>

#include "model/history.h"

/* Row i has a text that only it has, of a length that is all its own. */
static size_t row_args(char *out, uint32_t i)
{
	size_t len = 1 + i * 2654435761u % 900;

	for (size_t k = 0; k < len; k++)
		out[k] = (char)('a' + (i + k) % 26);
	return len;
}

static void check_row(const struct ebt_row *row, uint32_t i)
{
	char want[1000];
	size_t len = row_args(want, i);

	assert_int_equal(row->pid, i);
	assert_int_equal(row->mono_ns, S + i);
	assert_int_equal(row->args.len, len);
	assert_memory_equal(row->args.data, want, len);
	assert_text(row->comm, "prog");
	assert_text(row->exe, "/bin/prog");
	assert_text(row->filename, i % 2 ? "/bin/prog" : "prog");
}

static void test_oldest_go_first(void **state)
{
	struct ebt_model *model = *state;
	uint64_t last_dropped = 0;
	char args[1000];

	for (uint32_t i = 1; i <= 20000; i++) {
		struct ebt_snapshot snap;
		struct ebt_query query = { .list = EBT_LIST_EVENTS, .count = 3 };

		EXEC(model, .at = S + i, .pid = i, .exe = "/bin/prog",
		     .filename = i % 2 ? "/bin/prog" : "prog", .args = args,
		     .args_len = row_args(args, i), .start = i);
		query.first = i * 37 % 5000;
		ebt_snapshot_take(model, &query, 2 * S, &snap);
		assert_int_equal(snap.total_rows + snap.dropped_rows, i);
		assert_true(snap.dropped_rows >= last_dropped);
		assert_true(snap.history_used <= snap.history_size);
		assert_int_equal(snap.execs, i);
		/* Rows [first, first + count) are the right ones, bytes and all. */
		for (size_t k = 0; k < snap.count; k++)
			check_row(&snap.rows[k],
				  (uint32_t)(snap.dropped_rows + snap.first + k + 1));
		last_dropped = snap.dropped_rows;
	}
	assert_true(last_dropped > 10000);
	/* The ring is used well: at most the largest row is wasted at its end. */
	assert_true(take(model, EBT_LIST_NONE, 2 * S).history_used > (size_t)1 << 19);
}

static void test_window(void **state)
{
	static const struct {
		size_t first, count, want_first, want_count;
	} cases[] = {
		{ 0, 3, 0, 3 },	  { 7, 3, 7, 3 },   { 8, 3, 7, 3 }, { SIZE_MAX, 3, 7, 3 },
		{ 0, 99, 0, 10 }, { 5, 99, 0, 10 }, { 3, 0, 3, 0 }, { 0, SIZE_MAX, 0, 10 },
	};
	struct ebt_model *model = *state;

	for (uint32_t i = 1; i <= 10; i++)
		EXEC(model, .at = S + i, .pid = i, .start = i);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ebt_query query = { .list = EBT_LIST_EVENTS,
					   .first = cases[i].first,
					   .count = cases[i].count };
		struct ebt_snapshot snap;

		ebt_snapshot_take(model, &query, 2 * S, &snap);
		assert_int_equal(snap.first, cases[i].want_first);
		assert_int_equal(snap.count, cases[i].want_count);
		for (size_t k = 0; k < snap.count; k++)
			assert_int_equal(snap.rows[k].pid, snap.first + k + 1);
	}
}

static void test_row_and_index_by_id(void **state)
{
	struct ebt_model *model = *state;
	struct ebt_snapshot snap;
	struct ebt_row row;

	for (uint32_t i = 1; i <= 9000; i++)
		EXEC(model, .at = S + i, .pid = i % 100 + 1, .start = i);
	snap = take(model, EBT_LIST_EVENTS, 2 * S);
	assert_true(snap.dropped_rows > 0);
	for (size_t i = 0; i < snap.count; i += 97) {
		assert_true(ebt_snapshot_row(model, snap.rows[i].id, &row));
		assert_int_equal(row.mono_ns, snap.rows[i].mono_ns);
		assert_int_equal(ebt_snapshot_index_of(model, EBT_LIST_EVENTS, snap.rows[i].id), i);
	}
	assert_false(ebt_snapshot_row(model, snap.rows[0].id - 1, &row));
	assert_false(ebt_snapshot_row(model, 0, &row));
	assert_false(ebt_snapshot_row(model, snap.rows[snap.count - 1].id + 1, &row));
	assert_int_equal(ebt_snapshot_index_of(model, EBT_LIST_EVENTS, 1), (size_t)-1);
	assert_int_equal(ebt_snapshot_index_of(model, EBT_LIST_EVENTS, UINT64_MAX), (size_t)-1);
	assert_int_equal(ebt_snapshot_index_of(model, EBT_LIST_NONE, 1), (size_t)-1);
}

/* Larger than half the history: not kept, but counted, and its process is known. */
static void test_row_too_large(void **state)
{
	struct ebt_model *model = *state;
	size_t len = 700 << 10;
	char *args = malloc(len);
	struct ebt_snapshot snap;
	struct ebt_row row;

	memset(args, 'x', len);
	EXEC(model, .at = S, .pid = 1, .comm = "small", .start = 1);
	EXEC(model, .at = S, .pid = 2, .comm = "huge", .args = args, .args_len = len, .start = 2);
	snap = take(model, EBT_LIST_EVENTS, 2 * S);
	assert_int_equal(snap.total_rows, 1);
	assert_int_equal(snap.dropped_rows, 1);
	assert_int_equal(snap.execs, 2);
	assert_int_equal(snap.running, 2);
	snap = take_groups(model, EBT_GROUP_COMM, 2 * S);
	assert_int_equal(group_of(&snap, "huge")->args_bytes, len);
	snap = take(model, EBT_LIST_TREE, 2 * S);
	assert_int_equal(snap.count, 2);
	assert_text(snap.rows[1].comm, "huge");
	assert_true(ebt_snapshot_row(model, snap.rows[1].id, &row));
	assert_int_equal(row.pid, 2);
	feed_exit(model, 3 * S, 2, 2, 0, 0);
	assert_int_equal(take(model, EBT_LIST_NONE, 2 * S).running, 1);
	free(args);
}

/* A process that lives on when its row is dropped keeps its command line, and its id. */
static void test_live_process_outlives_its_row(void **state)
{
	struct ebt_model *model = *state;
	struct ebt_snapshot snap;
	struct ebt_row row;
	uint64_t id;
	char big[5000];

	memset(big, 'y', sizeof(big));
	EXEC(model, .at = S, .pid = 1, .comm = "daemon", .exe = "/sbin/daemon", .args = big,
	     .args_len = sizeof(big), .env = str("SECRET=1"), .start = 1);
	id = ebt_snapshot_row_of_pid(model, 1);
	for (uint32_t i = 2; i <= 9000; i++) {
		EXEC(model, .at = S + i, .pid = i, .start = i);
		feed_exit(model, S + i + 1, i, i, 0, 0);
	}
	assert_int_equal(ebt_snapshot_index_of(model, EBT_LIST_EVENTS, id), (size_t)-1);
	assert_true(ebt_snapshot_row(model, id, &row));
	assert_text(row.exe, "/sbin/daemon");
	assert_int_equal(row.args.len, 4096);
	assert_int_equal(row.args_bytes, sizeof(big)); /* the rest was not kept, and that is said */
	assert_int_equal(row.args_captured, 4096);
	assert_int_equal(row.env.len, 0);
	feed_exit(model, 5 * S, 1, 1, 11, 3);
	assert_true(ebt_snapshot_row(model, id, &row));
	assert_true(row.ended);
	assert_int_equal(row.status, 11);
	assert_int_equal(row.run_ns, 4 * S);
	snap = take_groups(model, EBT_GROUP_COMM, 6 * S);
	assert_int_equal(group_of(&snap, "daemon")->failures, 1);
	assert_int_equal(group_of(&snap, "daemon")->running, 0);
}

/* With a history of a few hundred rows, every count is as if it held all. */
static void test_counts_are_exact_after_overflow(void **state)
{
	struct ebt_model *model = model_make(64 << 10);
	uint64_t count[7] = { 0 }, failures[7] = { 0 }, args[7] = { 0 }, cpu[7] = { 0 };
	uint64_t all_failures = 0;
	uint32_t x = 1;
	struct ebt_snapshot snap;

	for (uint32_t i = 1; i <= 30000; i++) {
		uint32_t k = rnd(&x) % 7, len = 1 + rnd(&x) % 50;
		bool failed = rnd(&x) % 5 == 0;
		char comm[8], text[64];

		memset(text, 'a', sizeof(text));
		snprintf(comm, sizeof(comm), "c%u", k);
		count[k]++;
		args[k] += len;
		EXEC(model, .at = S + i, .pid = i, .comm = comm, .args = text, .args_len = len,
		     .ret = failed ? -2 : 0, .start = i);
		if (failed) {
			failures[k]++;
			continue;
		}
		if (rnd(&x) % 3) {
			failures[k] += i % 2;
			cpu[k] += 2 * (i % 9) + i % 9;
			feed_exit(model, S + i + 5, i, i, i % 2, 2 * (i % 9));
		}
	}
	snap = take_groups(model, EBT_GROUP_COMM, 2 * S);
	assert_true(snap.dropped_rows > 29000);
	assert_int_equal(snap.total_rows, 7);
	for (unsigned k = 0; k < 7; k++) {
		char comm[8];
		const struct ebt_group *g;

		snprintf(comm, sizeof(comm), "c%u", k);
		g = group_of(&snap, comm);
		assert_non_null(g);
		assert_int_equal(g->count, count[k]);
		assert_int_equal(g->failures, failures[k]);
		assert_int_equal(g->args_bytes, args[k]);
		assert_int_equal(g->cpu_time_ns, cpu[k]);
		all_failures += failures[k];
	}
	assert_int_equal(snap.execs, 30000);
	assert_int_equal(snap.failures, all_failures);
	ebt_model_free(&model);
}

static void test_sizes_refused(void **state)
{
	struct ebt_history h;

	assert_int_equal(ebt_history_init(&h, EBT_HISTORY_MIN - 1, 0), -EINVAL);
	assert_int_equal(ebt_history_init(&h, EBT_HISTORY_MAX + 1, 0), -EINVAL);
	assert_int_equal(ebt_history_init(&h, EBT_HISTORY_MIN, 4), 0);
	/* Not even rows without any text can be more than the index has places. */
	assert_true(h.arena_bytes / sizeof(struct ebt_hist_row) <= h.slots);
	assert_true(h.map_bytes + 4 * h.slots <= EBT_HISTORY_MIN);
	ebt_history_deinit(&h);
	assert_int_equal(ebt_model_new(&(struct ebt_model *){ NULL },
				       &(struct ebt_model_options){ .ncpu = 0 }),
			 -EINVAL);
}

size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

static size_t heap_bytes(void)
{
	struct mallinfo2 info;

	if (__sanitizer_get_current_allocated_bytes)
		return __sanitizer_get_current_allocated_bytes();
	info = mallinfo2();
	return info.uordblks + info.hblkhd;
}

/* A storm of execs that have nothing in common: the heap stays below what the model says it has,
 * and that below the documented bound. */
static void test_memory_bound(void **state)
{
	const size_t history = 1 << 20;
	size_t before = heap_bytes(), heap, said;
	struct ebt_model *model = model_make(history);
	char *args = malloc(20000);
	uint32_t x = 7;

	for (uint32_t i = 1; i <= 60000; i++) {
		size_t len = i % 1000 ? 1 + rnd(&x) % 300 : 20000;
		char comm[16], exe[64];

		memset(args, 'a' + (int)(i % 26), len);
		memcpy(args, &i, sizeof(i) < len ? sizeof(i) : len);
		snprintf(comm, sizeof(comm), "c%u", i);
		snprintf(exe, sizeof(exe), "/some/where/%u", i);
		EXEC(model, .at = S + i * MS, .pid = i % 5000 + 1, .comm = comm, .exe = exe,
		     .args = args, .args_len = len, .uid = i, .cgroup = i, .start = i);
		if (i % 3)
			feed_exit(model, S + i * MS + 1, i % 5000 + 1, i, 0, 0);
		if (i % 1000 == 0) {
			take(model, EBT_LIST_EVENTS, S + i * MS);
			take(model, EBT_LIST_TREE, S + i * MS);
			take_groups(model, i / 1000 % EBT_GROUP_BY_MAX, S + i * MS);
			ebt_model_tick(model, S + i * MS);
			assert_int_equal(ebt_model_set_filter(model, i % 2000 ? "c1" : "", NULL),
					 0);
		}
	}
	free(args);
	heap = heap_bytes() - before;
	said = ebt_model_memory_bytes(model) - history;
	/* Allocator's own overhead: a sixth is plenty. Memory mapped is not in heap. */
	assert_true(heap <= said + said / 6);
	/* History, groups (4 MiB at the least), about 3,000 live and 2,000 exited processes with
	 * what is kept of them, rows for the snapshots asked for. */
	assert_true(said < (4 << 20) + 5000 * 1000 + (6 << 20));
	ebt_model_free(&model);
	/* glibc counts what it keeps for later as used. */
	assert_true(heap_bytes() <=
		    before + (__sanitizer_get_current_allocated_bytes ? 0 : (size_t)64 << 10));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_MODEL(test_oldest_go_first),
		WITH_MODEL(test_window),
		WITH_MODEL(test_row_and_index_by_id),
		WITH_MODEL(test_row_too_large),
		WITH_MODEL(test_live_process_outlives_its_row),
		cmocka_unit_test(test_counts_are_exact_after_overflow),
		cmocka_unit_test(test_sizes_refused),
		cmocka_unit_test(test_memory_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
