/* SPDX-License-Identifier: BSD-3-Clause */
/* Which part of the tree is listed, in which order, and the CPU time of jobs. */
#include "feed.h"

/* What is listed at `now`: names with blanks between. */
static const char *names(struct ebt_model *model, uint64_t now)
{
	static char out[512];
	struct ebt_snapshot snap = take(model, EBT_LIST_TREE, now);
	size_t n = 0;

	out[0] = '\0';
	for (size_t i = 0; i < snap.count; i++)
		n += (size_t)snprintf(out + n, sizeof(out) - n, "%s%.*s", i ? " " : "",
				      (int)snap.rows[i].comm.len, snap.rows[i].comm.data);
	assert_true(n < sizeof(out));
	return out;
}

static void set_view(struct ebt_model *model, struct ebt_tree_view view)
{
	ebt_model_set_tree_view(model, &view);
}

static uint64_t job_of(struct ebt_model *model, uint32_t pid, uint64_t now)
{
	struct ebt_snapshot snap = take(model, EBT_LIST_TREE, now);

	for (size_t i = 0; i < snap.count; i++)
		if (snap.rows[i].pid == pid)
			return snap.rows[i].job_cpu_ns;
	fail_msg("process %u is not in the tree", pid);
	return 0;
}

/* init(1) - kthreadd(2) - worker(3); make(10) - cc(11) - as(12), ld(13) */
static void plant(struct ebt_model *model)
{
	ebt_model_seed(model, 1, 0, 0, 1, str("init"), str("/sbin/init"));
	ebt_model_seed(model, 2, 0, 0, 2, str("kthreadd"), str(""));
	ebt_model_seed(model, 3, 2, 0, 3, str("worker"), str(""));
	EXEC(model, .at = S, .pid = 10, .ppid = 1, .comm = "make", .start = S);
	EXEC(model, .at = 2 * S, .pid = 11, .ppid = 10, .comm = "cc", .start = 2 * S);
	EXEC(model, .at = 3 * S, .pid = 12, .ppid = 11, .comm = "as", .start = 3 * S);
	EXEC(model, .at = 4 * S, .pid = 13, .ppid = 10, .comm = "ld", .start = 4 * S);
}

static void test_hidden(void **state)
{
	struct ebt_model *model = *state;

	plant(model);
	assert_string_equal(names(model, 5 * S), "init make cc as ld kthreadd worker");
	set_view(model, (struct ebt_tree_view){ .hide_kernel = true });
	assert_string_equal(names(model, 5 * S), "init make cc as ld");
	/* One that ended stays as the way to one that runs. */
	feed_exit(model, 6 * S, 11, 2 * S, 0, 0);
	feed_exit(model, 6 * S, 13, 4 * S, 0, 0);
	set_view(model, (struct ebt_tree_view){ .hide_kernel = true, .hide_ended = true });
	assert_string_equal(names(model, 7 * S), "init make cc as");
	feed_exit(model, 8 * S, 12, 3 * S, 0, 0);
	assert_string_equal(names(model, 9 * S), "init make");
	set_view(model, (struct ebt_tree_view){ .hide_kernel = false });
	assert_string_equal(names(model, 9 * S), "init make cc as ld kthreadd worker");
}

/* A process that calls itself kthreadd is not the kernel's. */
static void test_forged_kernel_thread(void **state)
{
	struct ebt_model *model = *state;

	plant(model);
	EXEC(model, .at = 5 * S, .pid = 20, .ppid = 1, .comm = "kthreadd", .start = 5 * S);
	set_view(model, (struct ebt_tree_view){ .hide_kernel = true });
	assert_string_equal(names(model, 6 * S), "init make cc as ld kthreadd");
}

static void test_subtree(void **state)
{
	struct ebt_model *model = *state;

	plant(model);
	set_view(model, (struct ebt_tree_view){ .root_pid = 11, .root_start_ns = 2 * S });
	assert_string_equal(names(model, 5 * S), "init make cc as");
	EXEC(model, .at = 5 * S, .pid = 14, .ppid = 11, .comm = "new", .start = 5 * S);
	assert_string_equal(names(model, 6 * S), "init make cc as new");
	/* The pid's next owner is somebody else. */
	set_view(model, (struct ebt_tree_view){ .root_pid = 13, .root_start_ns = 9 * S });
	assert_string_equal(names(model, 6 * S), "");
}

