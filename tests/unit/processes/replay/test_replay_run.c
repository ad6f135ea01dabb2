/* SPDX-License-Identifier: BSD-3-Clause */
/* Whole replays of a small recording: lines, frames, exports, and the filters that a live run has in the
 * kernel. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "decode/records.h"
#include "processes/fake_sandbox.h"
#include "processes/replay/replay_run.h"
#include "recording/parts.h"
#include "recording/player.h"

#define SECOND 1000000000ull
#define FIRST  (100 * SECOND)

static char dir[32], recording[64], other[64];
static struct ebt_options options;
static struct ebt_parts_writer *writer;
static uint64_t seq;

static void put(enum ebt_frame_kind kind, const void *data, size_t len, const char *text)
{
	const struct ebt_bytes pieces[] = { { data, len }, ebt_bytes_from(text) };
	_cleanup_buf_ struct ebt_buf buf = { 0 };
	struct ebt_frame frame;
	const char *at;

	assert_int_equal(ebt_frame_append(&buf, kind, pieces, 2), 0);
	at = buf.data;
	assert_int_equal(ebt_frame_next(&at, buf.data + buf.len, &frame), 1);
	assert_int_equal(ebt_parts_writer_frame(writer, &frame, ebt_player_time(&frame)), 0);
}

/* An exec of a process, a second after the event before. */
static void put_exec(uint32_t pid, uint32_t ppid, uint32_t uid, const char *comm)
{
	struct exec e = exec_make(0, ++seq);
	char record[sizeof(e.rec) + 64];

	memset(e.rec.comm, 0, sizeof(e.rec.comm));
	memcpy(e.rec.comm, comm, strlen(comm));
	e.rec.pid = e.rec.tid = pid;
	e.rec.ppid = ppid;
	e.rec.uid = e.rec.euid = uid;
	e.rec.cgroup_id = uid ? 50 : 51;
	e.rec.hdr.mono_ns = e.rec.start_ns = FIRST + seq * SECOND;
	e.rec.argc = 1;
	e.sect[EBT_SECT_ARGS] = (struct ebt_bytes){ comm, strlen(comm) + 1 };
	e.sect[EBT_SECT_FILENAME] = BYTES("/bin/x");
	exec_stream(&e);
	e.rec.hdr.size = (uint32_t)(sizeof(e.rec) + e.len);
	memcpy(record, &e.rec, sizeof(e.rec));
	memcpy(record + sizeof(e.rec), e.stream, e.len);
	free(e.stream);
	put(EBT_FRAME_RECORD, record, e.rec.hdr.size, "");
}

static void put_exit(uint32_t pid, uint32_t ppid, uint32_t uid, const char *comm)
{
	struct ebt_rec_exit rec = exit_make(0, ++seq, pid);

	rec.hdr.mono_ns = FIRST + seq * SECOND;
	rec.hdr.size = sizeof(rec);
	/* The start is that of the exec: 10 is the first, 11 the second. */
	rec.start_ns = FIRST + (pid - 9) * SECOND;
	memcpy(rec.comm, comm, strlen(comm));
	rec.ppid = ppid;
	rec.uid = uid;
	rec.exit_code = 256;
	put(EBT_FRAME_RECORD, &rec, sizeof(rec), "");
}

/* make (10) starts cc1 (11) of another user; a shell (20) has nothing to do with them. */
static void record(void)
{
	struct ebt_parts_options po = { .path = recording, .abi = EBT_ABI_VERSION };
	struct ebt_frame_clock clock = { .mono_ns = FIRST };
	struct ebt_frame_start start = { .mono_ns = FIRST, .ncpu = 2, .ring_bytes = 65536 };
	struct ebt_frame_name below = { 50 }, top = { 51 };
	struct ebt_frame_process shell = { .start_ns = SECOND, .pid = 7, .ppid = 1, .comm_len = 4 };
	struct ebt_frame_note note = { .mono_ns = FIRST + 5 * SECOND };
	char why[256];

	seq = 0;
	assert_int_equal(ebt_parts_writer_new(&writer, &po, why, sizeof(why)), 0);
	put(EBT_FRAME_META, "host=here", 10, "");
	put(EBT_FRAME_CLOCK, &clock, sizeof(clock), "");
	put(EBT_FRAME_START, &start, sizeof(start), "");
	put(EBT_FRAME_CGROUP, &below, sizeof(below), "/users/one");
	put(EBT_FRAME_CGROUP, &top, sizeof(top), "/usersx");
	put(EBT_FRAME_PROCESS, &shell, sizeof(shell), "bash-bash");
	put_exec(10, 7, 0, "make");
	put_exec(11, 10, 1000, "cc1");
	put_exec(20, 1, 0, "shell");
	put_exit(11, 10, 1000, "cc1");
	put(EBT_FRAME_NOTE, &note, sizeof(note), "a note");
	put_exit(10, 7, 0, "make");
	put(EBT_FRAME_END, &(struct ebt_frame_end){ .mono_ns = FIRST + 9 * SECOND },
	    sizeof(struct ebt_frame_end), "");
	assert_int_equal(ebt_parts_writer_flush(writer), 0);
	ebt_parts_writer_free(&writer);
}

