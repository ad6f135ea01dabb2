/* SPDX-License-Identifier: BSD-3-Clause */
/* The tree's shape, drawn as text: one line a process. */
#include "feed.h"

/* "comm" behind its lines; '*' for an ended one, '+' for a collapsed one. */
static void draw(const struct ebt_snapshot *snap, char *out, size_t size)
{
	size_t n = 0;

	out[0] = '\0';
	for (size_t i = 0; i < snap->count; i++) {
		const struct ebt_row *row = &snap->rows[i];

		for (unsigned d = 1; d < row->depth; d++)
			n += (size_t)snprintf(out + n, size - n, "%s",
					      row->tree_lines >> d & 1 ? "| " : "  ");
		if (row->depth > 0)
			n += (size_t)snprintf(out + n, size - n, "%s",
					      row->tree_last ? "`-" : "|-");
		n += (size_t)snprintf(out + n, size - n, "%.*s%s%s\n", (int)row->comm.len,
				      row->comm.data, row->ended ? "*" : "",
				      row->collapsed ? "+" : "");
		assert_true(n < size);
		assert_int_equal(row->has_children, row->children > 0);
		/* The bit of its own depth says the same as tree_last. */
		assert_int_equal(row->tree_last, !(row->tree_lines >> row->depth & 1));
	}
}

static void check(struct ebt_model *model, const char *want)
{
	struct ebt_snapshot snap = take(model, EBT_LIST_TREE, 100 * S);
	char got[4096];

	draw(&snap, got, sizeof(got));
	assert_string_equal(got, want);
	assert_int_equal(snap.total_rows, snap.count);
}

/* init(1) - a(2) - b(3), c(4) - d(5); e(6); x(7), whose parent nobody knows */
static void plant(struct ebt_model *model)
{
	ebt_model_seed(model, 1, 0, 0, 1, str("init"), str(""));
	EXEC(model, .at = 3 * S, .pid = 6, .ppid = 1, .comm = "e", .start = 2 * S);
	EXEC(model, .at = 2 * S, .pid = 2, .ppid = 1, .comm = "a", .start = S);
	EXEC(model, .at = 4 * S, .pid = 4, .ppid = 2, .comm = "c", .start = 3 * S);
	EXEC(model, .at = 4 * S, .pid = 5, .ppid = 4, .comm = "d", .start = 4 * S,
	     .parent_start = 3 * S);
	EXEC(model, .at = 4 * S, .pid = 3, .ppid = 2, .comm = "b", .start = 2 * S);
	EXEC(model, .at = 5 * S, .pid = 7, .ppid = 999, .comm = "x", .start = 4 * S);
}

static uint64_t id_of(struct ebt_model *model, uint32_t pid)
{
	return ebt_snapshot_row_of_pid(model, pid);
}

static void test_shape(void **state)
{
	struct ebt_model *model = *state;
	struct ebt_snapshot snap;

	plant(model);
	check(model, "init\n"
		     "|-a\n"
		     "| |-b\n"
		     "| `-c\n"
		     "|   `-d\n"
		     "`-e\n"
		     "x\n");
	snap = take(model, EBT_LIST_TREE, 6 * S);
	assert_int_equal(snap.all_rows, 7);
	assert_int_equal(snap.rows[0].children, 2);
	assert_true(snap.rows[0].seeded);
	assert_int_equal(snap.rows[1].children, 2);
	assert_int_equal(snap.rows[4].depth, 3);
	assert_int_equal(snap.rows[4].pid, 5);
	assert_int_equal(snap.rows[4].run_ns, 2 * S);
	for (size_t i = 0; i < 7; i++)
		assert_int_equal(ebt_snapshot_index_of(model, EBT_LIST_TREE, snap.rows[i].id), i);
}

static void test_window_of_tree(void **state)
{
	struct ebt_query query = { .list = EBT_LIST_TREE, .first = 3, .count = 2 };
	struct ebt_snapshot snap;

	plant(*state);
	ebt_snapshot_take(*state, &query, 6 * S, &snap);
	assert_int_equal(snap.count, 2);
	assert_int_equal(snap.total_rows, 7);
	assert_text(snap.rows[0].comm, "c");
	assert_text(snap.rows[1].comm, "d");
}

