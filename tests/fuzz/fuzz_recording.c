/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * fuzz_recording.c - libFuzzer target: a recording file, from bytes to what a replay prints and to
 * the exports.
 *
 * Checksums keep a fuzzer out, so the mutator works on three levels: on the file's bytes as they
 * are; on the bytes, with all checksums put right afterwards; and on the frames inside, which it
 * takes out, changes and writes as a new recording with the program's own writer.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/types.h>

#include "ebt_abi.h"
#include "export/compile_commands.h"
#include "export/perfetto.h"
#include "fuzz.h"
#include "recording/file_format.h"
#include "recording/player.h"
#include "sink/batch.h"
#include "sink/sink.h"

#define FRAMES_MAX (1u << 20) /* bytes of frames that the mutator takes from a recording */

static int memory_file(const void *data, size_t len)
{
	int fd = memfd_create("recording", MFD_CLOEXEC);

	require(fd >= 0 && (!len || pwrite(fd, data, len, 0) == (ssize_t)len));
	return fd;
}

/* --- mutator --- */

static void put(struct ebt_buf *frames, enum ebt_frame_kind kind, const void *data, size_t len)
{
	struct ebt_bytes piece = { data, len };

	require(ebt_frame_append(frames, kind, &piece, 1) == 0);
}

static void put_exec(struct ebt_buf *frames, unsigned n)
{
	static const char payload[] = "/usr/bin/gcc"
				      "gcc\0bin\0usr\0"
				      "src\0home\0"
				      "gcc\0-c\0a.c\0-o\0a.o\0";
	struct {
		struct ebt_rec_exec rec;
		char payload[sizeof(payload)];
	} e = { .rec = { .hdr = { .type = EBT_REC_EXEC, .seq = n, .mono_ns = 1000 + n },
			 .pid = 100 + n,
			 .ppid = 99 + n,
			 .tid = 100 + n,
			 .argc = 5,
			 .flags = EBT_EXEC_HAS_EXE | EBT_EXEC_HAS_CWD | EBT_EXEC_HAS_PARENT_COMM,
			 .start_ns = 900,
			 .args_bytes = 20 } };

	e.rec.sect_len[EBT_SECT_FILENAME] = 12;
	e.rec.sect_len[EBT_SECT_EXE] = 12;
	e.rec.sect_len[EBT_SECT_CWD] = 9;
	e.rec.sect_len[EBT_SECT_ARGS] = 20;
	memcpy(e.rec.comm, "gcc", 4);
	memcpy(e.payload, payload, sizeof(payload));
	e.rec.hdr.size = (uint32_t)(sizeof(e.rec) + 53);
	put(frames, EBT_FRAME_RECORD, &e, e.rec.hdr.size);
}

/* One of each kind, as a recording has them. */
static void sample(struct ebt_buf *frames)
{
	struct ebt_frame_clock clock = { 1, 1795252502000000000 };
	struct ebt_frame_start start = { .mono_ns = 1, .ncpu = 1, .generation = 1 };
	struct ebt_rec_exit ended = {
		.hdr = { .size = sizeof(ended), .type = EBT_REC_EXIT, .seq = 3, .mono_ns = 2000 },
		.pid = 101,
		.start_ns = 900
	};
	struct {
		struct ebt_frame_name head;
		char name[8];
	} name = { { 0 }, "root" };
	struct {
		struct ebt_frame_process head;
		char text[16];
	} process = { { .start_ns = 1, .pid = 1, .comm_len = 4 }, "initinit\0-x" };
	struct {
		struct ebt_frame_status head;
		uint64_t pair[2];
		struct ebt_cpu_counters counters;
	} status = { .head = { .mono_ns = 2100,
			       .taken_ns = 2100,
			       .ncpu = 1,
			       .counters_bytes = sizeof(struct ebt_cpu_counters) },
		     .counters = { .lost_ring = 2 } };
	struct ebt_frame_flush flush = { 2200, 0 };
	struct ebt_frame_end end = { 2300, EBT_END_SUMMARY, 0 };

	put(frames, EBT_FRAME_META, "host=a\0kernel=0", 16);
	put(frames, EBT_FRAME_CLOCK, &clock, sizeof(clock));
	put(frames, EBT_FRAME_START, &start, sizeof(start));
	put(frames, EBT_FRAME_USER, &name, sizeof(name));
	put(frames, EBT_FRAME_CGROUP, &name, sizeof(name));
	put(frames, EBT_FRAME_PROCESS, &process, sizeof(process));
	put_exec(frames, 1);
	put_exec(frames, 2);
	put(frames, EBT_FRAME_RECORD, &ended, sizeof(ended));
	put(frames, EBT_FRAME_STATUS, &status, sizeof(status));
	/* And a rate that no machine has. */
	status.head.taken_ns++;
	status.counters.bytes = UINT64_MAX;
	put(frames, EBT_FRAME_STATUS, &status, sizeof(status));
	put(frames, EBT_FRAME_NOTE, "\0\0\0\0\0\0\0\0note", 12);
	put(frames, EBT_FRAME_FLUSH, &flush, sizeof(flush));
	put(frames, EBT_FRAME_END, &end, sizeof(end));
}