static int set_up(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/ebt-replay-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	snprintf(recording, sizeof(recording), "%s/a.ebt", dir);
	snprintf(other, sizeof(other), "%s/out", dir);
	options = (struct ebt_options){ .mode = EBT_MODE_EVENTS,
					.read_file = recording,
					.history_bytes = EBT_HISTORY_MIN,
					.delay_ns = SECOND,
					.line_columns = "pid,what,command",
					.no_unicode = true };
	fake_sandbox_error = 0;
	record();
	return 0;
}

static int tear_down(void **state)
{
	sigset_t none;

	(void)state;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	unlink(recording);
	unlink(other);
	return rmdir(dir);
}

static char text[32768];

/* Run, and keep what goes to standard output. */
static int run(void)
{
	int before, taken = memfd_create("stdout", MFD_CLOEXEC), status;
	ssize_t n;

	fflush(stdout);
	before = dup(STDOUT_FILENO);
	dup2(taken, STDOUT_FILENO);
	status = ebt_replay_run(&options);
	fflush(stdout);
	dup2(before, STDOUT_FILENO);
	close(before);
	n = pread(taken, text, sizeof(text) - 1, 0);
	text[n > 0 ? n : 0] = '\0';
	close(taken);
	return status;
}

static bool has(const char *words)
{
	return strstr(text, words) != NULL;
}

/* Which of the three processes' execs are in the output, as bits: make, cc1, shell. */
static int shown(void)
{
	assert_int_equal(run(), 0);
	return has("exec make") | has("exec cc1") << 1 | has("exec shell") << 2;
}

static void test_lines(void **state)
{
	(void)state;
	assert_int_equal(run(), 0);
	assert_string_equal(text, "    PID WHAT COMMAND\n"
				  "     10 exec make\n"
				  "     11 exec cc1\n"
				  "     20 exec shell\n"
				  "     11 exit [cc1]\n"
				  "      - note [a note]\n"
				  "     10 exit [make]\n");
	options.iterations = 2;
	assert_int_equal(shown(), 3);
	assert_false(has("exit"));
}

static void test_times(void **state)
{
	(void)state;
	/* The first event is the beginning. */
	options.from = (struct ebt_option_time){ EBT_TIME_OFFSET, 2 * SECOND - 1 };
	assert_int_equal(run(), 0);
	assert_false(has("exec cc1"));
	assert_true(has("exec shell"));
	options.to = (struct ebt_option_time){ EBT_TIME_OFFSET, 3 * SECOND };
	assert_int_equal(run(), 0);
	assert_true(has("11 exit"));
	assert_false(has("10 exit"));
}

static void test_pids(void **state)
{
	(void)state;
	options.pid_count = 1;
	options.pids[0] = 10;
	assert_int_equal(shown(), 3);
	options.pids[0] = 11;
	assert_int_equal(shown(), 2);
	/* A process that ran before, whose children are told of. */
	options.pids[0] = 7;
	assert_int_equal(shown(), 3);
	options.pids[0] = 20;
	assert_int_equal(shown(), 4);
	options.pid_count = 2;
	options.pids[1] = 11;
	assert_int_equal(shown(), 6);
	options.pids[1] = 99;
	assert_int_equal(run(), EBT_EXIT_FAILURE);
	assert_string_equal(text, "");
}

static void test_users(void **state)
{
	(void)state;
	options.uid_set = true;
	options.uid = 1000;
	assert_int_equal(shown(), 2);
	options.uid = 0;
	assert_int_equal(shown(), 5);
	options.user_ids = EBT_USER_REAL;
	assert_int_equal(shown(), 5);
	options.user_ids = EBT_USER_EFFECTIVE;
	assert_int_equal(shown(), 5);
	options.uid = 1;
	assert_int_equal(shown(), 0);
}