static void test_exited_stay_a_while(void **state)
{
	struct ebt_model *model = *state;

	plant(model);
	feed_exit(model, 6 * S, 4, 3 * S, 0, 0);
	feed_exit(model, 7 * S, 3, 2 * S, 0, 0);
	check(model, "init\n"
		     "|-a\n"
		     "| |-b*\n"
		     "| `-c*\n"
		     "|   `-d\n"
		     "`-e\n"
		     "x\n");
	/* c is forgotten; d, its child, has a parent we do not know. */
	ebt_model_tick(model, 36 * S + 1);
	check(model, "init\n"
		     "|-a\n"
		     "| `-b*\n"
		     "`-e\n"
		     "d\n"
		     "x\n");
	/* d calls exec and tells its new parent. */
	EXEC(model, .at = 37 * S, .pid = 5, .ppid = 1, .comm = "d2", .start = 4 * S,
	     .parent_start = 0);
	ebt_model_tick(model, 38 * S);
	check(model, "init\n"
		     "|-a\n"
		     "|-e\n"
		     "`-d2\n"
		     "x\n");
}

static void test_collapse(void **state)
{
	struct ebt_model *model = *state;
	struct ebt_snapshot snap;

	plant(model);
	ebt_snapshot_collapse(model, id_of(model, 2), true);
	check(model, "init\n"
		     "|-a+\n"
		     "`-e\n"
		     "x\n");
	snap = take(model, EBT_LIST_TREE, S);
	assert_int_equal(snap.rows[1].children, 2);
	assert_int_equal(snap.all_rows, 7);
	/* A hidden one is not in the list, and stays as it was set. */
	assert_int_equal(ebt_snapshot_index_of(model, EBT_LIST_TREE, id_of(model, 5)), (size_t)-1);
	ebt_snapshot_collapse(model, id_of(model, 4), true);
	ebt_snapshot_collapse(model, id_of(model, 1), true);
	check(model, "init+\n"
		     "x\n");
	ebt_snapshot_collapse(model, id_of(model, 1), false);
	ebt_snapshot_collapse(model, id_of(model, 2), false);
	check(model, "init\n"
		     "|-a\n"
		     "| |-b\n"
		     "| `-c+\n"
		     "`-e\n"
		     "x\n");
	/* It is the process that is collapsed: another exec does not open it. */
	EXEC(model, .at = 9 * S, .pid = 4, .ppid = 2, .comm = "c2", .start = 3 * S);
	check(model, "init\n"
		     "|-a\n"
		     "| |-b\n"
		     "| `-c2+\n"
		     "`-e\n"
		     "x\n");
	ebt_snapshot_collapse(model, 0, true);
	ebt_snapshot_collapse(model, 123456, true);
}

static void test_filter_keeps_ancestors(void **state)
{
	struct ebt_model *model = *state;
	struct ebt_snapshot snap;

	plant(model);
	assert_int_equal(ebt_model_set_filter(model, "^[dx]$", NULL), 0);
	check(model, "init\n"
		     "`-a\n"
		     "  `-c\n"
		     "    `-d\n"
		     "x\n");
	snap = take(model, EBT_LIST_TREE, S);
	assert_int_equal(snap.all_rows, 7);
	assert_int_equal(snap.rows[1].children, 2);
	assert_int_equal(ebt_model_set_filter(model, "^init", NULL), 0);
	check(model, "init\n");
	EXEC(model, .at = 9 * S, .pid = 6, .ppid = 1, .comm = "initial", .start = 2 * S);
	check(model, "init\n"
		     "`-initial\n");
	assert_int_equal(ebt_model_set_filter(model, NULL, NULL), 0);
	assert_int_equal(take(model, EBT_LIST_TREE, S).total_rows, 7);
}