static void take_frames(struct ebt_buf *frames, const uint8_t *data, size_t size)
{
	struct ebt_file_reader *r = NULL;
	struct ebt_frame f;
	int fd = memory_file(data, size);

	if (ebt_file_reader_new(&r, fd, EBT_ABI_VERSION)) {
		close(fd);
		return;
	}
	while (frames->len < FRAMES_MAX && ebt_file_reader_next(r, &f) == 1)
		put(frames, f.kind, f.data, f.len);
	ebt_file_reader_free(&r);
}

/* As many as fit into size bytes of a file; a block ends behind every frame whose turn it is. */
static size_t write_frames(const char *at, const char *end, unsigned every, uint8_t *out,
			   size_t max_size)
{
	static const uint8_t id[16] = "fuzz";
	struct ebt_file_writer *w = NULL;
	struct ebt_frame f;
	size_t size;
	int fd = memory_file(NULL, 0);

	require(ebt_file_writer_new(&w, fd,
				    &(struct ebt_file_options){ .abi = EBT_ABI_VERSION,
								.part = 0,
								.id = id,
								.created_ns = 1 }) == 0);
	for (unsigned n = 1; ebt_frame_next(&at, end, &f) == 1; n++) {
		if (ebt_file_writer_bytes(w) + ebt_file_writer_pending(w) + f.len + 200 > max_size)
			break;
		require(ebt_file_writer_frame(w, &f, ebt_player_time(&f)) == 0);
		if (n % every == 0)
			require(ebt_file_writer_flush(w) == 0);
	}
	require(ebt_file_writer_flush(w) == 0);
	size = ebt_file_writer_bytes(w);
	require(size <= max_size && pread(fd, out, size, 0) == (ssize_t)size);
	ebt_file_writer_free(&w);
	close(fd);
	return size;
}

/* The frames of the recording, one of them (or all as one text) changed. */
static size_t mutate_frames(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	struct ebt_buf frames = { 0 }, changed = { 0 };
	const char *at, *end;
	unsigned n = 0, which;
	struct ebt_frame f;
	char copy[4096];

	take_frames(&frames, data, size);
	if (!frames.len)
		sample(&frames);
	for (at = frames.data, end = at + frames.len; ebt_frame_next(&at, end, &f) == 1;)
		n++;
	which = seed / 8 % (n ? n : 1);
	for (at = frames.data, n = 0; ebt_frame_next(&at, end, &f) == 1; n++) {
		size_t len = f.len < sizeof(copy) ? f.len : sizeof(copy);
		unsigned kind = f.kind;

		memcpy(copy, f.data, len);
		if (n == which && seed % 8 == 7)
			continue; /* one is gone */
		if (n == which)
			len = LLVMFuzzerMutate((uint8_t *)copy, len, sizeof(copy));
		if (n == which && seed % 8 == 6)
			kind = copy[0] & 15;
		if (n == which && kind == EBT_FRAME_RECORD && len >= 4 && seed % 4)
			memcpy(copy, &(uint32_t){ (uint32_t)len }, 4); /* hdr.size */
		put(&changed, kind, copy, len);
		if (n == which && seed % 8 == 5)
			put(&changed, kind, copy, len); /* twice */
	}
	if (!changed.len)
		put(&changed, EBT_FRAME_NOTE, "", 0);
	size = write_frames(changed.data, changed.data + changed.len, 1 + seed / 64 % 8, data,
			    max_size);
	ebt_buf_free(&frames);
	ebt_buf_free(&changed);
	return size;
}

/* Right checksums over whatever stands there; lengths only where they point out of the file. */
static void fix_sums(uint8_t *data, size_t size)
{
	struct ebt_file_hdr h;
	struct ebt_block_hdr b;
	size_t at = sizeof(h);

	if (size < sizeof(h))
		return;
	memcpy(&h, data, sizeof(h));
	memcpy(h.magic, EBT_FILE_MAGIC, sizeof(h.magic));
	h.order = EBT_FILE_ORDER;
	h.version = EBT_FILE_VERSION;
	h.abi = EBT_ABI_VERSION;
	h.sum = ebt_file_sum(&h, offsetof(struct ebt_file_hdr, sum));
	memcpy(data, &h, sizeof(h));
	for (; size - at >= sizeof(b); at += sizeof(b) + b.stored_bytes) {
		uint8_t *stored = data + at + sizeof(b);

		memcpy(&b, data + at, sizeof(b));
		memcpy(b.magic, EBT_BLOCK_MAGIC, sizeof(b.magic));
		if (b.stored_bytes > size - at - sizeof(b))
			b.stored_bytes = (uint32_t)(size - at - sizeof(b));
		if (b.codec == EBT_CODEC_RAW)
			b.raw_bytes = b.stored_bytes;
		b.stored_sum = ebt_file_sum(stored, b.stored_bytes);
		b.sum = ebt_file_sum(&b, offsetof(struct ebt_block_hdr, sum));
		memcpy(data + at, &b, sizeof(b));
	}
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	unsigned how = seed % 8;

	if (max_size < 2048 || how > 2)
		return max_size < 256 ? LLVMFuzzerMutate(data, size, max_size)
				      : mutate_frames(data, size, max_size, seed / 8);
	size = LLVMFuzzerMutate(data, size, max_size);
	if (how > 0)
		fix_sums(data, size);
	return size;
}