static void test_cgroups(void **state)
{
	(void)state;
	options.cgroup = "/users";
	assert_int_equal(shown(), 2);
	assert_true(has("11 exit"));
	assert_false(has("10 exit"));
	options.cgroup = "/sys/fs/cgroup/users/";
	assert_int_equal(shown(), 2);
	options.cgroup = "/sys/fs/cgroup/unified/users"; /* beside v1 */
	assert_int_equal(shown(), 2);
	options.cgroup = "/sys/fs/cgroup";
	assert_int_equal(shown(), 7);
	options.cgroup = "/sys/fs/cgroup/unified";
	assert_int_equal(shown(), 7);
	options.cgroup = "/sys/fs/cgroups/users";
	assert_int_equal(shown(), 0);
	options.cgroup = "users/one";
	assert_int_equal(shown(), 2);
	options.cgroup = "/users/on";
	assert_int_equal(shown(), 0);
	options.cgroup = "/";
	assert_int_equal(shown(), 7);
}

static void test_batch(void **state)
{
	(void)state;
	options.mode = EBT_MODE_BATCH;
	options.iterations = 1;
	assert_int_equal(run(), 0);
	assert_true(has("make"));
	assert_true(has("cc1"));
	assert_false(has("shell"));
	options.iterations = 0;
	assert_int_equal(run(), 0);
	assert_true(has("shell"));
}

static void read_out(void)
{
	int fd = open(other, O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, text, sizeof(text) - 1);

	text[n > 0 ? n : 0] = '\0';
	close(fd);
}

static void test_export(void **state)
{
	struct stat st;

	(void)state;
	options.mode = EBT_MODE_EXPORT;
	options.export_format = EBT_EXPORT_CSV;
	options.line_columns = NULL;
	options.out_file = other;
	assert_int_equal(run(), 0);
	assert_string_equal(text, "");
	read_out();
	assert_true(has("make"));
	/* A file that is there keeps its mode. */
	assert_int_equal(chmod(other, 0640), 0);
	options.export_format = EBT_EXPORT_PERFETTO;
	assert_int_equal(run(), 0);
	assert_int_equal(stat(other, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	read_out();
	assert_true(has("\"traceEvents\""));
	assert_true(has("cc1"));
	/* An export that fails leaves it as it is. */
	options.read_file = "/no/such/recording";
	assert_int_equal(run(), EBT_EXIT_FAILURE);
	read_out();
	assert_true(has("\"traceEvents\""));
	/* So does a database without entries. */
	options.read_file = recording;
	options.export_format = EBT_EXPORT_COMPILE_COMMANDS;
	assert_int_equal(run(), EBT_EXIT_FAILURE);
	read_out();
	assert_true(has("\"traceEvents\""));
}

static void test_export_to_stdout(void **state)
{
	(void)state;
	options.mode = EBT_MODE_EXPORT;
	options.export_format = EBT_EXPORT_PERFETTO;
	assert_int_equal(run(), 0);
	assert_true(has("make"));
	assert_true(has("still runs when the recording ends"));
	options.to = (struct ebt_option_time){ EBT_TIME_OFFSET, 3 * SECOND };
	assert_int_equal(run(), 0);
	assert_true(has("still runs at the time of --to"));
	options.export_format = EBT_EXPORT_COMPILE_COMMANDS;
	assert_int_equal(run(), 0);
	assert_string_equal(text, "[\n]\n");
}

/* The recording must not be written over. */
static void test_keeps_recording(void **state)
{
	(void)state;
	options.write_file = recording;
	assert_int_equal(run(), EBT_EXIT_FAILURE);
	options.write_file = NULL;
	options.metrics_file = recording;
	assert_int_equal(run(), EBT_EXIT_FAILURE);
	options.metrics_file = NULL;
	assert_int_equal(shown(), 7);
}

static void test_refused(void **state)
{
	(void)state;
	options.read_file = "/no/such/recording";
	assert_int_equal(run(), EBT_EXIT_FAILURE);
	options.read_file = recording;
	fake_sandbox_error = -EPERM;
	assert_int_equal(run(), EBT_EXIT_FAILURE);
	assert_string_equal(text, "");
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_lines),		 T(test_times),	  T(test_pids),	  T(test_users),
		T(test_cgroups),	 T(test_batch),	  T(test_export), T(test_export_to_stdout),
		T(test_keeps_recording), T(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
