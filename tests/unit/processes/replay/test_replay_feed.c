/* SPDX-License-Identifier: BSD-3-Clause */
/* Frames back into events: losses stand where they were noticed, once, also in a later part; what
 * is damaged or unknown is passed over. And the time of a replay: speed, pause, jumps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "processes/replay/replay_feed.h"
#include "processes/view/recorder_internal.h"
#include "processes/view/view.h"

#define SECOND 1000000000ull
#define FIRST  (100 * SECOND) /* time of the first record */
#define EXECS  60	      /* one a second */

struct heard {
	struct ebt_replay pb; /* of the tests of time */
	unsigned execs, lost, notes, statuses;
	uint64_t last_seq;
	char story[256]; /* "e1 e2 L0:ring:3 …" */
};

static void on_event(const struct ebt_event *ev, void *arg)
{
	struct heard *h = arg;
	char word[64] = "";

	if (ev->type == EBT_EVENT_EXEC) {
		h->execs++;
		h->last_seq = ev->seq;
		snprintf(word, sizeof(word), "e%u ", (unsigned)ev->seq);
	} else if (ev->type == EBT_EVENT_LOST) {
		h->lost += (unsigned)ev->lost.count;
		snprintf(word, sizeof(word), "L%u:%s:%u ", ev->cpu,
			 ev->lost.cause == EBT_LOST_RING ? "ring" : "busy",
			 (unsigned)ev->lost.count);
	} else if (ev->type == EBT_EVENT_NOTE) {
		h->notes++;
		snprintf(word, sizeof(word), "n:%.*s ", (int)ev->note.text.len, ev->note.text.data);
	}
	if (strlen(h->story) + strlen(word) < sizeof(h->story))
		strcat(h->story, word);
}

static void on_status(const struct ebt_player *p, void *arg)
{
	((struct heard *)arg)->statuses++;
}

static const struct ebt_player_ops ops = { .event = on_event, .status = on_status };

/* 8-byte aligned, as frames are. */
struct exec_frame {
	struct ebt_rec_exec rec;
	char args[16];
};

static struct exec_frame exec_frame(unsigned n)
{
	struct exec_frame f = { .rec = { .hdr = { .type = EBT_REC_EXEC,
						  .seq = n,
						  .mono_ns = FIRST + (n - 1) * SECOND,
						  .generation = 1 },
					 .pid = 1000 + n,
					 .ppid = 1,
					 .tid = 1000 + n,
					 .flags = EBT_EXEC_HAS_PARENT_COMM,
					 .start_ns = FIRST,
					 .args_bytes = 4 } };

	memcpy(f.rec.comm, "x", 2);
	memcpy(f.args, "x\0y", 4);
	f.rec.sect_len[EBT_SECT_ARGS] = 4;
	f.rec.hdr.size = sizeof(f.rec) + 4;
	return f;
}

static void play_exec(struct ebt_player *p, unsigned n)
{
	struct exec_frame f = exec_frame(n);
	struct ebt_frame frame = { EBT_FRAME_RECORD, (const char *)&f, f.rec.hdr.size };

	assert_int_equal(ebt_player_frame(p, &frame), 0);
}

static void play_start(struct ebt_player *p, uint32_t ncpu)
{
	struct ebt_frame_start start = { .mono_ns = FIRST, .ncpu = ncpu, .generation = 1 };
	struct ebt_frame frame = { EBT_FRAME_START, (const char *)&start, sizeof(start) };

	assert_int_equal(ebt_player_frame(p, &frame), 0);
}

