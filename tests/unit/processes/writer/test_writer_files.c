/* SPDX-License-Identifier: BSD-3-Clause */
/* Frames that come in pieces, the files that are made of them, and what is said when one cannot be
 * written. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "processes/writer/writer_files.h"

static char dir[32], recording[64], database[64], metrics[64];
static struct ebt_options options;
static struct ebt_writer_files files;
static struct ebt_writer_msg msg; /* taken last */
static int told;

static int set_up(void **state)
{
	int pair[2];

	(void)state;
	strcpy(dir, "/tmp/ebt-writer-XXXXXX");
	if (!mkdtemp(dir) || pipe2(pair, O_CLOEXEC | O_NONBLOCK))
		return -1;
	snprintf(recording, sizeof(recording), "%s/a.ebt", dir);
	snprintf(database, sizeof(database), "%s/a.db", dir);
	snprintf(metrics, sizeof(metrics), "%s/a.prom", dir);
	options = (struct ebt_options){ .delay_ns = EBT_DELAY_MAX_NS };
	told = pair[0];
	ebt_writer_files_init(&files, &options, pair[1]);
	return 0;
}

static int tear_down(void **state)
{
	static const char *const suffixes[] = { "a.ebt",    "a.ebt.1",	"a.ebt.2", "a.db",
						"a.db-wal", "a.db-shm", "a.prom" };
	char path[64];

	(void)state;
	ebt_writer_files_free(&files);
	close(files.out);
	close(told);
	for (size_t i = 0; i < EBT_ARRAY_SIZE(suffixes); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, suffixes[i]);
		unlink(path);
	}
	return rmdir(dir);
}

static void open_all(void)
{
	char why[240] = "";

	if (ebt_writer_files_open(&files, why, sizeof(why)))
		fail_msg("%s", why);
}

static uint32_t take_msg(void)
{
	msg = (struct ebt_writer_msg){ 0 };
	return read(told, &msg, sizeof(msg)) == sizeof(msg) ? msg.type : 0;
}

static void put(enum ebt_frame_kind kind, const void *fixed, size_t len, const char *text,
		size_t text_len)
{
	const struct ebt_bytes pieces[] = { { fixed, len }, { text, text_len } };

	assert_int_equal(ebt_frame_append(&files.in, kind, pieces, 2), 0);
}

static void put_facts(void)
{
	static const char facts[] = "host=here\0kernel=6.1";

	put(EBT_FRAME_META, NULL, 0, facts, sizeof(facts));
}

static void put_note(uint64_t mono_ns, const char *text)
{
	struct ebt_frame_note note = { .mono_ns = mono_ns };

	put(EBT_FRAME_NOTE, &note, sizeof(note), text, strlen(text));
}

/* Count the frames of a kind in the recording. */
static unsigned recorded(uint16_t kind)
{
	struct ebt_parts_reader *reader = NULL;
	struct ebt_frame frame;
	char why[240] = "";
	unsigned n = 0;

	if (ebt_parts_reader_new(&reader, recording, EBT_ABI_VERSION, why, sizeof(why)))
		fail_msg("%s", why);
	while (ebt_parts_reader_next(reader, &frame) == 1)
		n += frame.kind == kind;
	assert_false(ebt_parts_reader_damaged(reader));
	ebt_parts_reader_free(&reader);
	return n;
}

static bool has_text(const char *path, const char *text)
{
	static char all[65536];
	FILE *file = fopen(path, "re");
	size_t len = file ? fread(all, 1, sizeof(all) - 1, file) : 0;

	if (file)
		fclose(file);
	all[len] = '\0';
	return strstr(all, text);
}

