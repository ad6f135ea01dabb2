/* SPDX-License-Identifier: BSD-3-Clause */
/* Joins: exec with exit, with the next exec, with another process of the same pid. */
#include "feed.h"

static struct ebt_row row_at(struct ebt_model *model, size_t i, uint64_t now)
{
	struct ebt_snapshot snap = take(model, EBT_LIST_EVENTS, now);

	assert_true(i < snap.count);
	return snap.rows[i];
}

static void test_empty(void **state)
{
	struct ebt_snapshot snap = take(*state, EBT_LIST_EVENTS, 1 * S);

	assert_int_equal(snap.total_rows, 0);
	assert_int_equal(snap.count, 0);
	assert_int_equal(snap.execs, 0);
	assert_string_equal(snap.filter, "");
	assert_int_equal(take(*state, EBT_LIST_TREE, 1 * S).count, 0);
	assert_int_equal(take(*state, EBT_LIST_GROUPS, 1 * S).count, 0);
}

static void test_exec_and_exit(void **state)
{
	struct ebt_model *model = *state;
	struct ebt_snapshot snap;
	struct ebt_row row;

	EXEC(model, .at = 10 * MS, .pid = 5, .ppid = 1, .uid = 7, .comm = "ls", .prev = "bash",
	     .exe = "/bin/ls", .filename = "ls", .args = "ls\0-l", .args_len = 6, .start = 9 * MS,
	     .env = str("A=b"));
	row = row_at(model, 0, 25 * MS);
	assert_false(row.ended);
	assert_int_equal(row.run_ns, 15 * MS);
	assert_int_equal(row.real_ns, 10 * MS + REAL_BASE);
	assert_int_equal(row.pid, 5);
	assert_int_equal(row.uid, 7);
	assert_null(row.user);
	assert_text(row.comm, "ls");
	assert_text(row.prev_comm, "bash");
	assert_text(row.parent_comm, "bash"); /* inherited from the parent that forked */
	assert_text(row.exe, "/bin/ls");
	assert_text(row.filename, "ls");
	assert_text(row.env, "A=b");
	assert_int_equal(row.args.len, 6);
	assert_memory_equal(row.args.data, "ls\0-l\0", 6);
	assert_int_equal(take(model, EBT_LIST_NONE, 25 * MS).running, 1);

	ebt_model_set_user(model, 7, "eve");
	feed_exit(model, 40 * MS, 5, 9 * MS, 256, 4 * MS);
	row = row_at(model, 0, 90 * MS);
	assert_true(row.ended);
	assert_false(row.replaced);
	assert_int_equal(row.status, 256);
	assert_int_equal(row.run_ns, 30 * MS);
	assert_int_equal(row.utime_ns, 4 * MS);
	assert_int_equal(row.stime_ns, 2 * MS);
	assert_int_equal(row.maxrss_bytes, 4096);
	assert_string_equal(row.user, "eve");
	snap = take(model, EBT_LIST_NONE, 90 * MS);
	assert_int_equal(snap.running, 0);
	assert_int_equal(snap.execs, 1);
	assert_int_equal(snap.exits, 1);
	assert_int_equal(snap.failures, 1);
	/* The same exit again changes nothing. */
	feed_exit(model, 50 * MS, 5, 9 * MS, 0, 4 * MS);
	row = row_at(model, 0, 90 * MS);
	assert_int_equal(row.status, 256);
	assert_int_equal(row.run_ns, 30 * MS);
}

static void test_replaced(void **state)
{
	struct ebt_model *model = *state;
	struct ebt_snapshot snap;
	const struct ebt_group *g;

	EXEC(model, .at = 10 * MS, .pid = 5, .comm = "sh", .start = 9 * MS);
	EXEC(model, .at = 17 * MS, .pid = 5, .comm = "make", .start = 9 * MS);
	snap = take(model, EBT_LIST_EVENTS, 20 * MS);
	assert_int_equal(snap.count, 2);
	assert_int_equal(snap.running, 1);
	assert_true(snap.rows[0].ended && snap.rows[0].replaced && !snap.rows[0].exit_unknown);
	assert_int_equal(snap.rows[0].run_ns, 7 * MS);
	assert_false(snap.rows[1].ended);
	feed_exit(model, 30 * MS, 5, 9 * MS, 0, 8 * MS);
	snap = take(model, EBT_LIST_EVENTS, 40 * MS);
	assert_true(snap.rows[0].replaced);
	assert_true(snap.rows[1].ended && !snap.rows[1].replaced);
	assert_int_equal(snap.rows[1].run_ns, 13 * MS);
	snap = take_groups(model, EBT_GROUP_COMM, 40 * MS);
	g = group_of(&snap, "sh");
	assert_int_equal(g->running, 0);
	assert_int_equal(g->life_mean_ns, 7 * MS);
	assert_int_equal(g->cpu_time_ns, 0); /* the process's time is its last image's */
	g = group_of(&snap, "make");
	assert_int_equal(g->cpu_time_ns, 12 * MS);
	assert_true(g->cpu_share == 1);
}