/* Two CPUs. */
static void play_status(struct ebt_player *p, uint32_t flags, const uint64_t ring[2],
			const uint64_t busy[2])
{
	struct {
		struct ebt_frame_status head;
		uint64_t pairs[4];
		struct ebt_cpu_counters counters[2];
	} st = { .head = { .mono_ns = FIRST,
			   .taken_ns = FIRST,
			   .ncpu = 2,
			   .counters_bytes = sizeof(struct ebt_cpu_counters),
			   .flags = flags } };
	struct ebt_frame frame = { EBT_FRAME_STATUS, (const char *)&st, sizeof(st) };

	for (int i = 0; i < 2; i++) {
		st.counters[i].lost_ring = ring[i];
		st.counters[i].lost_busy = busy[i];
	}
	assert_int_equal(ebt_player_frame(p, &frame), 0);
}

static void test_losses_where_they_happened(void **state)
{
	struct heard h = { 0 };
	struct ebt_player p;

	ebt_player_init(&p, &ops, &h);
	play_start(&p, 2);
	play_exec(&p, 1);
	play_status(&p, 0, (uint64_t[]){ 0, 0 }, (uint64_t[]){ 0, 0 });
	play_exec(&p, 2);
	play_status(&p, 0, (uint64_t[]){ 3, 0 }, (uint64_t[]){ 0, 1 });
	play_status(&p, 0, (uint64_t[]){ 3, 0 }, (uint64_t[]){ 0, 1 });
	play_exec(&p, 3);
	play_status(&p, 0, (uint64_t[]){ 5, 0 }, (uint64_t[]){ 0, 1 });
	assert_string_equal(h.story, "e1 e2 L0:ring:3 L1:busy:1 e3 L0:ring:2 ");
	assert_int_equal(h.statuses, 4);
	ebt_player_deinit(&p);
}

/* A later part begins with the counters so far: what they count, earlier parts have told. */
static void test_base_of_a_part(void **state)
{
	struct heard h = { 0 };
	struct ebt_player p;

	ebt_player_init(&p, &ops, &h);
	play_start(&p, 2);
	play_status(&p, EBT_STATUS_BASE, (uint64_t[]){ 7, 0 }, (uint64_t[]){ 0, 2 });
	play_exec(&p, 1);
	play_status(&p, 0, (uint64_t[]){ 8, 0 }, (uint64_t[]){ 0, 2 });
	assert_string_equal(h.story, "e1 L0:ring:1 ");
	/* Read behind the part before it, a base says nothing new. */
	play_status(&p, EBT_STATUS_BASE, (uint64_t[]){ 8, 0 }, (uint64_t[]){ 0, 2 });
	assert_int_equal(h.lost, 1);
	/* From the beginning again: the same story. */
	h.story[0] = '\0';
	ebt_player_restart(&p);
	play_start(&p, 2);
	play_status(&p, EBT_STATUS_BASE, (uint64_t[]){ 7, 0 }, (uint64_t[]){ 0, 2 });
	play_exec(&p, 1);
	play_status(&p, 0, (uint64_t[]){ 8, 0 }, (uint64_t[]){ 0, 2 });
	assert_string_equal(h.story, "e1 L0:ring:1 ");
	ebt_player_deinit(&p);
}

static void test_damage(void **state)
{
	struct ebt_frame unknown = { 999, "12345678", 8 }, cut = { EBT_FRAME_STATUS, "1234", 4 };
	struct ebt_frame note = { EBT_FRAME_NOTE, "\0\0\0\0\0\0\0\0hello", 13 };
	struct heard h = { 0 };
	struct ebt_player p;

	ebt_player_init(&p, &ops, &h);
	/* No START: it was in the block that is damaged. */
	play_exec(&p, 1);
	assert_int_equal(ebt_player_frame(&p, &unknown), 0);
	assert_int_equal(ebt_player_frame(&p, &cut), 0);
	assert_int_equal(ebt_player_frame(&p, &note), 0);
	assert_string_equal(h.story, "e1 n:hello ");
	assert_int_equal(h.statuses, 0);
	/* Counters of another number of CPUs than there are. */
	play_status(&p, 0, (uint64_t[]){ 3, 0 }, (uint64_t[]){ 0, 1 });
	assert_int_equal(h.lost, 0);
	ebt_player_deinit(&p);
}

