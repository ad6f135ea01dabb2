/* SPDX-License-Identifier: BSD-3-Clause */
/* Events as rows of a database, read back by SQL. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "config/options.h"
#include "export/sqlite.h"

#define SECOND 1000000000ull

static char dir[32], path[64], why[256];
static struct ebt_model *names;
static struct ebt_sqlite *db;

static int set_up(void **state)
{
	struct ebt_model_options mo = { .history_bytes = EBT_HISTORY_MIN, .ncpu = 1 };

	(void)state;
	strcpy(dir, "/tmp/ebt-sqlite-XXXXXX");
	if (!mkdtemp(dir) || ebt_model_new(&names, &mo))
		return -1;
	snprintf(path, sizeof(path), "%s/a.db", dir);
	ebt_model_set_user(names, 1000, "somebody");
	return ebt_sqlite_new(&db, path, names, why, sizeof(why));
}

static int tear_down(void **state)
{
	char command[64];

	(void)state;
	ebt_sqlite_free(&db);
	assert_null(db);
	ebt_model_free(&names);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command);
}

/* Return the first column of the first row as text, "" for none. */
static const char *query(const char *sql)
{
	static char text[256];
	sqlite3_stmt *s = NULL;
	sqlite3 *other = NULL;
	const unsigned char *value;

	text[0] = '\0';
	assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
	if (sqlite3_prepare_v2(other, sql, -1, &s, NULL))
		fail_msg("%s: %s", sql, sqlite3_errmsg(other));
	if (sqlite3_step(s) == SQLITE_ROW && (value = sqlite3_column_text(s, 0)))
		snprintf(text, sizeof(text), "%s", (const char *)value);
	sqlite3_finalize(s);
	sqlite3_close(other);
	return text;
}

static void put(const struct ebt_event *ev)
{
	assert_int_equal(ebt_sqlite_event(db, ev, (int64_t)SECOND), 0);
}

static void test_events(void **state)
{
	struct ebt_event exec = { .type = EBT_EVENT_EXEC, .mono_ns = 5 * SECOND, .seq = 3 };
	struct ebt_event ended = { .type = EBT_EVENT_EXIT, .mono_ns = 6 * SECOND };
	struct ebt_event lost = { .type = EBT_EVENT_LOST, .mono_ns = 7 * SECOND, .cpu = 2 };
	struct ebt_event note = { .type = EBT_EVENT_NOTE, .mono_ns = 8 * SECOND };

	(void)state;
	exec.exec = (struct ebt_event_exec){ .pid = 11,
					     .ppid = 10,
					     .uid = 1000,
					     .euid = 1000,
					     .start_ns = 4 * SECOND,
					     .argc = 2,
					     .args = { "ls\0-l", 6 },
					     .args_bytes = 6,
					     .args_captured = 6,
					     .filename = ebt_bytes_from("/bin/ls") };
	ended.exit = (struct ebt_event_exit){ .pid = 11,
					      .uid = 1000,
					      .status = 256,
					      .start_ns = 4 * SECOND,
					      .lifetime_ns = 2 * SECOND };
	lost.lost =
		(struct ebt_event_lost){ .cause = EBT_LOST_RING, .count = 9, .uid = EBT_EV_UNSET };
	note.note.text = ebt_bytes_from("a note");
	put(&exec);
	put(&ended);
	put(&lost);
	put(&note);
	assert_int_equal(ebt_sqlite_machine(db, "host", "here"), 0);
	assert_int_equal(ebt_sqlite_commit(db), 0);
	assert_string_equal(query("SELECT count(*) FROM exec"), "1");
	assert_string_equal(query("SELECT pid || ' ' || ppid || ' ' || uid FROM exec"),
			    "11 10 1000");
	assert_string_equal(query("SELECT user FROM exec"), "somebody");
	assert_string_equal(query("SELECT count(*) FROM exit"), "1");
	assert_string_equal(query("SELECT pid FROM exit"), "11");
	assert_string_equal(query("SELECT cpu || ' ' || cause || ' ' || count FROM lost "
				  "WHERE note IS NULL"),
			    "2 ring 9");
	assert_string_equal(query("SELECT note FROM lost WHERE note IS NOT NULL"), "a note");
	assert_string_equal(query("SELECT value FROM machine WHERE name = 'host'"), "here");
}