static void test_failed(void **state)
{
	struct ebt_model *model = *state;
	struct ebt_snapshot snap;

	EXEC(model, .at = 10 * MS, .pid = 5, .comm = "sh", .exe = "/bin/sh", .start = 9 * MS);
	EXEC(model, .at = 12 * MS, .pid = 5, .comm = "sh", .ret = -2, .filename = "/opt/x",
	     .start = 9 * MS);
	snap = take(model, EBT_LIST_EVENTS, 20 * MS);
	assert_int_equal(snap.count, 2);
	assert_int_equal(snap.execs, 2);
	assert_int_equal(snap.failures, 1);
	assert_int_equal(snap.running, 1);
	assert_false(snap.rows[0].ended);
	assert_true(snap.rows[1].ended);
	assert_int_equal(snap.rows[1].ret, -2);
	assert_int_equal(snap.rows[1].run_ns, 0);
	assert_int_equal(ebt_snapshot_row_of_pid(model, 5), snap.rows[0].id);
	snap = take_groups(model, EBT_GROUP_EXE, 20 * MS);
	assert_int_equal(group_of(&snap, "/opt/x")->failures, 1);
	assert_int_equal(group_of(&snap, "/opt/x")->running, 0);
	assert_int_equal(group_of(&snap, "/bin/sh")->failures, 0);
	/* A failed exec does not make a process known. */
	EXEC(model, .at = 13 * MS, .pid = 6, .ret = -13, .start = 1);
	assert_false(ebt_model_knows(model, 6));
}

static void test_pid_used_again(void **state)
{
	struct ebt_model *model = *state;
	struct ebt_snapshot snap;

	EXEC(model, .at = 10 * MS, .pid = 5, .comm = "a", .start = 9 * MS);
	/* Its exit is lost; another process has the pid. */
	EXEC(model, .at = 50 * MS, .pid = 5, .comm = "b", .start = 45 * MS);
	snap = take(model, EBT_LIST_EVENTS, 60 * MS);
	assert_true(snap.rows[0].ended && snap.rows[0].exit_unknown && snap.rows[0].replaced);
	assert_int_equal(snap.rows[0].run_ns, 35 * MS);
	assert_false(snap.rows[1].ended);
	assert_int_equal(snap.running, 1);
	snap = take_groups(model, EBT_GROUP_COMM, 60 * MS);
	assert_int_equal(group_of(&snap, "a")->running, 0);
	assert_int_equal(group_of(&snap, "a")->life_mean_ns, 0); /* not known, so not counted */
	/* The old process's exit comes late after all: not the new one's. */
	feed_exit(model, 44 * MS, 5, 9 * MS, 0, 0);
	snap = take(model, EBT_LIST_EVENTS, 60 * MS);
	assert_false(snap.rows[1].ended);
	/* The exit of a third one says that the second is gone. */
	feed_exit(model, 80 * MS, 5, 70 * MS, 0, 0);
	snap = take(model, EBT_LIST_EVENTS, 90 * MS);
	assert_true(snap.rows[1].ended && snap.rows[1].exit_unknown);
	assert_int_equal(snap.rows[1].run_ns, 20 * MS);
	assert_int_equal(snap.running, 0);
	assert_int_equal(snap.exits, 2);
	assert_false(ebt_model_knows(model, 5));
}