/* --- target --- */

struct target {
	struct ebt_model *model;
	struct ebt_sink *sink;
	struct ebt_compile_db *db;
	struct ebt_trace *trace;
	struct ebt_player player;
	uint64_t lost;
};

static void no_words(const char *sentence, void *arg)
{
	(void)arg;
	require(*sentence != '\0');
}

static void on_event(const struct ebt_event *ev, void *arg)
{
	struct target *t = arg;

	if (ev->type == EBT_EVENT_EXEC)
		require(ev->exec.args_captured <= ev->exec.args_bytes);
	if (ev->type == EBT_EVENT_LOST) {
		require(ev->lost.count > 0 && ev->cpu < t->player.ncpu);
		t->lost += ev->lost.count;
	}
	ebt_model_event(t->model, ev);
	require(ebt_sink_event(t->sink, ev) == 0);
	if (t->trace)
		require(ebt_trace_event(t->trace, ev) == 0);
	if (t->db)
		require(ebt_compile_db_event(t->db, ev, no_words, NULL) == 0);
}

static void on_status(const struct ebt_player *p, void *arg)
{
	struct target *t = arg;

	require(p == &t->player && p->counters && p->received && p->gaps);
	ebt_player_give_buffers(p, t->model);
}

static const struct ebt_player_ops ops = { .event = on_event, .status = on_status };

static void check_place(const struct ebt_file_reader *r, size_t size)
{
	require(ebt_file_reader_offset(r) <= size &&
		ebt_file_reader_damage(r).bytes <= size + EBT_FILE_RAW_MAX);
}

/* Twice: a reader that was put back reads the same. */
static uint64_t play(struct ebt_file_reader *r, size_t size, struct target *t)
{
	uint64_t frames[2] = { 0 }, first, last;
	struct ebt_frame f;

	if (ebt_file_reader_span(r, &first, &last))
		require(first > 0);
	for (int round = 0; round < 2; round++) {
		while (ebt_file_reader_next(r, &f) == 1) {
			require((uintptr_t)f.data % 8 == 0 && f.len <= EBT_FRAME_MAX);
			frames[round]++;
			check_place(r, size);
			if (round)
				require(ebt_player_frame(&t->player, &f) == 0);
		}
		check_place(r, size);
		if (!round)
			ebt_file_reader_rewind(r);
	}
	require(frames[0] == frames[1]);
	return frames[0];
}

static void open_target(struct target *t, size_t size, int null)
{
	struct ebt_model_options mo = { .history_bytes = 1, .ncpu = 1 };
	struct ebt_sink_options so = { .fd = null, .header = true };
	struct ebt_trace_options to = { .fd = null };
	struct ebt_compile_options co = { 0 };

	require(ebt_model_new(&t->model, &mo) == 0);
	so.names = to.names = t->model;
	so.format = size % 5;
	require(ebt_sink_new(&t->sink, &so) == 0);
	if (size % 3 == 0)
		require(ebt_trace_new(&t->trace, &to) == 0);
	if (size % 3 == 1)
		require(ebt_compile_db_new(&t->db, &co) == 0);
	ebt_player_init(&t->player, &ops, t);
	t->player.names = t->model;
}

/* The accounts and rates of -b. */
static void batch_frame(struct target *t)
{
	struct ebt_batch_options bo = { .width = 80, .sort = EBT_COL_RATE };
	struct ebt_buf out = { 0 };

	ebt_model_tick(t->model, t->player.now_ns);
	require(ebt_batch_frame(&out, t->model, &bo, t->player.now_ns) == 0);
	ebt_buf_free(&out);
}

static void close_target(struct target *t, int null)
{
	if (t->player.decoder)
		ebt_player_flush(&t->player, t->player.now_ns, 0);
	if (t->trace)
		require(ebt_trace_finish(t->trace, t->player.now_ns, "still runs") == 0);
	if (t->db)
		require(ebt_compile_db_write(t->db, null) == 0);
	batch_frame(t);
	ebt_trace_free(&t->trace);
	ebt_compile_db_free(&t->db);
	ebt_sink_free(&t->sink);
	ebt_player_deinit(&t->player);
	ebt_model_free(&t->model);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memory_file(data, size), null = open("/dev/null", O_WRONLY | O_CLOEXEC), err;
	struct ebt_file_reader *r = NULL;
	struct target t = { 0 };

	require(null >= 0);
	err = ebt_file_reader_new(&r, fd, EBT_ABI_VERSION);
	if (err) {
		require(err == -EBADMSG || err == -EPROTONOSUPPORT || err == -ENODATA);
		close(fd);
	} else {
		open_target(&t, size, null);
		play(r, size, &t);
		close_target(&t, null);
		ebt_file_reader_free(&r);
	}
	close(null);
	return 0;
}
