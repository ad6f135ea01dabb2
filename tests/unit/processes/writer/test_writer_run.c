/* SPDX-License-Identifier: BSD-3-Clause */
/* The writer's whole life, with frames in its pipe that end before it begins. */
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

#include "base/cleanup.h"
#include "ebt_abi.h"
#include "processes/fake_sandbox.h"
#include "processes/writer/writer.h"
#include "recording/parts.h"

static char dir[32], path[64];
static struct ebt_options options;
static int in[2], out[2];
static struct ebt_writer_msg msg;

static int set_up(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/ebt-writer-XXXXXX");
	if (!mkdtemp(dir) || pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC | O_NONBLOCK))
		return -1;
	snprintf(path, sizeof(path), "%s/a.ebt", dir);
	options = (struct ebt_options){ .write_file = path };
	fake_sandbox_error = 0;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		ebt_cleanup_close(&in[i]);
		ebt_cleanup_close(&out[i]);
	}
	unlink(path);
	return rmdir(dir);
}

static void put_note(const char *text)
{
	struct ebt_frame_note note = { .mono_ns = 1000 };
	const struct ebt_bytes pieces[] = { { (const char *)&note, sizeof(note) },
					    ebt_bytes_from(text) };
	_cleanup_buf_ struct ebt_buf buf = { 0 };

	assert_int_equal(ebt_frame_append(&buf, EBT_FRAME_NOTE, pieces, 2), 0);
	assert_int_equal(write(in[1], buf.data, buf.len), buf.len);
}

static int run(void)
{
	close(in[1]);
	in[1] = -1;
	return ebt_writer_run(&options, in[0], out[1]);
}

static uint32_t take_msg(void)
{
	msg = (struct ebt_writer_msg){ 0 };
	return read(out[0], &msg, sizeof(msg)) == sizeof(msg) ? msg.type : 0;
}

static unsigned recorded(void)
{
	struct ebt_parts_reader *reader = NULL;
	struct ebt_frame frame;
	unsigned n = 0;
	char why[240];

	assert_int_equal(ebt_parts_reader_new(&reader, path, EBT_ABI_VERSION, why, sizeof(why)), 0);
	while (ebt_parts_reader_next(reader, &frame) == 1)
		n += frame.kind == EBT_FRAME_NOTE;
	ebt_parts_reader_free(&reader);
	return n;
}

static void test_recording(void **state)
{
	(void)state;
	put_note("a");
	put_note("b");
	assert_int_equal(run(), EBT_EXIT_OK);
	assert_int_equal(take_msg(), EBT_WRITER_READY);
	assert_int_equal(take_msg(), EBT_WRITER_PROGRESS);
	assert_true(msg.bytes > 0);
	assert_int_equal(take_msg(), EBT_WRITER_DONE);
	assert_int_equal(take_msg(), 0);
	assert_int_equal(recorded(), 2);
}

/* What came before the stream went wrong is on disk. */
static void test_bad_stream(void **state)
{
	struct ebt_frame_hdr head = { .len = EBT_FRAME_MAX + 1 };

	(void)state;
	put_note("a");
	assert_int_equal(write(in[1], &head, sizeof(head)), sizeof(head));
	assert_int_equal(run(), EBT_EXIT_FAILURE);
	assert_int_equal(take_msg(), EBT_WRITER_READY);
	assert_int_equal(take_msg(), EBT_WRITER_PROGRESS);
	assert_int_equal(take_msg(), EBT_WRITER_FATAL);
	assert_string_equal(msg.text, "Bad message");
	assert_int_equal(take_msg(), 0);
	assert_int_equal(recorded(), 1);
}

static void test_cannot_open(void **state)
{
	(void)state;
	options.write_file = "/no/such/directory/a.ebt";
	assert_int_equal(run(), EBT_EXIT_FAILURE);
	assert_int_equal(take_msg(), EBT_WRITER_FATAL);
	assert_non_null(strstr(msg.text, "/no/such/directory/a.ebt"));
	assert_int_equal(take_msg(), 0);
}

/* Without its sandbox it does not begin. */
static void test_sandbox(void **state)
{
	(void)state;
	put_note("a");
	fake_sandbox_error = -EPERM;
	assert_int_equal(run(), EBT_EXIT_FAILURE);
	assert_int_equal(take_msg(), EBT_WRITER_FATAL);
	assert_string_equal(msg.text, "the sandbox is refused");
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_recording),
		T(test_bad_stream),
		T(test_cannot_open),
		T(test_sandbox),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