/* --- time --- */

static void write_recording(const char *path)
{
	struct ebt_parts_options o = { .path = path, .abi = EBT_ABI_VERSION };
	struct ebt_frame_start start = { .mono_ns = FIRST, .ncpu = 1, .generation = 1 };
	struct ebt_frame frame = { EBT_FRAME_START, (const char *)&start, sizeof(start) };
	struct ebt_parts_writer *w = NULL;
	char why[256];

	assert_int_equal(ebt_parts_writer_new(&w, &o, why, sizeof(why)), 0);
	assert_int_equal(ebt_parts_writer_frame(w, &frame, FIRST), 0);
	for (unsigned n = 1; n <= EXECS; n++) {
		struct exec_frame f = exec_frame(n);

		frame = (struct ebt_frame){ EBT_FRAME_RECORD, (const char *)&f, f.rec.hdr.size };
		assert_int_equal(ebt_parts_writer_frame(w, &frame, f.rec.hdr.mono_ns), 0);
	}
	assert_int_equal(ebt_parts_writer_flush(w), 0);
	ebt_parts_writer_free(&w);
}

static void open_playback(struct heard *h, struct ebt_view *v, const struct ebt_options *o,
			  uint32_t speed)
{
	char path[] = "/tmp/ebt-player-XXXXXX", why[256];
	struct ebt_model_options mo = { .history_bytes = EBT_HISTORY_MIN, .ncpu = 1 };
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	close(fd);
	write_recording(path);
	*v = (struct ebt_view){ .options = o, .signals = -1 };
	*h = (struct heard){ .pb = { .feed.view = v, .to_ns = UINT64_MAX, .speed = speed } };
	assert_int_equal(ebt_model_new(&v->model, &mo), 0);
	assert_int_equal(
		ebt_parts_reader_new(&h->pb.reader, path, EBT_ABI_VERSION, why, sizeof(why)), 0);
	unlink(path);
	ebt_player_init(&h->pb.player, &ops, h);
	h->pb.player.names = v->model;
	ebt_parts_reader_span(h->pb.reader, &h->pb.first_ns, &h->pb.last_ns);
	assert_int_equal(h->pb.first_ns, FIRST);
	assert_int_equal(h->pb.last_ns, FIRST + (EXECS - 1) * SECOND);
	h->pb.base_ns = FIRST;
	h->pb.base_wall_ns = ebt_mono_ns();
}

static void close_playback(struct heard *h, struct ebt_view *v)
{
	ebt_player_deinit(&h->pb.player);
	ebt_parts_reader_free(&h->pb.reader);
	ebt_model_free(&v->model);
}

static void test_as_fast_as_can_be(void **state)
{
	const struct ebt_options o = { 0 };
	struct ebt_view v;
	struct heard h;

	open_playback(&h, &v, &o, EBT_SPEED_MAX);
	ebt_replay_step(&h.pb, 10 * SECOND);
	assert_int_equal(h.execs, EXECS);
	assert_true(h.pb.at_end);
	assert_int_equal(ebt_replay_timeout_ms(&h.pb), -1);
	assert_int_equal(ebt_replay_now_ns(&h.pb), h.pb.last_ns);
	close_playback(&h, &v);
}

