/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "sink/batch.h"
#include "sink_test.h"

#define S 1000000000ull

static struct ebt_model *model_new(unsigned ncpu)
{
	struct ebt_model_options mo = { .ncpu = ncpu, .mono_to_real_ns = TEST_BASE_NS };
	struct ebt_model *model = NULL;

	assert_int_equal(ebt_model_new(&model, &mo), 0);
	return model;
}

static void feed(struct ebt_model *model, uint32_t pid, uint64_t at_ns, struct ebt_bytes exe,
		 struct ebt_bytes args)
{
	struct ebt_event ev = test_exec(args);

	ev.mono_ns = at_ns;
	ev.exec.pid = ev.exec.tid = ev.exec.vpid = pid;
	ev.exec.start_ns = at_ns - 10;
	ev.exec.flags = EBT_EV_HAS_EXE;
	ev.exec.exe = exe;
	ebt_model_event(model, &ev);
}

static void feed_exit(struct ebt_model *model, uint32_t pid, uint64_t exec_ns, uint64_t at_ns,
		      int status)
{
	struct ebt_event ev = test_exit(status);

	ev.mono_ns = at_ns;
	ev.exit.pid = pid;
	ev.exit.start_ns = exec_ns - 10;
	ebt_model_event(model, &ev);
}

static void buffers(struct ebt_model *model, uint64_t now_ns)
{
	struct ebt_cpu_counters c[4] = {
		[0] = { .seen = 10,
			.filtered = 1,
			.delivered = 7,
			.lost_ring = 2,
			.seq = 9,
			.bytes = 5000,
			.high_water = 2048,
			.runs = 20,
			.run_ns = 40000 },
		[2] = { .seen = 5,
			.delivered = 4,
			.lost_busy = 1,
			.seq = 5,
			.bytes = 900,
			.high_water = 400,
			.runs = 5,
			.run_ns = 5000,
			.cut_ring = 1 },
	};
	uint64_t received[4] = { 7, 0, 4, 0 }, gaps[4] = { 2, 0, 1, 0 };
	struct ebt_model_buffers b = { .counters = c,
				       .ncpu = 4,
				       .ring_used = 1 << 20,
				       .ring_size = 8 << 20,
				       .scratch_bytes = 8192,
				       .kernel_bytes = 9 << 20,
				       .received = received,
				       .gaps = gaps };

	ebt_model_buffers(model, &b, now_ns);
}

static void line_with(const char *frame, const char *part)
{
	if (!strstr(frame, part))
		fail_msg("'%s' is not in:\n%s", part, frame);
}

static void a_frame(void **state)
{
	_cleanup_buf_ struct ebt_buf out = { 0 };
	struct ebt_model *model = model_new(4);
	struct ebt_batch_options o = { .sort = EBT_COL_COUNT };

	ebt_model_set_user(model, 1000, "kim");
	feed(model, 10, 1 * S, BYTES("/bin/ls"), BYTES("ls\0-l\0"));
	feed_exit(model, 10, 1 * S, 1 * S + 5000000, 0);
	feed(model, 11, 1 * S + 1000, BYTES("/bin/ls"), BYTES("ls\0my dir\0"));
	feed_exit(model, 11, 1 * S + 1000, 1 * S + 9000000, 2 << 8);
	feed(model, 12, 1 * S + 2000, BYTES("/bin/cat"), BYTES("cat\0"));
	feed_exit(model, 12, 1 * S + 2000, 1 * S + 7000000, SIGSEGV | 0x80);
	feed(model, 13, 1 * S + 3000, BYTES("/bin/sleep"),
	     BYTES("sleep\0"
		   "9\0"));
	buffers(model, 2 * S);
	ebt_model_tick(model, 2 * S);
	assert_int_equal(ebt_batch_frame(&out, model, &o, 2 * S), 0);

	line_with(out.data, "execbig-top 09:15:04  execs 4 (");
	line_with(out.data, "  failures 2 (");
	line_with(out.data, "  running 1\n");
	line_with(out.data, "lost 3 (ring full 2, busy 1)  cut 1  ring 1.0M of 8.0M (12%, peak ");
	line_with(out.data, "seen = filtered + delivered + lost: holds on every CPU  "
			    "scratch 8.0K  kernel 9.0M\n");
	line_with(out.data, " CPU EVENTS EVT/s BYTES   B/s  HIGH      FILTER L-RING L-BUSY   CUT"
			    "    RUN ACCT\n");
	line_with(out.data, "\n   0     10 ");
	line_with(out.data, "  2.0K  25%      1      2      0     0 2.00us ok\n");
	line_with(out.data, "\n   2      5 ");
	line_with(out.data, "\n all     15 ");
	line_with(out.data, "(2 CPUs without events)\n");
	line_with(out.data, "3 of 3 groups by exe, sorted by count\n");
	line_with(out.data, "09:15:03 /bin/ls\n");
	line_with(out.data, "latest 4 of 4 execs\n");
	line_with(out.data, "09:15:03.000      11       1 kim      2       8.99ms ls 'my dir'\n");
	line_with(out.data, "09:15:03.000      12       1 kim      SEGV*   6.99ms cat\n");
	line_with(out.data, "09:15:03.000      13       1 kim      -        999ms sleep 9\n");
	/* The group with the most execs is first. */
	assert_true(strstr(out.data, "/bin/ls\n") < strstr(out.data, "/bin/cat\n"));
	assert_string_equal(out.data + out.len - 2, "\n\n");
	ebt_model_free(&model);
}