/* The parent's pid is used again: not the parent any more. */
static void test_parent_pid_used_again(void **state)
{
	struct ebt_model *model = *state;
	uint64_t id;

	EXEC(model, .at = S, .pid = 10, .comm = "p", .start = S);
	EXEC(model, .at = 2 * S, .pid = 11, .ppid = 10, .comm = "told", .start = 2 * S,
	     .parent_start = S);
	EXEC(model, .at = 2 * S, .pid = 12, .ppid = 10, .comm = "untold", .start = 3 * S);
	check(model, "p\n"
		     "|-told\n"
		     "`-untold\n");
	id = id_of(model, 10);
	EXEC(model, .at = 9 * S, .pid = 10, .comm = "new", .start = 8 * S);
	check(model, "told\n"
		     "untold\n"
		     "new\n");
	/* Its own start is not known, but its parent's is. */
	EXEC(model, .at = 10 * S, .pid = 13, .ppid = 10, .comm = "hers", .parent_start = 8 * S);
	EXEC(model, .at = 10 * S, .pid = 14, .ppid = 10, .comm = "his", .parent_start = S);
	/* The old row is in the history; it does not stand for the new process. */
	ebt_snapshot_collapse(model, id, true);
	check(model, "his\n"
		     "told\n"
		     "untold\n"
		     "new\n"
		     "`-hers\n");
}

/* Circles and selves, as only a forged recording has them: every process has its line. */
static void assert_parent(struct ebt_model *model, uint64_t id, uint64_t want)
{
	struct ebt_row row;

	assert_true(ebt_snapshot_row(model, id, &row));
	assert_int_equal(ebt_snapshot_parent(model, &row), want);
}

/* A row's parent is the tree's, and never one that has the pid by now. */
static void test_parent_of_row(void **state)
{
	struct ebt_model *model = *state;
	struct ebt_row gone;
	uint64_t p, child, again;

	EXEC(model, .at = S, .pid = 10, .comm = "p", .start = S);
	EXEC(model, .at = 2 * S, .pid = 11, .ppid = 10, .comm = "c", .start = 2 * S,
	     .parent_start = S);
	p = id_of(model, 10);
	child = id_of(model, 11);
	assert_parent(model, child, p);
	assert_parent(model, p, 0);
	EXEC(model, .at = 3 * S, .pid = 11, .ppid = 10, .comm = "d", .start = 2 * S,
	     .parent_start = S);
	again = id_of(model, 11);
	assert_parent(model, child, p); /* the row of an image that is gone */
	assert_parent(model, again, p);
	/* the child is forgotten, its parent lives */
	feed_exit(model, 4 * S, 11, 2 * S, 0, 0);
	ebt_model_tick(model, 40 * S);
	assert_int_equal(id_of(model, 11), 0);
	assert_parent(model, child, p);
	assert_true(ebt_snapshot_row(model, child, &gone));
	/* and the parent's pid is another process's, half a slack after the child's exec at most */
	feed_exit(model, 41 * S, 10, S, 0, 0);
	assert_parent(model, child, p);
	EXEC(model, .at = 42 * S, .pid = 10, .comm = "new", .start = 3 * S + 1);
	assert_parent(model, child, 0);
	assert_parent(model, again, 0);
	/* a child of the new one */
	EXEC(model, .at = 43 * S, .pid = 12, .ppid = 10, .comm = "hers", .start = 42 * S,
	     .parent_start = 3 * S + 1);
	assert_parent(model, id_of(model, 12), id_of(model, 10));
	/* one that only forked had the pid after the parent known had ended */
	EXEC(model, .at = 50 * S, .pid = 13, .comm = "q", .start = 50 * S);
	feed_exit(model, 51 * S, 13, 50 * S, 0, 0);
	EXEC(model, .at = 52 * S, .ret = -2, .pid = 14, .ppid = 13, .start = 52 * S);
	struct ebt_snapshot snap = take(model, EBT_LIST_EVENTS, 60 * S);

	assert_int_equal(ebt_snapshot_parent(model, &snap.rows[snap.count - 1]), 0);
	ebt_model_clear(model); /* the row is known to the caller alone */
	gone.ppid = 14;
	assert_int_equal(ebt_snapshot_parent(model, &gone), 0);
}

static void test_circles(void **state)
{
	struct ebt_model *model = *state;

	EXEC(model, .at = S, .pid = 1, .ppid = 1, .comm = "self", .start = 1);
	EXEC(model, .at = S, .pid = 2, .ppid = 4, .comm = "two", .start = 2);
	EXEC(model, .at = S, .pid = 3, .ppid = 2, .comm = "three", .start = 2);
	EXEC(model, .at = S, .pid = 4, .ppid = 3, .comm = "four", .start = 2);
	EXEC(model, .at = S, .pid = 5, .ppid = 4, .comm = "five", .start = 3);
	check(model, "self\n"
		     "two\n"
		     "`-three\n"
		     "  `-four\n"
		     "    `-five\n");
}

