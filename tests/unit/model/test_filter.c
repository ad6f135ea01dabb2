/* SPDX-License-Identifier: BSD-3-Clause */
/* Filter and search: what matches, the case rule, the index, what is refused. */
#include "feed.h"

#include <errno.h>
#include <locale.h>

#include "base/match.h"

#define ARGS(s) ((struct ebt_bytes){ s, sizeof(s) - 1 })

static bool matches(const char *pattern, struct ebt_bytes args)
{
	struct ebt_matcher m = { 0 };
	bool r;

	assert_int_equal(ebt_matcher_set(&m, pattern, NULL, 0), 0);
	r = ebt_matcher_args(&m, args);
	ebt_matcher_deinit(&m);
	return r;
}

static void test_whole_command_line(void **state)
{
	assert_true(matches("cc -O2", ARGS("cc\0-O2\0-c\0")));
	assert_true(matches("^cc -O2 -c$", ARGS("cc\0-O2\0-c\0")));
	assert_true(matches("^cc$", ARGS("cc")));
	assert_false(matches("O2-c", ARGS("cc\0-O2\0-c\0")));
	/* As it was passed, not as it is shown. */
	assert_true(matches("a b c", ARGS("echo\0a b\0c\0")));
	assert_true(matches("don't$", ARGS("echo\0don't\0")));
	assert_false(matches("'a b'", ARGS("echo\0a b\0")));
	assert_true(matches("^echo $", ARGS("echo\0\0")));
	assert_true(matches("--foo=bar$", ARGS("x\0--foo=bar\0")));
	assert_true(matches("^a=b c=d$", ARGS("a=b\0c=d\0")));
	assert_true(matches("\x1b\\[0m", ARGS("printf\0\x1b[0m\0")));
	assert_true(matches("n1|n2", ARGS("x\0n2\0")));
	assert_true(matches("", ARGS("anything\0")));
	assert_false(matches(".", ARGS("")));
	assert_true(matches("^$", ARGS("")));
}