static void a_broken_accounting_is_said(void **state)
{
	_cleanup_buf_ struct ebt_buf out = { 0 };
	struct ebt_model *model = model_new(1);
	struct ebt_cpu_counters c = { .seen = 100, .delivered = 50, .runs = 100 };
	struct ebt_model_buffers b = { .counters = &c, .ncpu = 1, .ring_size = 4096 };

	for (int i = 1; i <= 5; i++)
		ebt_model_buffers(model, &b, i * S);
	assert_int_equal(ebt_batch_frame(&out, model, &(struct ebt_batch_options){ 0 }, 5 * S), 0);
	line_with(out.data, "lost: BROKEN");
	line_with(out.data, " BAD\n");
	ebt_model_free(&model);
}

static void an_empty_model(void **state)
{
	_cleanup_buf_ struct ebt_buf out = { 0 };
	struct ebt_model *model = model_new(1);

	assert_int_equal(ebt_batch_frame(&out, model, &(struct ebt_batch_options){ 0 }, 5 * S), 0);
	line_with(out.data, "execs 0 (0.0/s)");
	line_with(out.data, "0 of 0 groups");
	line_with(out.data, "latest 0 of 0 execs");
	ebt_model_free(&model);
}

/* Whatever is asked and whatever stands in the names: no line is too wide, no byte is unsafe. */
static void widths_and_hostile_bytes(void **state)
{
	static const struct ebt_bytes nasty[] = {
		BYTES("\x1b[2J\x1b]0;owned\a"),
		BYTES("\xe2\x80\xae\xe2\x80\x8b\xff\xfe\x9b"),
		BYTES("\xe6\x97\xa5\xe6\x9c\xac\xe6\x97\xa5\xe6\x9c\xac\xe6\x97\xa5\xe6\x9c\xac"
		      "\xe6\x97\xa5\xe6\x9c\xac\xe6\x97\xa5\xe6\x9c\xac\xe6\x97\xa5\xe6\x9c\xac"),
		BYTES("e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81 new\nline\ttab"),
		BYTES("a long name without any blank in it, or nearly, "
		      "/////////////////////////////"
		      "/////////////////////////////////////////////////////////////////////////"),
	};
	static const unsigned widths[] = { 1, 2, 3, 10, 40, 41, 79, 80, 81, 100, 132, 250, 0 };
	struct ebt_model *model = model_new(2);

	for (size_t i = 0; i < EBT_ARRAY_SIZE(nasty); i++)
		feed(model, 100 + i, (1 + i) * S, nasty[i], nasty[i]);
	ebt_model_set_user(model, 1000, "\x1b[31mlong user");
	buffers(model, 9 * S);
	ebt_model_tick(model, 9 * S);
	for (int by = 0; by < EBT_GROUP_BY_MAX; by++) {
		for (size_t w = 0; w < EBT_ARRAY_SIZE(widths); w++) {
			for (int ascii = 0; ascii < 2; ascii++) {
				_cleanup_buf_ struct ebt_buf out = { 0 };
				struct ebt_batch_options o = {
					.group_by = (enum ebt_group_by)by,
					.sort = (enum ebt_column)(w % EBT_COL_MAX),
					.width = widths[w],
					.ascii = ascii,
				};

				assert_int_equal(ebt_batch_frame(&out, model, &o, 9 * S), 0);
				for (char *p = out.data, *end; *p; p = end + 1) {
					struct ebt_bytes line;
					struct ebt_glyph g;
					size_t width = 0;

					end = strchr(p, '\n');
					assert_non_null(end);
					line = (struct ebt_bytes){ p, end - p };
					while (ebt_text_next(&line, o.ascii ? EBT_TEXT_ASCII : 0,
							     &g)) {
						assert_false(g.escaped);
						width += g.width;
					}
					if (o.width && width > o.width)
						fail_msg("%zu columns of %u: %.*s", width, o.width,
							 (int)(end - p), p);
					assert_true(end == p || end[-1] != ' ');
				}
			}
		}
	}
	ebt_model_free(&model);
}

