/* SPDX-License-Identifier: BSD-3-Clause */
/* Recording files: what is written is read; a cut costs what is behind it, damage what it touches.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "recording/file_format.h"

#define ABI    7u
#define BLOCKS 6
#define FRAMES 5 /* a block */

static const uint8_t id[16] = "0123456789abcde";

static int make_file(void)
{
	int fd = memfd_create("recording", MFD_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

static struct ebt_file_writer *new_writer(int fd, uint32_t part)
{
	struct ebt_file_options o = { .abi = ABI, .part = part, .id = id, .created_ns = 42 };
	struct ebt_file_writer *w = NULL;

	assert_int_equal(ebt_file_writer_new(&w, fd, &o), 0);
	return w;
}

/* The text of frame n: long enough to make blocks of unlike sizes, partly random. */
static size_t text_of(unsigned n, char out[256])
{
	size_t len = 20 + n * 37 % 200;
	uint32_t x = n * 2654435761u + 1;

	for (size_t i = 0; i < len; i++) {
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
		out[i] = (char)(n % 3 ? 'a' + x % 3 : (int)(x & 0xff));
	}
	return len;
}

static void write_frames(struct ebt_file_writer *w, unsigned from, unsigned count)
{
	char text[256];

	for (unsigned i = from; i < from + count; i++) {
		struct ebt_frame f = { EBT_FRAME_RECORD, text, text_of(i, text) };

		assert_int_equal(ebt_file_writer_frame(w, &f, 1000 + i), 0);
	}
}

/* BLOCKS blocks of FRAMES frames; ends[i]: the file's length with i blocks. */
static int sample(uint64_t ends[BLOCKS + 1])
{
	struct ebt_file_writer *w;
	int fd = make_file();

	w = new_writer(fd, 3);
	ends[0] = ebt_file_writer_bytes(w);
	for (unsigned b = 0; b < BLOCKS; b++) {
		write_frames(w, b * FRAMES, FRAMES);
		assert_true(ebt_file_writer_pending(w) > 0);
		assert_int_equal(ebt_file_writer_flush(w), 0);
		ends[b + 1] = ebt_file_writer_bytes(w);
	}
	ebt_file_writer_free(&w);
	return fd;
}

/* The number in the frame, by its text; FRAMES * BLOCKS when it is none of ours. */
static unsigned which(const struct ebt_frame *f)
{
	static char text[BLOCKS * FRAMES][256];
	static size_t len[BLOCKS * FRAMES]; /* made once: it is asked a million times */

	for (unsigned n = 0; n < BLOCKS * FRAMES; n++) {
		if (!len[n])
			len[n] = text_of(n, text[n]);
		if (f->kind == EBT_FRAME_RECORD && len[n] == f->len &&
		    memcmp(text[n], f->data, f->len) == 0)
			return n;
	}
	return BLOCKS * FRAMES;
}

static void test_round_trip(void **state)
{
	uint64_t ends[BLOCKS + 1], first, last;
	struct ebt_file_reader *r = NULL;
	struct ebt_frame f;

	assert_int_equal(ebt_file_reader_new(&r, sample(ends), ABI), 0);
	assert_int_equal(ebt_file_reader_header(r)->part, 3);
	assert_int_equal(ebt_file_reader_header(r)->created_ns, 42);
	assert_memory_equal(ebt_file_reader_header(r)->id, id, 16);
	assert_true(ebt_file_reader_span(r, &first, &last));
	assert_int_equal(first, 1000);
	assert_int_equal(last, 1000 + BLOCKS * FRAMES - 1);
	for (int round = 0; round < 2; round++) {
		for (unsigned n = 0; n < BLOCKS * FRAMES; n++) {
			assert_int_equal(ebt_file_reader_next(r, &f), 1);
			assert_int_equal((uintptr_t)f.data % 8, 0);
			assert_int_equal(which(&f), n);
		}
		assert_int_equal(ebt_file_reader_next(r, &f), 0);
		assert_int_equal(ebt_file_reader_offset(r), ebt_file_reader_size(r));
		ebt_file_reader_rewind(r);
	}
	assert_int_equal(ebt_file_reader_damage(r).bytes, 0);
	ebt_file_reader_free(&r);
}

static int copy_of(const char *data, size_t len)
{
	int fd = make_file();

	assert_int_equal(write(fd, data, len), len);
	return fd;
}

static char *contents(int fd, uint64_t len)
{
	char *data = malloc(len);

	assert_non_null(data);
	assert_int_equal(pread(fd, data, len, 0), len);
	close(fd);
	return data;
}

static void test_cut_at_every_byte(void **state)
{
	uint64_t ends[BLOCKS + 1];
	int whole = sample(ends);
	char *data = contents(whole, ends[BLOCKS]);

	for (uint64_t cut = 0; cut <= ends[BLOCKS]; cut++) {
		struct ebt_file_reader *r = NULL;
		unsigned blocks = 0, n = 0;
		struct ebt_frame f;
		int fd = copy_of(data, cut);
		int err = ebt_file_reader_new(&r, fd, ABI);

		if (cut < sizeof(struct ebt_file_hdr)) {
			assert_int_equal(err, cut ? -EBADMSG : -ENODATA);
			close(fd);
			continue;
		}
		assert_int_equal(err, 0);
		while (blocks < BLOCKS && ends[blocks + 1] <= cut)
			blocks++;
		while (ebt_file_reader_next(r, &f) == 1)
			assert_int_equal(which(&f), n++);
		assert_int_equal(n, blocks * FRAMES);
		assert_int_equal(ebt_file_reader_damage(r).bytes, cut - ends[blocks]);
		assert_int_equal(ebt_file_reader_damage(r).tail, cut != ends[blocks]);
		ebt_file_reader_free(&r);
	}
	free(data);
}

/* One bit wrong anywhere: exactly the block it is in is missing, the others are whole. */
static void test_every_bit_flipped(void **state)
{
	uint64_t ends[BLOCKS + 1];
	int whole = sample(ends);
	char *data = contents(whole, ends[BLOCKS]);

	for (uint64_t bit = 0; bit < ends[BLOCKS] * 8; bit++) {
		struct ebt_file_reader *r = NULL;
		unsigned hit = 0, n = 0, want = 0;
		struct ebt_frame f;
		int fd, err;

		data[bit / 8] = (char)(data[bit / 8] ^ (1 << bit % 8));
		fd = copy_of(data, ends[BLOCKS]);
		data[bit / 8] = (char)(data[bit / 8] ^ (1 << bit % 8));
		while (hit <= BLOCKS && bit / 8 >= ends[hit])
			hit++; /* 0: the file's header, else block hit - 1 */
		err = ebt_file_reader_new(&r, fd, ABI);
		assert_int_equal(err, 0);
		/* The header is known, from the file's beginning or from the first whole block. */
		assert_int_equal(ebt_file_reader_header(r)->part, 3);
		assert_int_equal(ebt_file_reader_header(r)->created_ns, 42);
		assert_memory_equal(ebt_file_reader_header(r)->id, id, 16);
		while (ebt_file_reader_next(r, &f) == 1) {
			want = n;
			if (hit > 0 && want >= (hit - 1) * FRAMES)
				want += FRAMES;
			assert_int_equal(which(&f), want);
			n++;
		}
		assert_int_equal(n, (BLOCKS - (hit > 0)) * FRAMES);
		assert_int_equal(ebt_file_reader_damage(r).places, 1);
		assert_int_equal(ebt_file_reader_damage(r).bytes,
				 hit ? ends[hit] - ends[hit - 1] : sizeof(struct ebt_file_hdr));
		ebt_file_reader_free(&r);
	}
	free(data);
}

/* The time it spans is known from the blocks that are whole. */
static void test_span_of_a_damaged_file(void **state)
{
	uint64_t ends[BLOCKS + 1], first, last;
	int whole = sample(ends);
	char *data = contents(whole, ends[BLOCKS]);

	for (unsigned hit = 0; hit < BLOCKS; hit++) {
		struct ebt_file_reader *r = NULL;

		data[ends[hit] + offsetof(struct ebt_block_hdr, first_ns)] ^= 1;
		assert_int_equal(ebt_file_reader_new(&r, copy_of(data, ends[BLOCKS]), ABI), 0);
		data[ends[hit] + offsetof(struct ebt_block_hdr, first_ns)] ^= 1;
		assert_true(ebt_file_reader_span(r, &first, &last));
		assert_int_equal(first, hit ? 1000 : 1000 + FRAMES);
		assert_int_equal(last, 1000 + (BLOCKS - (hit == BLOCKS - 1)) * FRAMES - 1);
		ebt_file_reader_free(&r);
	}
	free(data);
}

/* Anything at all: never an error other than those of opening, never a frame out of bounds (ASan
 * watches), always an end. */
static void test_garbage(void **state)
{
	uint64_t ends[BLOCKS + 1];
	int whole = sample(ends);
	char *data = contents(whole, ends[BLOCKS]), *copy = malloc(ends[BLOCKS]);
	uint32_t x = 12345;

	assert_non_null(copy);
	for (int round = 0; round < 3000; round++) {
		struct ebt_file_reader *r = NULL;
		struct ebt_frame f;
		int fd;

		memcpy(copy, data, ends[BLOCKS]);
		for (int i = 0; i < 1 + round % 9; i++) {
			x = x * 1664525 + 1013904223;
			copy[8 + x % (ends[BLOCKS] - 8)] = (char)(x >> 24);
		}
		fd = copy_of(copy, ends[BLOCKS]);
		if (ebt_file_reader_new(&r, fd, ABI)) {
			close(fd);
			continue;
		}
		while (ebt_file_reader_next(r, &f) == 1)
			assert_in_range(which(&f), 0, BLOCKS * FRAMES - 1);
		ebt_file_reader_free(&r);
	}
	free(data);
	free(copy);
}

static void write_header(int fd)
{
	struct ebt_file_hdr h = { .order = EBT_FILE_ORDER,
				  .version = EBT_FILE_VERSION,
				  .abi = ABI };

	memcpy(h.magic, EBT_FILE_MAGIC, sizeof(h.magic));
	h.sum = ebt_file_sum(&h, offsetof(struct ebt_file_hdr, sum));
	assert_int_equal(write(fd, &h, sizeof(h)), sizeof(h));
}

/* A block that somebody made with right checksums and wrong frames inside. */
static void test_forged_frames(void **state)
{
	static const uint32_t lens[] = { 1, 100, EBT_FRAME_MAX, EBT_FRAME_MAX + 1, 0xffffffff };

	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		struct ebt_frame_hdr hdr = { .len = lens[i], .kind = EBT_FRAME_NOTE };
		struct ebt_block_hdr b = { .stored_bytes = 16, .raw_bytes = 16 };
		struct ebt_file_reader *r = NULL;
		struct ebt_frame f;
		char raw[16] = { 0 };
		int fd = make_file();

		memcpy(raw, &hdr, sizeof(hdr));
		memcpy(b.magic, EBT_BLOCK_MAGIC, 8);
		b.stored_sum = ebt_file_sum(raw, sizeof(raw));
		b.sum = ebt_file_sum(&b, offsetof(struct ebt_block_hdr, sum));
		write_header(fd);
		assert_int_equal(write(fd, &b, sizeof(b)), sizeof(b));
		assert_int_equal(write(fd, raw, sizeof(raw)), sizeof(raw));
		assert_int_equal(ebt_file_reader_new(&r, fd, ABI), 0);
		assert_int_equal(ebt_file_reader_next(r, &f), lens[i] <= 8);
		assert_int_equal(ebt_file_reader_next(r, &f), 0);
		assert_int_equal(ebt_file_reader_damage(r).places, lens[i] > 8);
		ebt_file_reader_free(&r);
	}
}

static void test_other_files(void **state)
{
	uint64_t ends[BLOCKS + 1];
	struct ebt_file_reader *r = NULL;
	struct ebt_file_hdr h;
	int fd = sample(ends);

	/* Records of later versions cannot be read, and those of earlier versions can. */
	assert_int_equal(ebt_file_reader_new(&r, fd, ABI - 1), -EPROTONOSUPPORT);
	assert_int_equal(ebt_file_reader_new(&r, dup(fd), ABI + 1), 0);
	ebt_file_reader_free(&r);
	assert_int_equal(pread(fd, &h, sizeof(h), 0), sizeof(h));
	h.order = __builtin_bswap32(h.order);
	assert_int_equal(pwrite(fd, &h, sizeof(h), 0), sizeof(h));
	assert_int_equal(ebt_file_reader_new(&r, fd, ABI), -EPROTONOSUPPORT);
	close(fd);
	fd = copy_of("#!/bin/sh\nexit 0\n", 17);
	assert_int_equal(ebt_file_reader_new(&r, fd, ABI), -EBADMSG);
	close(fd);
}

/* A large frame makes a block of its own; a too large one is refused and leaves the rest whole. */
static void test_large_frames(void **state)
{
	struct ebt_file_writer *w = NULL;
	struct ebt_file_reader *r = NULL;
	struct ebt_frame f = { EBT_FRAME_NOTE, NULL, EBT_FRAME_MAX }, got;
	char *big = calloc(1, EBT_FRAME_MAX + 1);
	int fd = make_file();

	assert_non_null(big);
	f.data = big;
	big[EBT_FRAME_MAX - 1] = 'x';
	w = new_writer(fd, 0);
	write_frames(w, 0, 1);
	assert_int_equal(ebt_file_writer_frame(w, &f, 0), 0);
	f.len++;
	assert_int_equal(ebt_file_writer_frame(w, &f, 0), -EMSGSIZE);
	write_frames(w, 1, 1);
	assert_int_equal(ebt_file_writer_flush(w), 0);
	ebt_file_writer_free(&w);
	assert_int_equal(ebt_file_reader_new(&r, fd, ABI), 0);
	assert_int_equal(ebt_file_reader_next(r, &got), 1);
	assert_int_equal(which(&got), 0);
	assert_int_equal(ebt_file_reader_next(r, &got), 1);
	assert_int_equal(got.len, EBT_FRAME_MAX);
	assert_int_equal(got.data[EBT_FRAME_MAX - 1], 'x');
	assert_int_equal(ebt_file_reader_next(r, &got), 1);
	assert_int_equal(which(&got), 1);
	assert_int_equal(ebt_file_reader_next(r, &got), 0);
	ebt_file_reader_free(&r);
	free(big);
}

/* The file grows while it is read. */
static void test_follow(void **state)
{
	struct ebt_file_writer *w = NULL;
	struct ebt_file_reader *r = NULL;
	struct ebt_frame f;
	int fd = make_file();

	w = new_writer(fd, 0);
	for (unsigned n = 0; n < 3; n++) {
		write_frames(w, n, 1);
		assert_int_equal(ebt_file_writer_flush(w), 0);
		if (n == 0)
			assert_int_equal(ebt_file_reader_new(&r, dup(fd), ABI), 0);
		assert_int_equal(ebt_file_reader_next(r, &f), 1);
		assert_int_equal(which(&f), n);
		assert_int_equal(ebt_file_reader_next(r, &f), 0);
	}
	assert_int_equal(ebt_file_reader_damage(r).bytes, 0);
	ebt_file_reader_free(&r);
	ebt_file_writer_free(&w);
	close(fd);
}

/* A file that is replaced keeps its contents until the first block is written. */
static void test_replaced_by_the_first_block(void **state)
{
	struct ebt_file_options o = { .abi = ABI, .id = id, .replaces = true };
	struct ebt_file_writer *w = NULL;
	struct ebt_file_reader *r = NULL;
	uint64_t ends[BLOCKS + 1];
	int fd = sample(ends);
	struct ebt_frame f;

	assert_int_equal(ebt_file_writer_new(&w, fd, &o), 0);
	write_frames(w, 7, 1);
	assert_int_equal(lseek(fd, 0, SEEK_END), ends[BLOCKS]);
	assert_int_equal(ebt_file_writer_flush(w), 0);
	assert_int_equal(lseek(fd, 0, SEEK_END), ebt_file_writer_bytes(w));
	ebt_file_writer_free(&w);
	assert_int_equal(ebt_file_reader_new(&r, fd, ABI), 0);
	assert_int_equal(ebt_file_reader_next(r, &f), 1);
	assert_int_equal(which(&f), 7);
	assert_int_equal(ebt_file_reader_next(r, &f), 0);
	ebt_file_reader_free(&r);
}

/* A recording as it was written before blocks repeated the header: its blocks are read although its
 * header is damaged, the magic included. */
static void test_header_without_a_copy(void **state)
{
	struct ebt_frame_hdr note = { .len = 8, .kind = EBT_FRAME_NOTE };
	char raw[16] = { 0 };

	memcpy(raw, &note, sizeof(note));
	for (unsigned byte = 0; byte <= 8; byte += 8) {
		struct ebt_block_hdr b = { .stored_bytes = 16, .raw_bytes = 16, .frames = 1 };
		struct ebt_file_reader *r = NULL;
		struct ebt_frame f;
		int fd = make_file();

		memcpy(b.magic, EBT_BLOCK_MAGIC, 8);
		b.stored_sum = ebt_file_sum(raw, sizeof(raw));
		b.sum = ebt_file_sum(&b, offsetof(struct ebt_block_hdr, sum));
		write_header(fd);
		assert_int_equal(write(fd, &b, sizeof(b)), sizeof(b));
		assert_int_equal(write(fd, raw, sizeof(raw)), sizeof(raw));
		assert_int_equal(pwrite(fd, "?", 1, byte), 1);
		assert_int_equal(ebt_file_reader_new(&r, fd, ABI), 0);
		assert_int_equal(ebt_file_reader_header(r)->version, 0);
		assert_int_equal(ebt_file_reader_next(r, &f), 1);
		assert_int_equal(f.kind, EBT_FRAME_NOTE);
		assert_int_equal(ebt_file_reader_damage(r).bytes, sizeof(struct ebt_file_hdr));
		ebt_file_reader_free(&r);
	}
}

static void test_disk_full(void **state)
{
	struct ebt_file_writer *w;
	int fd = open("/dev/full", O_WRONLY);

	if (fd < 0)
		skip();
	w = new_writer(fd, 0);
	write_frames(w, 0, 1);
	assert_int_equal(ebt_file_writer_flush(w), -ENOSPC);
	ebt_file_writer_free(&w);
	close(fd);
}

static void test_fixed_part(void **state)
{
	struct ebt_frame_clock clock = { 1, 2 };
	char data[24] = { 0 };
	struct ebt_frame f = { EBT_FRAME_CLOCK, data, 8 };
	struct ebt_bytes rest;

	memset(data, 1, sizeof(data));
	rest = ebt_frame_fixed(&f, &clock, sizeof(clock));
	assert_int_equal(clock.mono_ns, 0x0101010101010101ull);
	assert_int_equal(clock.mono_to_real_ns, 0);
	assert_int_equal(rest.len, 0);
	f.len = 20;
	rest = ebt_frame_fixed(&f, &clock, sizeof(clock));
	assert_int_equal(rest.len, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_cut_at_every_byte),
		cmocka_unit_test(test_every_bit_flipped),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_forged_frames),
		cmocka_unit_test(test_other_files),
		cmocka_unit_test(test_large_frames),
		cmocka_unit_test(test_follow),
		cmocka_unit_test(test_replaced_by_the_first_block),
		cmocka_unit_test(test_header_without_a_copy),
		cmocka_unit_test(test_disk_full),
		cmocka_unit_test(test_fixed_part),
		cmocka_unit_test(test_span_of_a_damaged_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