static void test_case_rule(void **state)
{
	static const struct {
		const char *pattern, *text;
		bool want;
	} cases[] = {
		{ "gcc", "GCC", true },		{ "Gcc", "GCC", false },
		{ "GCC", "GCC", true },		{ "g.c", "GCC", true },
		{ "G.c", "GCC", false },	{ "G.C", "GCC", true },
		{ "^\\W*gcc", "GCC", true },	{ "g\\Sc", "GCC", true },
		{ "[[:upper:]]c", "xC", true }, { "é+x", "ÉX", true },
		{ "É+x", "éx", false },		{ "é", "É", true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ebt_matcher m = { 0 };

		assert_int_equal(ebt_matcher_set(&m, cases[i].pattern, NULL, 0), 0);
		if (ebt_matcher_text(&m, str(cases[i].text)) != cases[i].want)
			fail_msg("%s against %s", cases[i].pattern, cases[i].text);
		ebt_matcher_deinit(&m);
	}
}

static void test_refused(void **state)
{
	static const char *const bad[] = {
		"(",
		"[a",
		"a{2",
		"(a)\\1",
		"(a|b\\2)",
		"*{99999}",
		"a{1001}",
		"(a{100}){100}",
		"x{1,99999999999999999999}",
		"((a{200,}){200,}){200,}",
	};
	struct ebt_matcher m = { 0 };
	char *huge = malloc(5000), err[100];

	assert_int_equal(ebt_matcher_set(&m, "keep", NULL, 0), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		err[0] = '\0';
		if (ebt_matcher_set(&m, bad[i], err, sizeof(err)) != -EINVAL)
			fail_msg("accepted %s", bad[i]);
		assert_true(err[0] != '\0');
		assert_int_equal(ebt_matcher_set(&m, bad[i], NULL, 0), -EINVAL);
		/* The old one stays. */
		assert_true(ebt_matcher_text(&m, str("I keep it")));
		assert_false(ebt_matcher_text(&m, str("other")));
	}
	memset(huge, 'a', 5000);
	huge[4999] = '\0';
	assert_int_equal(ebt_matcher_set(&m, huge, err, sizeof(err)), -EINVAL);
	assert_int_equal(ebt_matcher_set(&m, "(", err, 1), -EINVAL);
	assert_string_equal(err, "");
	/* What only looks like it. */
	assert_int_equal(ebt_matcher_set(&m, "[\\1]{3}[]{9999}]x{30}[[:digit:]{9999}]", NULL, 0),
			 0);
	assert_int_equal(
		ebt_matcher_set(&m, "a+b+c+d+e*(f)+(g)?(h+)*[ij]+\\++k+l+(m)+(n+)+x{9,}", NULL, 0),
		0);
	ebt_matcher_deinit(&m);
	free(huge);
}

/* The whole command line is looked at, however long, and over bytes that no character holds. */
static void test_long(void **state)
{
	const size_t len = 2 << 20;
	char *args = malloc(len);

	memset(args, 'x', len);
	memcpy(args + len - 5, "there", 5);
	assert_true(matches("there", (struct ebt_bytes){ args, len }));
	assert_true(matches("th.re$", (struct ebt_bytes){ args, len }));
	assert_true(matches("The?re|there", (struct ebt_bytes){ args, len }));
	args[7] = '\xff';
	args[8] = '\0';
	assert_true(matches("xx\xff x.*there", (struct ebt_bytes){ args, len }));
	/* Exactly at the end of a buffer. */
	assert_false(matches("xxy", (struct ebt_bytes){ args + len - 2, 2 }));
	free(args);
}

static void feed_random(struct ebt_model *model, uint32_t n, uint32_t *x)
{
	static const char *const words[] = { "make", "gcc", "ld", "Python", "perl", "a b", "" };

	for (uint32_t i = 0; i < n; i++) {
		char args[64];
		int len = snprintf(args, sizeof(args), "%s%c%s", words[rnd(x) % 7], 0,
				   words[rnd(x) % 7]);

		EXEC(model, .at = S, .pid = 1 + i, .comm = words[rnd(x) % 7],
		     .exe = words[rnd(x) % 7], .args = args, .args_len = (size_t)len + 1,
		     .start = 1);
	}
}

/* Filter set before, between and after: always the rows that match one by one, and no others. */
static void test_index(void **state)
{
	static const char *const patterns[] = {
		"gcc",	"g", "^Py",	    "make.*ld", NULL, "a\\ b", "nothing at all",
		"^ld$", "",  "p(erl|ython)"
	};
	struct ebt_model *model = model_make(256 << 10);
	uint32_t x = 9;

	for (unsigned round = 0; round < 40; round++) {
		const char *pattern = patterns[round % 10];
		struct ebt_matcher m = { 0 };
		struct ebt_snapshot all, some;
		struct ebt_row *rows;
		size_t n = 0;

		assert_int_equal(ebt_model_set_filter(model, NULL, NULL), 0);
		assert_int_equal(ebt_model_set_filter(model, pattern, NULL), 0);
		feed_random(model, 1 + rnd(&x) % 400, &x);
		assert_int_equal(ebt_matcher_set(&m, pattern, NULL, 0), 0);
		some = take(model, EBT_LIST_EVENTS, 2 * S);
		assert_string_equal(some.filter, pattern ? pattern : "");
		rows = calloc(some.count + 1, sizeof(*rows));
		if (some.count)
			memcpy(rows, some.rows, some.count * sizeof(*rows));
		assert_int_equal(ebt_model_set_filter(model, NULL, NULL), 0);
		all = take(model, EBT_LIST_EVENTS, 2 * S);
		assert_int_equal(all.total_rows, some.all_rows);
		for (size_t i = 0; i < all.count; i++) {
			if (!ebt_matcher_args(&m, all.rows[i].args) &&
			    !ebt_matcher_text(&m, all.rows[i].comm) &&
			    !ebt_matcher_text(&m, all.rows[i].exe))
				continue;
			assert_true(n < some.count);
			assert_int_equal(rows[n++].id, all.rows[i].id);
		}
		assert_int_equal(n, some.total_rows);
		free(rows);
		ebt_matcher_deinit(&m);
	}
	assert_true(take(model, EBT_LIST_NONE, S).dropped_rows > 1000);
	ebt_model_free(&model);
}

/* Keep the ids of the rows that are shown. */
static size_t shown_ids(struct ebt_model *model, uint64_t *ids)
{
	struct ebt_snapshot snap = take(model, EBT_LIST_EVENTS, 2 * S);

	for (size_t i = 0; i < snap.count; i++)
		ids[i] = snap.rows[i].id;
	return snap.count;
}

/* Runs end in any order. What the filter shows then is what it shows when it is set anew. */
static void test_index_of_ends(void **state)
{
	static const char *const filters[] = { "status:fail",
					       "status:running",
					       "not status:ok gcc",
					       "signal:any or make",
					       "life>1s",
					       "status:3",
					       "run>1s" };
	static uint64_t before[1000], after[1000];
	struct ebt_model *model = *state;
	uint32_t x = 3, pid = 10;

	for (unsigned round = 0; round < 60; round++) {
		const char *filter = filters[round % 7];
		size_t n;

		assert_int_equal(ebt_model_set_filter(model, filter, NULL), 0);
		for (unsigned i = 0; i < 50; i++) {
			uint32_t old = pid > 30 ? pid - rnd(&x) % 20 : pid;

			EXEC(model, .at = S + pid, .pid = pid, .comm = rnd(&x) % 2 ? "gcc" : "make",
			     .start = pid);
			pid++;
			if (rnd(&x) % 3)
				feed_exit(model, S + S * (rnd(&x) % 3), old, old,
					  rnd(&x) % 2	? 0
					  : rnd(&x) % 2 ? 3 << 8
							: 9,
					  0);
			else
				EXEC(model, .at = S + S, .pid = old, .comm = "sh", .start = old);
		}
		n = shown_ids(model, before);
		assert_int_equal(ebt_model_set_filter(model, "", NULL), 0);
		assert_int_equal(ebt_model_set_filter(model, filter, NULL), 0);
		assert_int_equal(shown_ids(model, after), n);
		assert_memory_equal(before, after, n * sizeof(*before));
		if (round > 20)
			ebt_model_clear(model);
	}
}

/* A row comes when its run ends as it was asked for, and its groups and its place in the tree too. */
static void test_ends_show_rows(void **state)
{
	struct ebt_model *model = *state;
	struct ebt_snapshot snap;

	ebt_model_set_user(model, 0, "root");
	ebt_model_set_cgroup(model, 7, "/system.slice/cron.service");
	assert_int_equal(ebt_model_set_filter(model, "status:fail unit:cron user:root", NULL), 0);
	EXEC(model, .at = S, .pid = 5, .comm = "a", .exe = "/bin/a", .cgroup = 7, .start = 1);
	EXEC(model, .at = S, .pid = 6, .comm = "b", .exe = "/bin/b", .cgroup = 8, .start = 1);
	EXEC(model, .at = S, .pid = 7, .comm = "c", .exe = "/bin/c", .cgroup = 7, .start = 1);
	assert_int_equal(take(model, EBT_LIST_EVENTS, S).total_rows, 0);
	assert_int_equal(take_groups(model, EBT_GROUP_EXE, S).total_rows, 0);
	assert_int_equal(take(model, EBT_LIST_TREE, S).total_rows, 0);
	for (uint32_t pid = 5; pid < 8; pid++)
		feed_exit(model, 2 * S, pid, 1, pid < 7 ? 1 << 8 : 0, 0);
	snap = take(model, EBT_LIST_EVENTS, 2 * S);
	assert_int_equal(snap.total_rows, 1);
	assert_int_equal(snap.rows[0].pid, 5);
	snap = take_groups(model, EBT_GROUP_EXE, 2 * S);
	assert_int_equal(snap.total_rows, 1);
	assert_text(snap.groups[0].name, "/bin/a");
	assert_int_equal(take_groups(model, EBT_GROUP_CGROUP, 2 * S).total_rows, 1);
	assert_int_equal(take(model, EBT_LIST_TREE, 2 * S).total_rows, 1);
	/* What has passed stays, whatever the next run does. */
	EXEC(model, .at = 3 * S, .pid = 9, .comm = "a", .exe = "/bin/a", .cgroup = 7, .start = 2);
	assert_int_equal(take_groups(model, EBT_GROUP_EXE, 3 * S).total_rows, 1);
	assert_int_equal(ebt_model_set_filter(model, "status:fail", NULL), 0);
	assert_int_equal(take_groups(model, EBT_GROUP_EXE, 3 * S).total_rows, 2);
	assert_int_equal(take_groups(model, EBT_GROUP_USER, 3 * S).total_rows, 1);
	assert_int_equal(ebt_model_set_filter(model, "parent:nobody", NULL), 0);
	assert_int_equal(take_groups(model, EBT_GROUP_EXE, 3 * S).total_rows, 0);
}

/* The screen learns the names of cgroups and users after the rows that need them. */
static void test_late_names(void **state)
{
	struct ebt_model *model = *state;

	assert_int_equal(ebt_model_set_filter(model, "unit:cron or user:eve", NULL), 0);
	EXEC(model, .at = S, .pid = 5, .comm = "a", .exe = "/bin/a", .cgroup = 7, .start = 1);
	EXEC(model, .at = S, .pid = 6, .comm = "b", .exe = "/bin/b", .uid = 5, .start = 1);
	EXEC(model, .at = S, .pid = 7, .comm = "c", .exe = "/bin/c", .cgroup = 8, .start = 1);
	assert_int_equal(take(model, EBT_LIST_EVENTS, S).total_rows, 0);
	ebt_model_set_cgroup(model, 7, "/system.slice/cron.service");
	assert_int_equal(take(model, EBT_LIST_EVENTS, S).total_rows, 1);
	ebt_model_set_user(model, 5, "eve");
	ebt_model_set_cgroup(model, 8, "/system.slice/ssh.service");
	assert_int_equal(take(model, EBT_LIST_EVENTS, S).total_rows, 2);
	assert_int_equal(take_groups(model, EBT_GROUP_EXE, S).total_rows, 2);
}

static void test_filter_lists(void **state)
{
	struct ebt_model *model = *state;
	struct ebt_snapshot snap;
	struct ebt_expr_error error;

	EXEC(model, .at = S, .pid = 1, .comm = "Sleep", .exe = "/bin/sleep", .args = "sleep\0 1",
	     .args_len = 8, .start = 1);
	EXEC(model, .at = S, .pid = 2, .comm = "make", .exe = "/bin/make", .args = "make", .uid = 5,
	     .start = 1);
	assert_int_equal(ebt_model_set_filter(model, "SLEEP", NULL), 0);
	assert_int_equal(take(model, EBT_LIST_EVENTS, S).total_rows, 0);
	assert_int_equal(ebt_model_set_filter(model, "sleep", NULL), 0);
	snap = take(model, EBT_LIST_EVENTS, S);
	assert_int_equal(snap.total_rows, 1);
	assert_int_equal(snap.all_rows, 2);
	assert_int_equal(ebt_model_set_filter(model, "(", &error), -EINVAL);
	assert_int_equal(take(model, EBT_LIST_EVENTS, S).total_rows, 1);
	/* Groups by their name, whatever it is. */
	snap = take_groups(model, EBT_GROUP_EXE, S);
	assert_int_equal(snap.total_rows, 1);
	assert_int_equal(snap.all_rows, 2);
	assert_text(snap.groups[0].name, "/bin/sleep");
	assert_int_equal(ebt_model_set_filter(model, "\"p  1\"", NULL), 0);
	assert_int_equal(take_groups(model, EBT_GROUP_COMMAND, S).total_rows, 1);
	assert_int_equal(ebt_model_set_filter(model, "eve", NULL), 0);
	assert_int_equal(take_groups(model, EBT_GROUP_USER, S).total_rows, 0);
	ebt_model_set_user(model, 5, "eve");
	assert_int_equal(take_groups(model, EBT_GROUP_USER, S).total_rows, 1);
	/* Filename stands in for an unknown exe. */
	EXEC(model, .at = S, .pid = 3, .filename = "./evening", .start = 1);
	assert_int_equal(take(model, EBT_LIST_EVENTS, S).total_rows, 1);
	ebt_model_clear(model);
	assert_int_equal(take(model, EBT_LIST_EVENTS, S).total_rows, 0);
	EXEC(model, .at = S, .pid = 4, .comm = "eve", .start = 1);
	EXEC(model, .at = S, .pid = 5, .comm = "bob", .start = 1);
	snap = take(model, EBT_LIST_EVENTS, S);
	assert_int_equal(snap.total_rows, 1);
	assert_int_equal(snap.rows[0].pid, 4);
	assert_int_equal(ebt_snapshot_index_of(model, EBT_LIST_EVENTS, snap.rows[0].id), 0);
	assert_int_equal(ebt_snapshot_index_of(model, EBT_LIST_EVENTS, snap.rows[0].id + 1),
			 (size_t)-1);
}

static uint64_t search(struct ebt_model *model, enum ebt_list list, uint64_t from, int dir,
		       const char *pattern, int *err)
{
	struct ebt_found found = ebt_snapshot_search(model, list, from, dir, pattern);

	assert_false(found.unsure);
	*err = found.err;
	return found.id;
}

static void test_search_events(void **state)
{
	static const char *const comms[] = { "a", "needle", "b", "Needle", "c", "needle" };
	struct ebt_model *model = *state;
	uint64_t id[6];
	int err = 1;

	for (uint32_t i = 0; i < 6; i++) {
		EXEC(model, .at = S, .pid = 1 + i, .comm = comms[i], .start = 1);
		id[i] = ebt_snapshot_row_of_pid(model, 1 + i);
	}
#define SEARCH(from, dir, pattern) search(model, EBT_LIST_EVENTS, from, dir, pattern, &err)
	assert_int_equal(SEARCH(0, 1, "needle"), id[1]);
	assert_int_equal(err, 0);
	assert_int_equal(SEARCH(id[0], 1, "needle"), id[1]);
	assert_int_equal(SEARCH(id[1], 1, "needle"), id[3]);
	assert_int_equal(SEARCH(id[1], 1, "Needle"), id[3]);
	assert_int_equal(SEARCH(id[3], 1, "Needle"), id[3]); /* round to itself */
	assert_int_equal(SEARCH(id[5], 1, "needle"), id[1]);
	assert_int_equal(SEARCH(0, -1, "needle"), id[5]);
	assert_int_equal(SEARCH(id[5], -1, "needle"), id[3]);
	assert_int_equal(SEARCH(id[1], -1, "needle"), id[5]);
	assert_int_equal(SEARCH(id[0], -1, "^a$"), id[0]);
	assert_int_equal(SEARCH(UINT64_MAX, 1, "needle"), id[1]);
	assert_int_equal(SEARCH(UINT64_MAX, -1, "needle"), id[5]);
	assert_int_equal(SEARCH(id[0], 1, "absent"), 0);
	assert_int_equal(err, 0);
	assert_int_equal(SEARCH(id[0], 1, ""), 0);
	assert_int_equal(SEARCH(id[0], 1, "("), 0);
	assert_int_equal(err, -EINVAL);
	assert_int_equal(search(model, EBT_LIST_NONE, 0, 1, "a", &err), 0);
	/* Only what the filter shows is searched; the row searched from may be hidden. */
	assert_int_equal(ebt_model_set_filter(model, "[ac]|Needle", NULL), 0);
	assert_int_equal(SEARCH(id[1], 1, "needle"), id[3]);
	assert_int_equal(SEARCH(id[5], 1, "needle"), id[3]);
	assert_int_equal(SEARCH(id[5], -1, "."), id[4]);
	assert_int_equal(SEARCH(id[1], 1, "."), id[3]);
#undef SEARCH
}

/* An exec that is incomplete may match: it is shown, marked and counted, and a search goes there only if
 * nothing matches for certain. */
static void test_unsure(void **state)
{
	struct ebt_model *model = *state;
	struct ebt_snapshot snap;
	struct ebt_found found;
	static char big[5000];

	EXEC(model, .at = S, .pid = 1, .comm = "make", .args = "make", .start = 1);
	EXEC(model, .at = S, .pid = 2, .comm = "cc", .args = "cc -c", .flags = EBT_EV_ARGS_LOST,
	     .start = 1);
	EXEC(model, .at = S, .pid = 3, .comm = "ld", .args = "ld x.o", .start = 1);
	assert_int_equal(ebt_model_set_filter(model, "x.o", NULL), 0);
	snap = take(model, EBT_LIST_EVENTS, S);
	assert_int_equal(snap.total_rows, 2);
	assert_int_equal(snap.unsure_rows, 1);
	assert_true(snap.rows[0].flags & EBT_EV_MATCH_UNKNOWN);
	assert_false(snap.rows[1].flags & EBT_EV_MATCH_UNKNOWN);
	snap = take(model, EBT_LIST_TREE, S);
	assert_int_equal(snap.total_rows, 2);
	assert_true(snap.rows[0].flags & EBT_EV_MATCH_UNKNOWN);
	assert_false(snap.rows[1].flags & EBT_EV_MATCH_UNKNOWN);
	EXEC(model, .at = S, .pid = 4, .comm = "as", .args = "as", .flags = EBT_EV_ARGS_FAULT,
	     .start = 1);
	assert_int_equal(take(model, EBT_LIST_EVENTS, S).unsure_rows, 2);
	assert_int_equal(ebt_model_set_filter(model, "", NULL), 0);
	snap = take(model, EBT_LIST_EVENTS, S);
	assert_int_equal(snap.unsure_rows, 0);
	assert_false(snap.rows[1].flags & EBT_EV_MATCH_UNKNOWN);
	assert_false(take(model, EBT_LIST_TREE, S).rows[1].flags & EBT_EV_MATCH_UNKNOWN);

	found = ebt_snapshot_search(model, EBT_LIST_EVENTS, 0, 1, "x.o");
	assert_int_equal(found.id, ebt_snapshot_row_of_pid(model, 3));
	assert_false(found.unsure);
	found = ebt_snapshot_search(model, EBT_LIST_EVENTS, 0, 1, "y.o");
	assert_int_equal(found.id, ebt_snapshot_row_of_pid(model, 2));
	assert_true(found.unsure);
	found = ebt_snapshot_search(model, EBT_LIST_EVENTS, 0, -1, "y.o");
	assert_int_equal(found.id, ebt_snapshot_row_of_pid(model, 4));
	assert_true(found.unsure);
	/* A group's name is cut, and what is behind it may match. */
	memset(big, 'a', sizeof(big));
	EXEC(model, .at = S, .pid = 5, .comm = "long", .args = big, .args_len = sizeof(big),
	     .start = 1);
	assert_int_equal(ebt_model_set_filter(model, "z", NULL), 0);
	assert_int_equal(take_groups(model, EBT_GROUP_COMMAND, S).total_rows, 1);
	ebt_model_clear(model);
	assert_int_equal(take(model, EBT_LIST_EVENTS, S).unsure_rows, 0);
}

static void test_search_groups_and_tree(void **state)
{
	struct ebt_model *model = *state;
	struct ebt_snapshot snap;
	uint64_t a, b, c;
	int err = 0;

	for (uint32_t i = 0; i < 6; i++)
		EXEC(model, .at = S, .pid = 1 + i,
		     .comm = i < 3   ? "abx"
			     : i < 5 ? "b"
				     : "cbx",
		     .start = 1 + i);
	snap = take_groups(model, EBT_GROUP_COMM, S);
	a = snap.groups[0].key;
	b = snap.groups[1].key;
	c = snap.groups[2].key;
	assert_int_equal(search(model, EBT_LIST_GROUPS, a, 1, "bx", &err), c);
	assert_int_equal(search(model, EBT_LIST_GROUPS, b, -1, "bx", &err), a);
	assert_int_equal(search(model, EBT_LIST_GROUPS, c, 1, "b", &err), a);
	assert_int_equal(ebt_snapshot_index_of(model, EBT_LIST_GROUPS, b), 1);
	assert_int_equal(ebt_snapshot_index_of(model, EBT_LIST_GROUPS, 12345), (size_t)-1);

	snap = take(model, EBT_LIST_TREE, S);
	assert_int_equal(search(model, EBT_LIST_TREE, snap.rows[0].id, 1, "cbx", &err),
			 snap.rows[5].id);
	assert_int_equal(search(model, EBT_LIST_TREE, snap.rows[0].id, -1, "^b", &err),
			 snap.rows[4].id);
	assert_int_equal(ebt_snapshot_index_of(model, EBT_LIST_TREE, snap.rows[4].id), 4);
}

static int set_locale(void **state)
{
	/* The case rule for what is not ASCII needs one. */
	return setlocale(LC_CTYPE, "C.UTF-8") ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_command_line),
		cmocka_unit_test(test_case_rule),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_index),
		WITH_MODEL(test_filter_lists),
		WITH_MODEL(test_index_of_ends),
		WITH_MODEL(test_ends_show_rows),
		WITH_MODEL(test_late_names),
		WITH_MODEL(test_search_events),
		WITH_MODEL(test_unsure),
		WITH_MODEL(test_search_groups_and_tree),
	};

	return cmocka_run_group_tests(tests, set_locale, NULL);
}