static void what_is_cut_is_marked(void **state)
{
	_cleanup_buf_ struct ebt_buf out = { 0 };
	struct ebt_model *model = model_new(1);

	feed(model, 7, 1 * S, BYTES("/bin/0123456789012345678901234567890123456789"),
	     BYTES("0123456789012345678901234567890123456789\0"));
	/* 53 columns stand before the command */
	assert_int_equal(
		ebt_batch_frame(&out, model, &(struct ebt_batch_options){ .width = 63 }, 2 * S), 0);
	line_with(out.data, " 0123456...\n");
	ebt_buf_reset(&out);
	assert_int_equal(
		ebt_batch_frame(&out, model, &(struct ebt_batch_options){ .width = 93 }, 2 * S), 0);
	line_with(out.data, " 0123456789012345678901234567890123456789\n");
	ebt_buf_reset(&out);
	assert_int_equal(
		ebt_batch_frame(&out, model, &(struct ebt_batch_options){ .width = 92 }, 2 * S), 0);
	line_with(out.data, " 012345678901234567890123456789012345...\n");
	ebt_model_free(&model);
}

static void rows_are_limited(void **state)
{
	_cleanup_buf_ struct ebt_buf out = { 0 };
	struct ebt_model *model = model_new(1);
	struct ebt_batch_options o = { .group_by = EBT_GROUP_COMMAND, .groups = 3, .events = 2 };

	for (int i = 0; i < 50; i++) {
		char args[16];
		int len = snprintf(args, sizeof(args), "prog%d", i) + 1;

		feed(model, 100 + i, (1 + i) * S, BYTES("/bin/p"),
		     (struct ebt_bytes){ args, (size_t)len });
	}
	assert_int_equal(ebt_batch_frame(&out, model, &o, 60 * S), 0);
	line_with(out.data, "3 of 50 groups by command");
	line_with(out.data, "latest 2 of 50 execs");
	line_with(out.data, " prog49\n");
	line_with(out.data, " prog48\n");
	assert_true(strstr(out.data, " prog48\n") < strstr(out.data, " prog49\n"));
	ebt_buf_reset(&out);
	out.limit = 100;
	assert_int_equal(ebt_batch_frame(&out, model, &o, 60 * S), -ENOBUFS);
	ebt_model_free(&model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_frame),
		cmocka_unit_test(a_broken_accounting_is_said),
		cmocka_unit_test(an_empty_model),
		cmocka_unit_test(widths_and_hostile_bytes),
		cmocka_unit_test(what_is_cut_is_marked),
		cmocka_unit_test(rows_are_limited),
	};
	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