static void test_pid_used_again_after_exit(void **state)
{
	struct ebt_model *model = *state;
	struct ebt_snapshot snap;

	EXEC(model, .at = 10 * MS, .pid = 5, .comm = "a", .start = 9 * MS);
	feed_exit(model, 20 * MS, 5, 9 * MS, 9, 0);
	EXEC(model, .at = 30 * MS, .pid = 5, .comm = "b", .start = 29 * MS);
	feed_exit(model, 31 * MS, 5, 29 * MS, 0, 0);
	snap = take(model, EBT_LIST_EVENTS, 60 * MS);
	assert_int_equal(snap.rows[0].status, 9);
	assert_int_equal(snap.rows[0].run_ns, 10 * MS);
	assert_false(snap.rows[0].exit_unknown);
	assert_int_equal(snap.rows[1].status, 0);
	assert_int_equal(snap.rows[1].run_ns, 1 * MS);
	assert_int_equal(snap.failures, 1);
}

/* Events of two CPUs in the wrong order. */
static void test_exit_before_its_exec(void **state)
{
	struct ebt_model *model = *state;
	struct ebt_snapshot snap;

	feed_exit(model, 20 * MS, 5, 9 * MS, 256, 2 * MS);
	EXEC(model, .at = 10 * MS, .pid = 5, .comm = "a", .start = 9 * MS);
	snap = take(model, EBT_LIST_EVENTS, 60 * MS);
	assert_true(snap.rows[0].ended && !snap.rows[0].replaced);
	assert_int_equal(snap.rows[0].status, 256);
	assert_int_equal(snap.rows[0].run_ns, 10 * MS);
	assert_int_equal(snap.rows[0].utime_ns, 2 * MS);
	assert_int_equal(snap.running, 0);
	assert_int_equal(snap.failures, 1);
	/* That exit is used up, and is not taken for another process's. */
	EXEC(model, .at = 30 * MS, .pid = 6, .start = 9 * MS);
	assert_true(ebt_model_knows(model, 6));
	/* One from before the exec is nonsense, and ends nothing. */
	feed_exit(model, 30 * MS, 7, 9 * MS, 0, 0);
	EXEC(model, .at = 31 * MS, .pid = 7, .start = 9 * MS);
	assert_true(ebt_model_knows(model, 7));
}

static void test_execs_in_the_wrong_order(void **state)
{
	struct ebt_model *model = *state;
	struct ebt_snapshot snap;

	EXEC(model, .at = 20 * MS, .pid = 5, .comm = "second", .start = 9 * MS);
	EXEC(model, .at = 15 * MS, .pid = 5, .comm = "first", .start = 9 * MS);
	snap = take(model, EBT_LIST_EVENTS, 60 * MS);
	assert_true(snap.rows[1].replaced && !snap.rows[1].exit_unknown);
	assert_int_equal(snap.rows[1].run_ns, 5 * MS);
	assert_false(snap.rows[0].ended);
	assert_int_equal(ebt_snapshot_row_of_pid(model, 5), snap.rows[0].id);
	assert_int_equal(snap.running, 1);
	snap = take_groups(model, EBT_GROUP_COMM, 60 * MS);
	assert_int_equal(group_of(&snap, "first")->running, 0);
	assert_int_equal(group_of(&snap, "first")->life_mean_ns, 5 * MS);
	/* One of an earlier process with that pid changes nothing, either. */
	EXEC(model, .at = 5 * MS, .pid = 5, .comm = "older", .start = 4 * MS);
	snap = take(model, EBT_LIST_EVENTS, 60 * MS);
	assert_true(snap.rows[2].ended && snap.rows[2].exit_unknown);
	assert_false(snap.rows[0].ended);
	/* And one that comes after its process's end. */
	feed_exit(model, 70 * MS, 5, 9 * MS, 0, 0);
	EXEC(model, .at = 12 * MS, .pid = 5, .comm = "zeroth", .start = 9 * MS);
	snap = take(model, EBT_LIST_EVENTS, 80 * MS);
	assert_true(snap.rows[3].ended && snap.rows[3].replaced);
	assert_int_equal(snap.rows[3].run_ns, 8 * MS);
	assert_int_equal(snap.running, 0);
}