/* The test moves the wall clock by moving what the clock is compared with. */
static void test_in_time(void **state)
{
	const struct ebt_options o = { 0 };
	struct ebt_view v;
	struct heard h;
	int ms;

	open_playback(&h, &v, &o, 1);
	ebt_replay_step(&h.pb, SECOND);
	assert_in_range(h.execs, 1, 2); /* 2: the machine stood still for a second */
	ms = ebt_replay_timeout_ms(&h.pb);
	assert_in_range(ms, 0, 1001);
	h.pb.base_wall_ns -= 10 * SECOND;
	ebt_replay_step(&h.pb, SECOND);
	assert_in_range(h.execs, 11, 13);
	/* Twice as fast: ten seconds are twenty. */
	ebt_replay_speed(&h.pb, true);
	assert_int_equal(h.pb.speed, 2);
	h.pb.base_wall_ns -= 10 * SECOND;
	ebt_replay_step(&h.pb, SECOND);
	assert_in_range(h.execs, 31, 36);
	ebt_replay_speed(&h.pb, false);
	ebt_replay_speed(&h.pb, false);
	assert_int_equal(h.pb.speed, 1);
	for (int i = 0; i < 11; i++)
		ebt_replay_speed(&h.pb, true);
	assert_int_equal(h.pb.speed, EBT_SPEED_MAX);
	ebt_replay_speed(&h.pb, false);
	assert_int_equal(h.pb.speed, 1024);
	close_playback(&h, &v);
}

static void test_pause(void **state)
{
	const struct ebt_options o = { 0 };
	struct ebt_view v;
	struct heard h;
	unsigned execs;
	uint64_t at_ns;

	open_playback(&h, &v, &o, 1);
	ebt_replay_step(&h.pb, SECOND);
	execs = h.execs;
	h.pb.paused = true;
	at_ns = ebt_replay_now_ns(&h.pb);
	h.pb.base_wall_ns -= 30 * SECOND;
	ebt_replay_step(&h.pb, SECOND);
	assert_int_equal(h.execs, execs);
	assert_int_equal(ebt_replay_now_ns(&h.pb), at_ns);
	assert_int_equal(ebt_replay_timeout_ms(&h.pb), -1);
	/* What was paused through is not made up for. */
	h.pb.paused = false;
	ebt_replay_step(&h.pb, SECOND);
	assert_in_range(h.execs, execs, execs + 2);
	close_playback(&h, &v);
}

static void test_seek(void **state)
{
	const struct ebt_options o = { 0 };
	struct ebt_view v;
	struct heard h;

	open_playback(&h, &v, &o, 1);
	ebt_replay_seek(&h.pb, 30 * SECOND);
	ebt_replay_step(&h.pb, SECOND);
	assert_in_range(h.last_seq, 30, 33);
	assert_in_range(ebt_replay_now_ns(&h.pb), FIRST + 29 * SECOND, FIRST + 33 * SECOND);
	/* Back: everything before that place is played again, nothing behind it. */
	h.execs = 0;
	ebt_replay_seek(&h.pb, -(int64_t)(20 * SECOND));
	ebt_replay_step(&h.pb, SECOND);
	assert_in_range(h.last_seq, 10, 14);
	assert_int_equal(h.execs, h.last_seq);
	assert_int_equal(h.pb.speed, 1);
	/* Before the beginning is the beginning. */
	ebt_replay_seek(&h.pb, -(int64_t)(500 * SECOND));
	ebt_replay_step(&h.pb, SECOND);
	assert_in_range(h.last_seq, 1, 3);
	/* Behind the end is the end. */
	ebt_replay_seek(&h.pb, 500 * SECOND);
	ebt_replay_step(&h.pb, SECOND);
	assert_int_equal(h.last_seq, EXECS);
	assert_true(h.pb.at_end);
	close_playback(&h, &v);
}

/* The frames that the writer got, as numbers of execs; START is "s". */
static void written(int fd, char *out, size_t out_len)
{
	char data[65536] __attribute__((aligned(8)));
	ssize_t len = pread(fd, data, sizeof(data), 0);
	const char *at = data;
	struct ebt_frame f;
	size_t n = 0;

	assert_in_range(len, 1, sizeof(data) - 1);
	while (ebt_frame_next(&at, data + len, &f) == 1) {
		struct ebt_rec_hdr hdr = { 0 };

		if (f.kind == EBT_FRAME_RECORD)
			memcpy(&hdr, f.data, sizeof(hdr));
		assert_true(n + 8 < out_len);
		n += (size_t)snprintf(out + n, out_len - n,
				      f.kind == EBT_FRAME_START ? "s " : "%u ", (unsigned)hdr.seq);
	}
}

