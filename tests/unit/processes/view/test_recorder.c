/* SPDX-License-Identifier: BSD-3-Clause */
/* What happens as frames in the pipe to the writer, and what the view makes of the writer's messages. The
 * writer is this test at the other ends of both pipes. */
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
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "processes/view/recorder_internal.h"
#include "processes/writer/writer.h"

static struct ebt_recorder *recorder;
static struct ebt_model *model;
static int to, from; /* our ends */
static struct ebt_buf got;
static const char *at; /* of the frame taken last; NULL: before the first */
static struct ebt_frame frame;

static int set_up(void **state)
{
	struct ebt_model_options mo = { .history_bytes = EBT_HISTORY_MIN, .ncpu = 1 };
	int in[2], out[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	recorder = calloc(1, sizeof(*recorder));
	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) || ebt_model_new(&model, &mo))
		return -1;
	ebt_pipe_queue_open(&recorder->to, in[1]);
	recorder->from = out[0];
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	fcntl(in[0], F_SETFL, O_NONBLOCK);
	to = in[0];
	from = out[1];
	at = NULL;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	ebt_cleanup_close(&from);
	ebt_cleanup_close(&to);
	ebt_recorder_free(&recorder);
	assert_null(recorder);
	ebt_buf_free(&got);
	ebt_model_free(&model);
	return 0;
}

/* Take what is in the pipe. */
static void take(void)
{
	char chunk[65536];
	ssize_t n;

	ebt_recorder_pump(recorder);
	ebt_buf_reset(&got);
	while ((n = read(to, chunk, sizeof(chunk))) > 0) {
		ebt_buf_append(&got, chunk, (size_t)n);
		ebt_recorder_pump(recorder);
	}
	at = got.data;
}

/* Take the next frame. Return its kind, or 0; the fixed part goes to fixed, the rest is returned in
 * rest. */
static uint16_t next(void *fixed, size_t size, struct ebt_bytes *rest)
{
	char nothing;

	if (!got.len || ebt_frame_next(&at, got.data + got.len, &frame) != 1)
		return 0;
	*rest = ebt_frame_fixed(&frame, fixed ? fixed : &nothing, size);
	return frame.kind;
}

static void say(enum ebt_writer_type type, uint64_t bytes, const char *text)
{
	struct ebt_writer_msg msg = { .type = type, .bytes = bytes };

	strcpy(msg.text, text);
	assert_int_equal(write(from, &msg, sizeof(msg)), sizeof(msg));
}

static void test_frames(void **state)
{
	struct ebt_msg msg = { .generation = 4,
			       .ncpu = 8,
			       .took_ns = 7,
			       .params = {
				       .scratch_bytes = 1024, .ring_bytes = 65536, .failed = 1 } };
	struct ebt_frame_clock clock;
	struct ebt_frame_start start;
	struct ebt_frame_note note;
	struct ebt_frame_flush flush;
	struct ebt_frame_end end;
	struct ebt_bytes rest;

	(void)state;
	ebt_recorder_clock(recorder, 5, -6);
	ebt_recorder_start(recorder, &msg);
	ebt_recorder_record(recorder, "12345678", 8);
	ebt_recorder_note(recorder, 9, ebt_bytes_from("a note"));
	ebt_recorder_flush_event(recorder, 10, 11);
	ebt_recorder_end(recorder, 12, true);
	take();
	assert_int_equal(next(&clock, sizeof(clock), &rest), EBT_FRAME_CLOCK);
	assert_int_equal(clock.mono_ns, 5);
	assert_int_equal(clock.mono_to_real_ns, -6);
	assert_int_equal(next(&start, sizeof(start), &rest), EBT_FRAME_START);
	assert_int_equal(start.generation, 4);
	assert_int_equal(start.ncpu, 8);
	assert_int_equal(start.took_ns, 7);
	assert_int_equal(start.scratch_bytes, 1024);
	assert_int_equal(start.ring_bytes, 65536);
	assert_int_equal(start.failed, 1);
	assert_int_equal(start.perf, 0);
	assert_int_equal(next(&note, 0, &rest), EBT_FRAME_RECORD);
	assert_int_equal(rest.len, 8);
	assert_memory_equal(rest.data, "12345678", 8);
	assert_int_equal(next(&note, sizeof(note), &rest), EBT_FRAME_NOTE);
	assert_int_equal(note.mono_ns, 9);
	assert_int_equal(rest.len, 6);
	assert_int_equal(next(&flush, sizeof(flush), &rest), EBT_FRAME_FLUSH);
	assert_int_equal(flush.now_ns, 10);
	assert_int_equal(flush.max_age_ns, 11);
	assert_int_equal(next(&end, sizeof(end), &rest), EBT_FRAME_END);
	assert_int_equal(end.mono_ns, 12);
	assert_int_equal(end.flags, EBT_END_SUMMARY);
	assert_int_equal(next(&end, sizeof(end), &rest), 0);
}