static void test_parent_comm(void **state)
{
	struct ebt_model *model = *state;
	struct ebt_snapshot snap;

	ebt_model_seed(model, 1, 0, 0, 1 * MS, str("systemd"), str(""));
	EXEC(model, .at = 2 * S, .pid = 10, .ppid = 1, .comm = "make", .prev = "x", .start = S);
	EXEC(model, .at = 3 * S, .pid = 11, .ppid = 10, .comm = "cc", .prev = "x",
	     .start = 3 * S - 1, .parent_start = S);
	/* ppid names another process by now: its start time differs. */
	EXEC(model, .at = 4 * S, .pid = 12, .ppid = 10, .comm = "ld", .prev = "make?",
	     .start = 4 * S - 1, .parent_start = S + 1);
	/* Unknown parent, and the second exec: prev_comm is its own. */
	EXEC(model, .at = 5 * S, .pid = 13, .ppid = 999, .comm = "env", .prev = "bash",
	     .start = 5 * S - 1);
	EXEC(model, .at = 6 * S, .pid = 13, .ppid = 999, .comm = "perl", .prev = "env",
	     .start = 5 * S - 1);
	/* The parent runs something else by now. */
	EXEC(model, .at = 7 * S, .pid = 10, .ppid = 1, .comm = "gmake", .start = S);
	EXEC(model, .at = 8 * S, .pid = 14, .ppid = 10, .comm = "as", .start = 8 * S - 1,
	     .parent_start = S);
	snap = take(model, EBT_LIST_EVENTS, 9 * S);
	assert_text(snap.rows[0].parent_comm, "systemd");
	assert_text(snap.rows[1].parent_comm, "make");
	assert_text(snap.rows[2].parent_comm, "make?");
	assert_text(snap.rows[3].parent_comm, "bash");
	assert_text(snap.rows[4].parent_comm, "");
	assert_text(snap.rows[6].parent_comm, "gmake");
	snap = take_groups(model, EBT_GROUP_PARENT, 9 * S);
	assert_int_equal(group_of(&snap, "(unknown)")->count, 1);
	assert_int_equal(group_of(&snap, "systemd")->count, 2);
}

/* The name in the event is that of the moment, so it is better than what is known of the parent. */
static void test_parent_comm_of_the_event(void **state)
{
	struct ebt_model *model = *state;
	struct ebt_snapshot snap;

	EXEC(model, .at = 2 * S, .pid = 10, .ppid = 1, .comm = "make", .start = S);
	EXEC(model, .at = 3 * S, .pid = 11, .ppid = 10, .comm = "cc", .prev = "make",
	     .parent = "make: sub", .start = 3 * S - 1, .parent_start = S);
	EXEC(model, .at = 4 * S, .pid = 12, .ppid = 999, .comm = "ld", .ret = -2,
	     .parent = "never seen", .start = 4 * S - 1);
	snap = take(model, EBT_LIST_EVENTS, 9 * S);
	assert_text(snap.rows[1].parent_comm, "make: sub");
	assert_text(snap.rows[2].parent_comm, "never seen");
	snap = take_groups(model, EBT_GROUP_PARENT, 9 * S);
	assert_int_equal(group_of(&snap, "make: sub")->count, 1);
	assert_int_equal(group_of(&snap, "never seen")->failures, 1);
}

/* Processes that began earlier have no exec to say it, but their parent is known by its pid. */
static void test_parent_comm_of_earlier_processes(void **state)
{
	struct ebt_model *model = *state;
	struct ebt_snapshot snap;
	struct ebt_row row;

	ebt_model_seed(model, 1, 0, 0, 1 * MS, str("systemd"), str(""));
	ebt_model_seed(model, 5, 1, 0, 2 * MS, str("sshd"), str(""));
	ebt_model_seed(model, 6, 77, 0, 3 * MS, str("orphan"), str(""));
	snap = take(model, EBT_LIST_TREE, 1 * S);
	assert_int_equal(snap.count, 3);
	for (size_t i = 0; i < snap.count; i++)
		assert_text(snap.rows[i].parent_comm, snap.rows[i].pid == 5 ? "systemd" : "");
	assert_true(ebt_snapshot_row(model, ebt_snapshot_row_of_pid(model, 5), &row));
	assert_text(row.parent_comm, "systemd");
}