static long long query(const char *sql)
{
	sqlite3_stmt *s = NULL;
	sqlite3 *db = NULL;
	long long value = -1;

	assert_int_equal(sqlite3_open(database, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
	if (sqlite3_step(s) == SQLITE_ROW)
		value = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(db);
	return value;
}

static void test_pieces(void **state)
{
	_cleanup_buf_ struct ebt_buf whole = { 0 };

	(void)state;
	options.write_file = recording;
	open_all();
	put_facts();
	put_note(1000, "first");
	put_note(2000, "second");
	ebt_buf_append(&whole, files.in.data, files.in.len);
	ebt_buf_reset(&files.in);
	/* A frame is taken once it is whole, and the rest waits. */
	for (size_t i = 0; i < whole.len; i++) {
		assert_int_equal(ebt_buf_append(&files.in, whole.data + i, 1), 0);
		assert_int_equal(ebt_writer_files_take(&files), 0);
	}
	assert_int_equal(files.in.len, 0);
	ebt_writer_files_flush(&files, true);
	assert_int_equal(take_msg(), EBT_WRITER_PROGRESS);
	assert_true(msg.bytes > 0);
	assert_int_equal(msg.bytes, files.bytes);
	assert_int_equal(take_msg(), 0);
	/* Nothing new, nothing to tell. */
	ebt_writer_files_flush(&files, true);
	assert_int_equal(take_msg(), 0);
	ebt_writer_files_free(&files);
	assert_int_equal(recorded(EBT_FRAME_NOTE), 2);
	assert_int_equal(recorded(EBT_FRAME_META), 1);
}

static void test_no_frame(void **state)
{
	struct ebt_frame_hdr head = { .len = EBT_FRAME_MAX + 1 };

	(void)state;
	open_all();
	ebt_buf_append(&files.in, &head, sizeof(head));
	assert_int_equal(ebt_writer_files_take(&files), -EBADMSG);
}

/* Between flushes frames wait; a second has not gone by. */
static void test_not_yet(void **state)
{
	(void)state;
	options.write_file = recording;
	open_all();
	put_note(1000, "a");
	assert_int_equal(ebt_writer_files_take(&files), 0);
	/* It was long ago. */
	files.flushed_ns = 0;
	files.begun_ns = 1;
	ebt_writer_files_flush(&files, false);
	assert_int_equal(take_msg(), EBT_WRITER_PROGRESS);
	put_note(2000, "b");
	assert_int_equal(ebt_writer_files_take(&files), 0);
	/* It is at this moment that the last time was, however long this machine takes. */
	files.flushed_ns = ebt_mono_ns() + 3600000000000ull;
	ebt_writer_files_flush(&files, false);
	ebt_writer_files_flush(&files, true);
	assert_int_equal(take_msg(), EBT_WRITER_PROGRESS);
}

/* Record a note, so that there is a recording to lose. */
static void record_earlier(void)
{
	options.write_file = recording;
	open_all();
	put_note(1000, "earlier");
	assert_int_equal(ebt_writer_files_take(&files), 0);
	ebt_writer_files_flush(&files, true);
	ebt_writer_files_free(&files);
	ebt_writer_files_init(&files, &options, files.out);
	while (take_msg())
		;
	assert_int_equal(recorded(EBT_FRAME_NOTE), 1);
}

/* A run that has not begun replaces nothing: it has only facts, or is said to be none. */
static void test_earlier_stays(void **state)
{
	(void)state;
	record_earlier();
	open_all();
	put_facts();
	assert_int_equal(ebt_writer_files_take(&files), 0);
	files.flushed_ns = 0;
	ebt_writer_files_flush(&files, false);
	ebt_writer_files_flush(&files, true);
	ebt_writer_files_free(&files);
	assert_int_equal(recorded(EBT_FRAME_NOTE), 1);

	ebt_writer_files_init(&files, &options, files.out);
	open_all();
	put_note(2000, "a");
	put_note(3000, "b");
	put(EBT_FRAME_DISCARD, NULL, 0, NULL, 0);
	assert_int_equal(ebt_writer_files_take(&files), 0);
	ebt_writer_files_flush(&files, true);
	ebt_writer_files_free(&files);
	assert_int_equal(recorded(EBT_FRAME_NOTE), 1);
}

/* Within the first second it is not known whether the command runs. */
static void test_earlier_goes(void **state)
{
	(void)state;
	record_earlier();
	open_all();
	put_note(2000, "a");
	put_note(3000, "b");
	assert_int_equal(ebt_writer_files_take(&files), 0);
	files.flushed_ns = 0;
	files.begun_ns = ebt_mono_ns() + 3600000000000ull;
	ebt_writer_files_flush(&files, false);
	assert_int_equal(recorded(EBT_FRAME_NOTE), 1);
	files.flushed_ns = 0;
	files.begun_ns = 1;
	ebt_writer_files_flush(&files, false);
	assert_int_equal(recorded(EBT_FRAME_NOTE), 2);
}

static void test_rotate_on_call(void **state)
{
	char first[80];

	(void)state;
	options.write_file = recording;
	options.rotate = (struct ebt_rotate){ .given = true, .on_signal = true };
	open_all();
	put_note(2000, "a");
	put(EBT_FRAME_ROTATE, NULL, 0, NULL, 0);
	put_note(3000, "b");
	assert_int_equal(ebt_writer_files_take(&files), 0);
	ebt_writer_files_flush(&files, true);
	snprintf(first, sizeof(first), "%s.1", recording);
	assert_int_equal(access(first, R_OK), 0);
	assert_int_equal(recorded(EBT_FRAME_NOTE), 2);
	assert_int_equal(recorded(EBT_FRAME_ROTATE), 0);
}

static void test_database(void **state)
{
	(void)state;
	options.sqlite_file = database;
	options.metrics_file = metrics;
	open_all();
	put_facts();
	put_facts();
	put_note(5000, "hello");
	assert_int_equal(ebt_writer_files_take(&files), 0);
	ebt_writer_files_flush(&files, true);
	assert_int_equal(
		query("SELECT count(*) FROM machine WHERE name = 'kernel' AND value = '6.1'"), 1);
	assert_int_equal(query("SELECT count(*) FROM machine WHERE name = 'host'"), 1);
	assert_int_equal(access(metrics, R_OK), 0);
	assert_int_equal(take_msg(), 0);
}

static void test_open_refused(void **state)
{
	char why[240] = "";

	(void)state;
	options.write_file = "/no/such/directory/a.ebt";
	assert_int_equal(ebt_writer_files_open(&files, why, sizeof(why)), -ENOENT);
	assert_non_null(strstr(why, "/no/such/directory/a.ebt"));
	ebt_writer_files_free(&files);
	ebt_writer_files_init(&files, &options, files.out);
	options.write_file = NULL;
	options.sqlite_file = "/no/such/directory/a.db";
	assert_true(ebt_writer_files_open(&files, why, sizeof(why)) < 0);
	assert_non_null(strstr(why, "/no/such/directory/a.db"));
}

static void limit_size(rlim_t bytes)
{
	struct rlimit limit = { bytes, RLIM_INFINITY };

	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* A recording that cannot go on is given up, and the rest goes on. */
static void test_recording_is_given_up(void **state)
{
	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	options.write_file = recording;
	options.metrics_file = metrics;
	open_all();
	ebt_writer_files_flush(&files, true); /* the metrics, which are not due again */
	put_note(1000, "a");
	assert_int_equal(ebt_writer_files_take(&files), 0);
	limit_size(1);
	files.flushed_ns = 0;
	files.begun_ns = 1;
	ebt_writer_files_flush(&files, false);
	limit_size(RLIM_INFINITY);
	assert_int_equal(take_msg(), EBT_WRITER_TROUBLE);
	assert_non_null(strstr(msg.text, recording));
	assert_non_null(strstr(msg.text, "File too large; recording has stopped, tracing goes on"));
	assert_null(files.parts);
	assert_non_null(files.metrics);
	put_note(2000, "b");
	assert_int_equal(ebt_writer_files_take(&files), 0);
	ebt_writer_files_flush(&files, true);
	assert_int_equal(take_msg(), 0);
	assert_int_equal(access(metrics, R_OK), 0);
}

static void test_metrics_are_tried_again(void **state)
{
	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	options.metrics_file = metrics;
	open_all();
	limit_size(1);
	ebt_writer_files_flush(&files, false);
	assert_int_equal(take_msg(), EBT_WRITER_WARNING);
	assert_non_null(strstr(msg.text, metrics));
	/* The last one is missing in the end. */
	ebt_writer_files_flush(&files, true);
	assert_int_equal(take_msg(), EBT_WRITER_TROUBLE);
	limit_size(RLIM_INFINITY);
	ebt_writer_files_flush(&files, true);
	assert_int_equal(take_msg(), 0);
	assert_true(has_text(metrics, "execbig_missed_writes_total{instance=\"a\"} 2\n"));
}

/* Insert through another connection, which holds the lock meanwhile. */
static void lock_database(sqlite3 **other, const char *sql)
{
	if (!*other)
		assert_int_equal(sqlite3_open(database, other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(*other, sql, NULL, NULL, NULL), SQLITE_OK);
}

static void test_database_is_locked(void **state)
{
	sqlite3 *other = NULL;

	(void)state;
	options.sqlite_file = database;
	open_all();
	put_facts();
	lock_database(&other, "BEGIN IMMEDIATE");
	for (uint64_t n = 1; n <= 100; n++)
		put_note(n, "waits");
	assert_int_equal(ebt_writer_files_take(&files), 0);
	ebt_writer_files_flush(&files, false);
	lock_database(&other, "ROLLBACK");
	put_note(200, "later");
	assert_int_equal(ebt_writer_files_take(&files), 0);
	ebt_writer_files_flush(&files, true);
	assert_int_equal(query("SELECT count(*) FROM lost WHERE note = 'waits'"), 100);
	assert_int_equal(query("SELECT count(*) FROM lost WHERE note = 'later'"), 1);
	assert_int_equal(query("SELECT count(*) FROM lost WHERE cause = 'database'"), 0);
	assert_int_equal(take_msg(), 0);
	sqlite3_close(other);
}

/* Between two transactions another process gets the lock, however many events come. */
static void test_database_is_left_to_others(void **state)
{
	sqlite3 *other = NULL;

	(void)state;
	options.sqlite_file = database;
	open_all();
	put_note(1, "first");
	assert_int_equal(ebt_writer_files_take(&files), 0);
	files.flushed_ns = 0;
	ebt_writer_files_flush(&files, false);
	put_note(2, "second");
	assert_int_equal(ebt_writer_files_take(&files), 0);
	lock_database(&other, "BEGIN IMMEDIATE");
	lock_database(&other, "ROLLBACK");
	ebt_writer_files_flush(&files, true);
	assert_int_equal(query("SELECT count(*) FROM lost WHERE note IN ('first', 'second')"), 2);
	sqlite3_close(other);
}

/* Open the database on a disk that will be full soon. */
static void open_on_small_disk(void)
{
	signal(SIGXFSZ, SIG_IGN);
	options.sqlite_file = database;
	open_all();
	limit_size(300000);
}

/* Put a hundred notes of 4 KiB, and write what can be written. */
static void put_long_notes(void)
{
	char text[4096] = "";

	memset(text, 'x', sizeof(text) - 1);
	for (uint64_t n = 1; n <= 100; n++)
		put_note(n, text);
	assert_int_equal(ebt_writer_files_take(&files), 0);
	files.flushed_ns = files.database.retry_ns = 0;
	ebt_writer_files_flush(&files, false);
}

/* A disk that stays full is reported once. Whatever is not in the database is counted there, also what
 * was recorded as missing in a transaction that failed. */
static void test_database_misses_events(void **state)
{
	(void)state;
	open_on_small_disk();
	put_long_notes();
	assert_int_equal(take_msg(), EBT_WRITER_TROUBLE);
	for (unsigned round = 1; round < 5; round++)
		put_long_notes();
	assert_int_equal(take_msg(), 0);
	limit_size(RLIM_INFINITY);
	ebt_writer_files_flush(&files, true);
	assert_int_equal(query("SELECT (SELECT count(*) FROM lost WHERE cause IS NULL)"
			       " + (SELECT sum(count) FROM lost WHERE cause = 'database')"),
			 500);
}

/* Nobody may be listening any more. */
static void test_tell_nobody(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	close(told);
	ebt_writer_files_tell(&files, EBT_WRITER_READY, "text");
	assert_int_equal(errno, 0);
	told = -1;
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_pieces),
		T(test_no_frame),
		T(test_not_yet),
		T(test_earlier_stays),
		T(test_earlier_goes),
		T(test_rotate_on_call),
		T(test_database),
		T(test_database_is_locked),
		T(test_database_is_left_to_others),
		T(test_database_misses_events),
		T(test_open_refused),
		T(test_recording_is_given_up),
		T(test_metrics_are_tried_again),
		T(test_tell_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