/* A name is sent once, before the record that shows it, and again when it has changed. */
static void test_names(void **state)
{
	struct ebt_event ev = { .type = EBT_EVENT_EXEC, .exec = { .uid = 3, .cgroup_id = 44 } };
	struct ebt_frame_name name;
	struct ebt_bytes rest;

	(void)state;
	ebt_recorder_names(recorder, model, &ev);
	take();
	assert_int_equal(got.len, 0);
	ebt_model_set_user(model, 3, "three");
	ebt_model_set_cgroup(model, 44, "/a/b");
	ebt_recorder_names(recorder, model, &ev);
	ebt_recorder_names(recorder, model, &ev);
	ev = (struct ebt_event){ .type = EBT_EVENT_EXIT, .exit = { .uid = 3 } };
	ebt_recorder_names(recorder, model, &ev);
	take();
	assert_int_equal(next(&name, sizeof(name), &rest), EBT_FRAME_USER);
	assert_int_equal(name.number, 3);
	assert_int_equal(rest.len, 5);
	assert_memory_equal(rest.data, "three", 5);
	assert_int_equal(next(&name, sizeof(name), &rest), EBT_FRAME_CGROUP);
	assert_int_equal(name.number, 44);
	assert_memory_equal(rest.data, "/a/b", 4);
	assert_int_equal(next(&name, sizeof(name), &rest), 0);
	ebt_model_set_user(model, 3, "other");
	ebt_recorder_names(recorder, model, &ev);
	take();
	assert_int_equal(next(&name, sizeof(name), &rest), EBT_FRAME_USER);
	ebt_model_set_user(model, 3, ""); /* the user is gone */
	ebt_recorder_names(recorder, model, &ev);
	ebt_recorder_names(recorder, model, &ev);
	take();
	assert_int_equal(next(&name, sizeof(name), &rest), EBT_FRAME_USER);
	assert_int_equal(name.number, 3);
	assert_int_equal(rest.len, 0);
	assert_int_equal(next(&name, sizeof(name), &rest), 0);
}

static void test_status(void **state)
{
	struct ebt_cpu_counters counters[2] = { { .seen = 1 }, { .seen = 2 } };
	uint64_t received[2] = { 10, 20 }, gaps[2] = { 30, 40 }, pairs[4];
	struct ebt_model_buffers b = { .counters = counters,
				       .ncpu = 2,
				       .received = received,
				       .gaps = gaps,
				       .ring_used = 5,
				       .ring_size = 6 };
	struct ebt_status status = { .mono_ns = 77, .generation = 3 };
	struct ebt_frame_status head;
	struct ebt_bytes rest;

	(void)state;
	ebt_recorder_status(recorder, &status, &b, 88);
	take();
	assert_int_equal(next(&head, sizeof(head), &rest), EBT_FRAME_STATUS);
	assert_int_equal(head.mono_ns, 77);
	assert_int_equal(head.taken_ns, 88);
	assert_int_equal(head.ncpu, 2);
	assert_int_equal(head.ring_used, 5);
	assert_int_equal(head.ring_size, 6);
	assert_int_equal(head.generation, 3);
	assert_int_equal(rest.len, sizeof(pairs) + sizeof(counters));
	memcpy(pairs, rest.data, sizeof(pairs));
	assert_int_equal(pairs[0], 10);
	assert_int_equal(pairs[1], 30);
	assert_int_equal(pairs[3], 40);
	assert_memory_equal(rest.data + sizeof(pairs), counters, sizeof(counters));
}

static void test_process(void **state)
{
	struct ebt_frame_process proc = { .pid = 5, .comm_len = 2 };
	struct ebt_bytes rest;

	(void)state;
	ebt_recorder_process(recorder, &proc, ebt_bytes_from("sh"), ebt_bytes_from("sh -c"));
	take();
	assert_int_equal(next(&proc, sizeof(proc), &rest), EBT_FRAME_PROCESS);
	assert_int_equal(proc.pid, 5);
	assert_int_equal(rest.len, 7);
	assert_memory_equal(rest.data, "shsh -c", 7);
}

static void test_homeo(void **state)
{
	struct ebt_event ev = { .type = EBT_EVENT_HOMEO,
				.mono_ns = 6,
				.homeo = { .pid = 8,
					   .anomalies = 2,
					   .level = 3,
					   .event = { "anomaly", 7 },
					   .call = { "open", 4 } } };
	struct ebt_frame_homeo head;
	struct ebt_bytes rest;

	(void)state;
	ebt_recorder_homeo(recorder, &ev);
	take();
	assert_int_equal(next(&head, sizeof(head), &rest), EBT_FRAME_HOMEO);
	assert_int_equal(head.mono_ns, 6);
	assert_int_equal(head.pid, 8);
	assert_int_equal(head.anomalies, 2);
	assert_int_equal(head.level, 3);
	assert_int_equal(head.event_len, 7);
	assert_int_equal(head.call_len, 4);
	assert_int_equal(head.exe_len, 0);
	assert_int_equal(rest.len, 11);
	assert_memory_equal(rest.data, "anomalyopen", 11);
}