/* What is not committed is not seen, and goes with the next commit or the end. */
static void test_commit(void **state)
{
	struct ebt_event note = { .type = EBT_EVENT_NOTE };

	(void)state;
	note.note.text = ebt_bytes_from("a");
	put(&note);
	assert_string_equal(query("SELECT count(*) FROM lost"), "0");
	ebt_sqlite_free(&db);
	assert_string_equal(query("SELECT count(*) FROM lost"), "1");
}

/* A second run goes into the same database, under a number of its own. */
static void test_prune(void **state)
{
	struct ebt_sqlite_limits limits = { .now_real_ns = 1002 * SECOND };
	struct ebt_event ev = { .type = EBT_EVENT_EXEC };
	char args[1000];

	(void)state;
	memset(args, 'x', sizeof(args));
	ev.exec.args = (struct ebt_bytes){ args, sizeof(args) };
	/* One a second, the last at 1001 s. */
	for (uint64_t i = 1; i <= 1000; i++) {
		ev.mono_ns = i * SECOND;
		put(&ev);
	}
	assert_int_equal(ebt_sqlite_prune(db, &limits), 0);
	assert_int_equal(ebt_sqlite_commit(db), 0);
	assert_string_equal(query("SELECT count(*) FROM exec"), "1000");
	/* Those of the last 100 s stay. */
	limits.keep_ns = 100 * SECOND;
	assert_int_equal(ebt_sqlite_prune(db, &limits), 0);
	assert_int_equal(ebt_sqlite_commit(db), 0);
	assert_string_equal(query("SELECT count(*) FROM exec"), "100");
	assert_string_equal(query("SELECT min(mono_ns) / 1000000000 FROM exec"), "901");
	/* By size the oldest go, and what is left is small enough. */
	limits = (struct ebt_sqlite_limits){ .keep_bytes = 100000, .now_real_ns = 1002 * SECOND };
	for (int i = 0; i < 3; i++) {
		assert_int_equal(ebt_sqlite_prune(db, &limits), 0);
		assert_int_equal(ebt_sqlite_commit(db), 0);
	}
	assert_string_equal(query("SELECT max(mono_ns) / 1000000000 FROM exec"), "1000");
	assert_true(atoi(query("SELECT count(*) FROM exec")) < 60);
	assert_true(atoi(query("SELECT count(*) FROM exec")) > 0);
	/* New rows use the pages of those that went. */
	limits.keep_bytes = atol(query("SELECT page_count * 4096 FROM pragma_page_count()"));
	for (uint64_t i = 1001; i <= 1020; i++) {
		ev.mono_ns = i * SECOND;
		put(&ev);
	}
	assert_int_equal(ebt_sqlite_commit(db), 0);
	assert_int_equal(atol(query("SELECT page_count * 4096 FROM pragma_page_count()")),
			 limits.keep_bytes);
}

static void test_runs(void **state)
{
	struct ebt_event note = { .type = EBT_EVENT_NOTE };

	(void)state;
	note.note.text = ebt_bytes_from("a");
	put(&note);
	ebt_sqlite_free(&db);
	assert_int_equal(ebt_sqlite_new(&db, path, names, why, sizeof(why)), 0);
	put(&note);
	ebt_sqlite_free(&db);
	assert_string_equal(query("SELECT count(DISTINCT run) FROM lost"), "2");
}

/* What is no database of ours is left alone. */
static void test_foreign(void **state)
{
	struct ebt_sqlite *other = NULL;
	char foreign[64];
	FILE *f;

	(void)state;
	snprintf(foreign, sizeof(foreign), "%s/text", dir);
	f = fopen(foreign, "we");
	assert_non_null(f);
	for (int i = 0; i < 1000; i++)
		fputs("no database\n", f);
	fclose(f);
	assert_true(ebt_sqlite_new(&other, foreign, names, why, sizeof(why)) < 0);
	assert_null(other);
	assert_non_null(strstr(why, foreign));
	assert_true(ebt_sqlite_new(&other, "/no/such/directory/a.db", names, why, sizeof(why)) < 0);
	assert_non_null(strstr(why, "/no/such/directory/a.db"));
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_events), T(test_commit), T(test_prune), T(test_runs), T(test_foreign),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