/* Whatever is jumped over or played twice: what -w, --sqlite and --metrics get is the recording,
 * once, in its order. */
static void test_seek_records_once(void **state)
{
	const struct ebt_options o = { 0 };
	char got[512], want[512] = "s ";
	int fd = memfd_create("frames", MFD_CLOEXEC);
	struct ebt_view v;
	struct heard h;

	assert_true(fd >= 0);
	open_playback(&h, &v, &o, 1);
	v.recorder = calloc(1, sizeof(*v.recorder));
	assert_non_null(v.recorder);
	*v.recorder = (struct ebt_recorder){ .to.fd = fd, .from = -1 };
	ebt_replay_seek(&h.pb, 30 * SECOND);
	ebt_replay_step(&h.pb, SECOND);
	ebt_replay_seek(&h.pb, -(int64_t)(20 * SECOND));
	ebt_replay_step(&h.pb, SECOND);
	ebt_replay_seek(&h.pb, 35 * SECOND);
	ebt_replay_step(&h.pb, SECOND);
	assert_in_range(h.last_seq, 45, 55);
	ebt_replay_seek(&h.pb, -(int64_t)(500 * SECOND));
	ebt_replay_seek(&h.pb, 500 * SECOND);
	ebt_replay_step(&h.pb, SECOND);
	assert_true(h.pb.at_end);
	ebt_replay_seek(&h.pb, -(int64_t)(10 * SECOND));
	ebt_replay_step(&h.pb, SECOND);
	ebt_recorder_pump(v.recorder);
	written(fd, got, sizeof(got));
	for (unsigned n = 1; n <= EXECS; n++)
		snprintf(want + strlen(want), sizeof(want) - strlen(want), "%u ", n);
	assert_string_equal(got, want);
	ebt_recorder_free(&v.recorder);
	close_playback(&h, &v);
}

/* --to ends it, when no record that is out of order can be from before. */
static void test_to(void **state)
{
	const struct ebt_options o = { 0 };
	struct ebt_view v;
	struct heard h;

	open_playback(&h, &v, &o, EBT_SPEED_MAX);
	h.pb.to_ns = FIRST + 10 * SECOND;
	ebt_replay_step(&h.pb, 10 * SECOND);
	assert_true(h.pb.at_end);
	assert_in_range(h.last_seq, 11, 14);
	close_playback(&h, &v);
}

/* The next event is centuries away, or a forged recording says so: the wait is one that poll takes,
 * and ends to ask again. */
static void test_far_away(void **state)
{
	static const uint64_t far_ns[] = { FIRST + 90 * 86400 * SECOND, UINT64_MAX / 2,
					   UINT64_MAX };
	const struct ebt_options o = { 0 };
	struct ebt_view v;
	struct heard h;

	open_playback(&h, &v, &o, 1);
	h.pb.have_next = true;
	for (size_t i = 0; i < sizeof(far_ns) / sizeof(far_ns[0]); i++) {
		struct ebt_frame_note note = { far_ns[i] };

		h.pb.next = (struct ebt_frame){ EBT_FRAME_NOTE, (char *)&note, sizeof(note) };
		assert_in_range(ebt_replay_timeout_ms(&h.pb), 1, 60000);
	}
	close_playback(&h, &v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_losses_where_they_happened),
		cmocka_unit_test(test_base_of_a_part),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_as_fast_as_can_be),
		cmocka_unit_test(test_in_time),
		cmocka_unit_test(test_pause),
		cmocka_unit_test(test_seek),
		cmocka_unit_test(test_seek_records_once),
		cmocka_unit_test(test_to),
		cmocka_unit_test(test_far_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