/* A writer that reads nothing: what waits for it is known, and it holds nobody up. */
static void test_behind(void **state)
{
	static char record[32768];

	(void)state;
	assert_false(ebt_recorder_behind(recorder));
	assert_int_equal(ebt_recorder_wait_fd(recorder), -1);
	for (int i = 0; i < 1000 && !ebt_recorder_behind(recorder); i++)
		ebt_recorder_record(recorder, record, sizeof(record));
	assert_true(ebt_recorder_behind(recorder));
	assert_int_equal(ebt_recorder_wait_fd(recorder), recorder->to.fd);
	take();
	assert_false(ebt_recorder_behind(recorder));
	assert_false(ebt_recorder_failed(recorder));
}

static void test_messages(void **state)
{
	(void)state;
	assert_null(ebt_recorder_trouble(recorder));
	say(EBT_WRITER_PROGRESS, 5000, "");
	ebt_recorder_pump(recorder);
	assert_int_equal(ebt_recorder_bytes(recorder), 5000);
	assert_false(ebt_recorder_failed(recorder));
	say(EBT_WRITER_TROUBLE, 6000, "the first");
	say(EBT_WRITER_TROUBLE, 6000, "the second");
	ebt_recorder_pump(recorder);
	/* The first is the cause; it is told once. */
	assert_string_equal(ebt_recorder_trouble(recorder), "the first");
	assert_null(ebt_recorder_trouble(recorder));
	assert_true(ebt_recorder_failed(recorder));
	assert_true(ebt_recorder_open(recorder));
	say(EBT_WRITER_FATAL, 6000, "the end");
	ebt_recorder_pump(recorder);
	assert_string_equal(ebt_recorder_trouble(recorder), "the end");
	assert_false(ebt_recorder_open(recorder));
	ebt_recorder_record(recorder, "12345678", 8);
}

/* At the end the writer is waited for until it says that it is done. */
static void test_finish(void **state)
{
	struct ebt_bytes rest;

	(void)state;
	ebt_recorder_record(recorder, "12345678", 8);
	ebt_recorder_pump(recorder);
	say(EBT_WRITER_DONE, 9, "");
	ebt_recorder_finish(recorder);
	assert_false(ebt_recorder_failed(recorder));
	assert_true(recorder->done);
	assert_int_equal(ebt_recorder_bytes(recorder), 9);
	take();
	assert_int_equal(next(NULL, 0, &rest), EBT_FRAME_RECORD);
}

/* Without a recorder nothing is made. */
static void test_none(void **state)
{
	struct ebt_options options = { 0 };
	struct ebt_recorder *none = NULL;
	struct ebt_event ev = { .type = EBT_EVENT_EXEC };
	char why[64] = "";

	(void)state;
	assert_int_equal(ebt_recorder_new(&none, &options, why, sizeof(why)), 0);
	assert_null(none);
	ebt_recorder_names(none, model, &ev);
	ebt_recorder_record(none, "12345678", 8);
	ebt_recorder_pump(none);
	ebt_recorder_finish(none);
	assert_null(ebt_recorder_trouble(none));
	assert_false(ebt_recorder_failed(none));
	assert_false(ebt_recorder_behind(none));
	assert_int_equal(ebt_recorder_bytes(none), 0);
}

/* The real writer: a file that it cannot open is an error at once, and one that it can is written. */
static void test_writer(void **state)
{
	struct ebt_options options = { .write_file = "/no/such/directory/a.ebt" };
	struct ebt_recorder *r = NULL;
	char why[256] = "", dir[] = "/tmp/ebt-recorder-XXXXXX", path[64];

	(void)state;
	assert_int_equal(ebt_recorder_new(&r, &options, why, sizeof(why)), -EIO);
	assert_non_null(strstr(why, "/no/such/directory/a.ebt"));
	assert_null(r);
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/a.ebt", dir);
	options.write_file = path;
	assert_int_equal(ebt_recorder_new(&r, &options, why, sizeof(why)), 0);
	ebt_recorder_note(r, 9, ebt_bytes_from("a note"));
	ebt_recorder_finish(r);
	assert_false(ebt_recorder_failed(r));
	assert_true(r->done);
	assert_true(ebt_recorder_bytes(r) > 0);
	ebt_recorder_free(&r);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_frames), T(test_names),	  T(test_status), T(test_process), T(test_homeo),
		T(test_behind), T(test_messages), T(test_finish), T(test_none),	   T(test_writer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