static void test_seeded(void **state)
{
	struct ebt_model *model = *state;
	struct ebt_bytes args = { "init\0--x\0", 9 };
	struct ebt_snapshot snap;
	struct ebt_row row;
	uint64_t id;

	ebt_model_seed(model, 5, 1, 3, 1000 * MS, str("init"), args);
	assert_true(ebt_model_knows(model, 5));
	id = ebt_snapshot_row_of_pid(model, 5);
	assert_true(ebt_snapshot_row(model, id, &row));
	assert_true(row.seeded);
	assert_int_equal(row.argc, 2);
	assert_int_equal(row.args.len, 9);
	assert_int_equal(row.uid, 3);
	assert_text(row.comm, "init");
	snap = take(model, EBT_LIST_EVENTS, 2 * S);
	assert_int_equal(snap.total_rows, 0); /* nobody saw an exec */
	assert_int_equal(snap.running, 0);
	/* It calls exec: /proc's start time was 10 ms off. */
	EXEC(model, .at = 3 * S, .pid = 5, .ppid = 1, .comm = "new", .start = 1009 * MS);
	assert_false(ebt_snapshot_row(model, id, &row));
	snap = take(model, EBT_LIST_EVENTS, 4 * S);
	assert_int_equal(snap.running, 1);
	assert_false(snap.rows[0].ended);
	assert_int_equal(snap.rows[0].start_ns, 1009 * MS);
	/* From now on the start time is exact. */
	EXEC(model, .at = 5 * S, .pid = 5, .ppid = 1, .comm = "next", .start = 1010 * MS);
	snap = take(model, EBT_LIST_EVENTS, 6 * S);
	assert_true(snap.rows[0].exit_unknown);
	/* Seeding what is known does nothing; a younger process replaces it. */
	ebt_model_seed(model, 5, 1, 0, 1010 * MS, str("other"), str(""));
	assert_int_equal(ebt_snapshot_row_of_pid(model, 5), snap.rows[1].id);
	ebt_model_seed(model, 5, 1, 0, 7 * S, str("other"), str(""));
	assert_true(ebt_snapshot_row(model, ebt_snapshot_row_of_pid(model, 5), &row));
	assert_text(row.comm, "other");
}

static void test_exit_of_seeded(void **state)
{
	struct ebt_model *model = *state;
	struct ebt_snapshot snap;
	struct ebt_row row;
	uint64_t id;

	ebt_model_seed(model, 5, 1, 3, 1000 * MS, str("cron"), str(""));
	id = ebt_snapshot_row_of_pid(model, 5);
	feed_exit(model, 3 * S, 5, 1004 * MS, 256, 0);
	assert_true(ebt_snapshot_row(model, id, &row));
	assert_true(row.ended && !row.replaced);
	assert_int_equal(row.status, 256);
	assert_int_equal(row.run_ns, 2 * S);
	snap = take(model, EBT_LIST_NONE, 4 * S);
	assert_int_equal(snap.exits, 1);
	assert_int_equal(snap.failures, 0); /* not a run we counted */
}

static bool is_alive(uint32_t pid, uint64_t start_ns, void *arg)
{
	assert_int_equal(start_ns, pid * MS);
	++*(unsigned *)arg;
	return pid % 2;
}

static void test_reap(void **state)
{
	struct ebt_model *model = *state;
	struct ebt_snapshot snap;
	unsigned asked = 0;

	for (uint32_t pid = 1; pid <= 10; pid++)
		EXEC(model, .at = S + pid, .pid = pid, .start = pid * MS);
	feed_exit(model, 2 * S, 10, 10 * MS, 0, 0);
	ebt_model_reap(model, is_alive, &asked, 3 * S);
	assert_int_equal(asked, 9);
	assert_int_equal(take(model, EBT_LIST_EVENTS, 3 * S).running, 9); /* not yet: it may come */
	feed_exit(model, 3 * S, 8, 8 * MS, 0, 0);
	ebt_model_reap(model, is_alive, &asked, 3 * S);
	assert_int_equal(asked, 17);
	snap = take(model, EBT_LIST_EVENTS, 4 * S);
	assert_int_equal(snap.running, 5);
	for (unsigned i = 0; i < 10; i++) {
		assert_int_equal(snap.rows[i].ended, (i + 1) % 2 == 0);
		assert_int_equal(snap.rows[i].exit_unknown, (i + 1) % 2 == 0 && i != 9 && i != 7);
	}
}