static void test_order(void **state)
{
	struct ebt_model *model = *state;

	plant(model);
	set_view(model, (struct ebt_tree_view){ .order = EBT_TREE_BY_NAME });
	assert_string_equal(names(model, 5 * S), "init make cc as ld kthreadd worker");
	EXEC(model, .at = 5 * S, .pid = 14, .ppid = 10, .comm = "awk", .start = 5 * S);
	assert_string_equal(names(model, 6 * S), "init make awk cc as ld kthreadd worker");
	set_view(model, (struct ebt_tree_view){ .order = EBT_TREE_BY_CPU });
	feed_exit(model, 7 * S, 13, 4 * S, 0, 20 * MS);
	feed_exit(model, 7 * S, 12, 3 * S, 0, 40 * MS);
	/* What it is sorted by is known when it has been listed. */
	names(model, 8 * S);
	assert_string_equal(names(model, 10 * S), "init make cc as ld awk kthreadd worker");
}

static uint64_t one_second(uint32_t pid, void *arg)
{
	(void)arg;
	return pid == 12 ? S : 0;
}

static void test_job(void **state)
{
	struct ebt_model *model = *state;

	plant(model);
	assert_int_equal(job_of(model, 10, 5 * S), 0);
	feed_exit(model, 6 * S, 13, 4 * S, 0, 20 * MS); /* and 10 ms in the kernel */
	assert_int_equal(job_of(model, 13, 7 * S), 30 * MS);
	assert_int_equal(job_of(model, 10, 7 * S), 30 * MS);
	assert_int_equal(job_of(model, 1, 7 * S), 30 * MS);
	/* A running one counts with what it has used so far. */
	ebt_model_sample_cpu(model, one_second, NULL, 100, 7 * S);
	assert_int_equal(job_of(model, 12, 7 * S), S);
	assert_int_equal(job_of(model, 11, 7 * S), S);
	assert_int_equal(job_of(model, 10, 7 * S), S + 30 * MS);
	/* Its parent ends before it: what it uses still goes to those above. */
	feed_exit(model, 8 * S, 11, 2 * S, 0, 2 * MS);
	assert_int_equal(job_of(model, 10, 9 * S), S + 33 * MS);
	feed_exit(model, 9 * S, 12, 3 * S, 0, 2 * S);
	assert_int_equal(job_of(model, 11, 9 * S), 3 * S + 3 * MS);
	assert_int_equal(job_of(model, 10, 9 * S), 3 * S + 33 * MS);
	assert_int_equal(job_of(model, 1, 9 * S), 3 * S + 33 * MS);
}

/* Children end before their parents, as in a build: each level has all of the time below it. */
static void test_job_of_levels(void **state)
{
	struct ebt_model *model = *state;

	plant(model);
	feed_exit(model, 5 * S, 12, 3 * S, 0, 40 * MS);
	assert_int_equal(job_of(model, 11, 6 * S), 60 * MS);
	feed_exit(model, 6 * S, 11, 2 * S, 0, 2 * MS);
	assert_int_equal(job_of(model, 11, 7 * S), 63 * MS);
	assert_int_equal(job_of(model, 10, 7 * S), 63 * MS);
	feed_exit(model, 7 * S, 10, S, 0, 4 * MS);
	assert_int_equal(job_of(model, 10, 8 * S), 69 * MS);
	assert_int_equal(job_of(model, 1, 8 * S), 69 * MS);
}

/* More have ended than the tree keeps: their time is not forgotten. */
static void test_job_of_many(void **state)
{
	struct ebt_model *model = *state;
	const unsigned many = 5000;

	plant(model);
	for (unsigned i = 0; i < many; i++) {
		EXEC(model, .at = 5 * S + i, .pid = 100 + i, .ppid = 11, .comm = "cc1",
		     .start = 5 * S + i);
		feed_exit(model, 6 * S + i, 100 + i, 5 * S + i, 0, 2 * MS);
	}
	assert_int_equal(job_of(model, 10, 7 * S), many * 3 * MS);
	assert_true(take(model, EBT_LIST_TREE, 7 * S).count < many);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_MODEL(test_hidden),      WITH_MODEL(test_forged_kernel_thread),
		WITH_MODEL(test_subtree),     WITH_MODEL(test_order),
		WITH_MODEL(test_job),	      WITH_MODEL(test_job_of_levels),
		WITH_MODEL(test_job_of_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