static void test_deep(void **state)
{
	struct ebt_model *model = *state;
	struct ebt_snapshot snap;

	for (uint32_t pid = 1; pid <= 2000; pid++)
		EXEC(model, .at = S, .pid = pid, .ppid = pid - 1, .start = pid);
	EXEC(model, .at = S, .pid = 3000, .ppid = 50, .start = 3000);
	snap = take(model, EBT_LIST_TREE, S);
	assert_int_equal(snap.count, 2001);
	for (uint32_t i = 0; i < 2000; i++) {
		assert_int_equal(snap.rows[i].depth, i);
		/* 51 has a sibling: the line of its depth, 50, goes on through all below. */
		assert_int_equal(snap.rows[i].tree_lines, i >= 50 ? 1ull << 50 : 0);
	}
	assert_int_equal(snap.rows[2000].depth, 50);
}

/* A random forest: parents before children, depth one more, siblings by start, nobody missing. */
static void test_random_forest(void **state)
{
	struct ebt_model *model = model_make(4 << 20);
	uint32_t parent[2000] = { 0 }, x = 77;
	uint64_t start[2000] = { 0 };
	int last_at_depth[2000];

	for (uint32_t i = 1; i < 2000; i++) {
		parent[i] = rnd(&x) % i;
		start[i] = 1000 * i;
		if (rnd(&x) % 20)
			EXEC(model, .at = S, .pid = i, .ppid = parent[i], .start = start[i],
			     .parent_start = start[parent[i]]);
		else
			ebt_model_seed(model, i, parent[i], 0, start[i], str("seed"), str(""));
		if (rnd(&x) % 3 == 0)
			feed_exit(model, S, i, start[i], 0, 0);
		if (i % 100 == 0) {
			struct ebt_snapshot snap = take(model, EBT_LIST_TREE, S);

			assert_int_equal(snap.count, i);
			for (size_t k = 0; k < snap.count; k++) {
				uint32_t pid = snap.rows[k].pid, d = snap.rows[k].depth;

				last_at_depth[d] = (int)pid;
				assert_int_equal(d == 0, parent[pid] == 0);
				if (d > 0)
					assert_int_equal(last_at_depth[d - 1], parent[pid]);
				if (!snap.rows[k].tree_last) {
					size_t n = k + 1;

					while (snap.rows[n].depth > d)
						n++;
					assert_int_equal(snap.rows[n].depth, d);
					assert_true(snap.rows[n].pid > pid);
				}
			}
		}
	}
	ebt_model_free(&model);
}

/* Processes of before are shown as far as they belong to the roots, or lead to what is shown. */
static void test_limited(void **state)
{
	struct ebt_model *model = *state;
	const uint32_t roots[] = { 20 };

	ebt_model_limit_tree(model, true, roots, 1);
	ebt_model_seed(model, 1, 0, 0, 1, str("init"), str(""));
	ebt_model_seed(model, 10, 1, 0, S, str("other"), str(""));
	ebt_model_seed(model, 20, 1, 0, S, str("root"), str(""));
	ebt_model_seed(model, 21, 20, 0, 2 * S, str("child"), str(""));
	EXEC(model, .at = 4 * S, .pid = 11, .ppid = 10, .comm = "late", .start = 3 * S);
	check(model, "init\n|-other\n| `-late\n`-root\n  `-child\n");
	ebt_model_seed(model, 12, 1, 0, 3 * S, str("unrelated"), str(""));
	check(model, "init\n|-other\n| `-late\n`-root\n  `-child\n");
	ebt_model_limit_tree(model, false, NULL, 0);
	check(model, "init\n|-other\n| `-late\n|-root\n| `-child\n`-unrelated\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_MODEL(test_shape),
		WITH_MODEL(test_window_of_tree),
		WITH_MODEL(test_exited_stay_a_while),
		WITH_MODEL(test_collapse),
		WITH_MODEL(test_filter_keeps_ancestors),
		WITH_MODEL(test_parent_pid_used_again),
		WITH_MODEL(test_parent_of_row),
		WITH_MODEL(test_circles),
		WITH_MODEL(test_limited),
		WITH_MODEL(test_deep),
		cmocka_unit_test(test_random_forest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