static void test_exited_are_forgotten(void **state)
{
	struct ebt_model *model = *state;

	for (uint32_t pid = 1; pid <= 2500; pid++) {
		EXEC(model, .at = S + pid, .pid = pid, .start = pid);
		feed_exit(model, S + pid + 1, pid, pid, 0, 0);
	}
	assert_int_equal(ebt_snapshot_row_of_pid(model, 500), 0);
	assert_int_not_equal(ebt_snapshot_row_of_pid(model, 501), 0);
	ebt_model_tick(model, 31 * S);
	assert_int_not_equal(ebt_snapshot_row_of_pid(model, 2500), 0);
	ebt_model_tick(model, 31 * S + 2502);
	assert_int_equal(ebt_snapshot_row_of_pid(model, 2500), 0);
	assert_int_equal(take(model, EBT_LIST_TREE, 32 * S).all_rows, 0);
}

static void test_clear(void **state)
{
	struct ebt_model *model = *state;
	struct ebt_snapshot snap;
	struct ebt_row row;
	uint64_t id;

	EXEC(model, .at = 1 * S, .pid = 5, .comm = "daemon", .args = "daemon\0-f", .args_len = 10,
	     .start = 1);
	EXEC(model, .at = 2 * S, .pid = 6, .comm = "short", .start = 2);
	feed_exit(model, 2 * S + 1, 6, 2, 0, 8);
	id = ebt_snapshot_row_of_pid(model, 5);
	ebt_model_tick(model, 3 * S);
	ebt_model_clear(model);
	snap = take(model, EBT_LIST_EVENTS, 3 * S);
	assert_int_equal(snap.total_rows + snap.execs + snap.exits + snap.dropped_rows, 0);
	assert_int_equal(snap.running, 1);
	assert_true(snap.execs_per_s == 0);
	assert_int_equal(take_groups(model, EBT_GROUP_COMM, 3 * S).total_rows, 0);
	/* What lives is still known, with its command line. */
	assert_true(ebt_snapshot_row(model, id, &row));
	assert_int_equal(row.args.len, 10);
	assert_int_equal(take(model, EBT_LIST_TREE, 3 * S).count, 1);
	/* Ids go on; the end of what began before is an exit, but no run of a group. */
	EXEC(model, .at = 4 * S, .pid = 7, .comm = "later", .start = 7);
	feed_exit(model, 5 * S, 5, 1, 256, 8);
	snap = take(model, EBT_LIST_EVENTS, 6 * S);
	assert_true(snap.rows[0].id > id + 1);
	assert_int_equal(snap.execs, 1);
	assert_int_equal(snap.exits, 1);
	assert_int_equal(snap.failures, 0);
	assert_true(ebt_snapshot_row(model, id, &row));
	assert_true(row.ended);
	snap = take_groups(model, EBT_GROUP_COMM, 6 * S);
	assert_int_equal(snap.total_rows, 1);
	assert_int_equal(snap.groups[0].running, 1);
}

static void test_lost_events(void **state)
{
	struct ebt_event ev = { .type = EBT_EVENT_LOST };
	struct ebt_snapshot snap;

	for (unsigned cause = 0; cause < 3; cause++) {
		ev.lost.cause = cause;
		ev.lost.count = 10 + cause;
		ebt_model_event(*state, &ev);
		ebt_model_event(*state, &ev);
	}
	ev.lost.cause = 77;
	ebt_model_event(*state, &ev);
	ev.type = EBT_EVENT_NOTE;
	ebt_model_event(*state, &ev);
	snap = take(*state, EBT_LIST_NONE, S);
	assert_int_equal(snap.lost_ring, 20);
	assert_int_equal(snap.lost_busy, 22);
	assert_int_equal(snap.lost_total, 66);
	assert_int_equal(snap.execs, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_MODEL(test_empty),
		WITH_MODEL(test_exec_and_exit),
		WITH_MODEL(test_replaced),
		WITH_MODEL(test_failed),
		WITH_MODEL(test_pid_used_again),
		WITH_MODEL(test_pid_used_again_after_exit),
		WITH_MODEL(test_exit_before_its_exec),
		WITH_MODEL(test_execs_in_the_wrong_order),
		WITH_MODEL(test_parent_comm),
		WITH_MODEL(test_parent_comm_of_the_event),
		WITH_MODEL(test_parent_comm_of_earlier_processes),
		WITH_MODEL(test_seeded),
		WITH_MODEL(test_exit_of_seeded),
		WITH_MODEL(test_reap),
		WITH_MODEL(test_exited_are_forgotten),
		WITH_MODEL(test_clear),
		WITH_MODEL(test_lost_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
