/* SPDX-License-Identifier: BSD-3-Clause */
/* Where parts end, which of them are kept, and what is written as it is: by time and on request, by age
 * and size, a device. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#include "parts_place.h"

static struct ebt_parts_writer *open_with(const struct ebt_parts_options *options)
{
	struct ebt_parts_writer *w = NULL;
	char why[256];

	assert_int_equal(ebt_parts_writer_new(&w, options, why, sizeof(why)), 0);
	return w;
}

/* A note of a few bytes at a time. */
static void put_at(struct ebt_parts_writer *w, uint64_t mono_ns)
{
	struct ebt_frame f = { EBT_FRAME_NOTE, (const char *)&mono_ns, sizeof(mono_ns) };

	assert_int_equal(ebt_parts_writer_frame(w, &f, mono_ns), 0);
}

/* The times of the notes in all parts, as text. */
static const char *times(const char *path, char out[64], struct ebt_file_damage *damage)
{
	struct ebt_parts_reader *r = NULL;
	struct ebt_frame f;
	char why[256];
	size_t len = 0;

	out[0] = '\0';
	assert_int_equal(ebt_parts_reader_new(&r, path, ABI, why, sizeof(why)), 0);
	while (ebt_parts_reader_next(r, &f) == 1) {
		uint64_t ns;

		if (f.kind != EBT_FRAME_NOTE)
			continue;
		memcpy(&ns, f.data, sizeof(ns));
		assert_true(len < 60);
		len += (size_t)snprintf(out + len, 64 - len, "%d ", (int)ns);
	}
	*damage = ebt_parts_reader_damage(r);
	ebt_parts_reader_free(&r);
	return out;
}

static void test_by_time(void **state)
{
	struct place *p = *state;
	struct ebt_parts_options o = { .path = p->path, .rotate_ns = 100, .abi = ABI };
	struct ebt_parts_writer *w = open_with(&o);
	struct ebt_file_damage d;
	char got[64];

	for (uint64_t ns = 1000; ns <= 1250; ns += 50)
		put_at(w, ns);
	assert_int_equal(ebt_parts_writer_flush(w), 0);
	ebt_parts_writer_free(&w);
	assert_string_equal(times(p->name[2], got, &d), "1000 1050 ");
	assert_string_equal(times(p->path, got, &d), "1000 1050 1100 1150 1200 1250 ");
	assert_int_equal(access(p->name[3], F_OK), -1);
}

/* Two requests with nothing between them make one part. */
static void test_on_call(void **state)
{
	struct place *p = *state;
	struct ebt_parts_options o = { .path = p->path, .rotate_on_call = true, .abi = ABI };
	struct ebt_parts_writer *w = open_with(&o);
	struct ebt_file_damage d;
	char got[64];

	put_at(w, 1);
	assert_int_equal(ebt_parts_writer_rotate(w), 0);
	assert_int_equal(ebt_parts_writer_rotate(w), 0);
	put_at(w, 2);
	assert_int_equal(ebt_parts_writer_flush(w), 0);
	ebt_parts_writer_free(&w);
	assert_string_equal(times(p->name[1], got, &d), "1 ");
	assert_string_equal(times(p->path, got, &d), "1 2 ");
	assert_int_equal(access(p->name[2], F_OK), -1);
}

/* Between which times events are missing is known from the parts beside them; a name that is missing
 * does not hide the parts behind it. */
static void test_missing_span(void **state)
{
	struct place *p = *state;
	struct ebt_parts_options o = { .path = p->path, .rotate_ns = 100, .abi = ABI };
	struct ebt_parts_writer *w = open_with(&o);
	struct ebt_file_damage d;
	char got[64];

	for (uint64_t ns = 1000; ns <= 1450; ns += 50)
		put_at(w, ns);
	assert_int_equal(ebt_parts_writer_flush(w), 0);
	ebt_parts_writer_free(&w);
	assert_int_equal(unlink(p->name[1]), 0);
	assert_int_equal(unlink(p->name[2]), 0);
	assert_string_equal(times(p->path, got, &d), "1000 1050 1100 1150 1400 1450 ");
	assert_int_equal(d.parts, 2);
	assert_int_equal(d.parts_from_ns, 1150);
	assert_int_equal(d.parts_to_ns, 1400);
}

static void make_old(const char *path, time_t seconds)
{
	struct timespec then[2] = { { .tv_sec = time(NULL) - seconds } };

	then[1] = then[0];
	assert_int_equal(utimensat(AT_FDCWD, path, then, 0), 0);
}

static void test_kept_by_age(void **state)
{
	struct place *p = *state;
	struct ebt_parts_options o = {
		.path = p->path, .rotate_ns = 100, .keep_ns = 3600000000000ull, .abi = ABI
	};
	struct ebt_parts_writer *w = open_with(&o);

	for (uint64_t ns = 1000; ns <= 1400; ns += 50)
		put_at(w, ns);
	assert_int_equal(ebt_parts_writer_flush(w), 0);
	assert_int_equal(access(p->name[4], F_OK), 0);
	make_old(p->name[4], 7200);
	make_old(p->name[3], 7200);
	make_old(p->name[1], 7200); /* what is before a newer one stays: parts go from the oldest */
	assert_int_equal(ebt_parts_writer_sync(w), 0);
	assert_int_equal(access(p->name[4], F_OK), -1);
	assert_int_equal(access(p->name[3], F_OK), -1);
	assert_int_equal(access(p->name[2], F_OK), 0);
	assert_int_equal(access(p->name[1], F_OK), 0);
	ebt_parts_writer_free(&w);
}

static void test_kept_by_size(void **state)
{
	struct place *p = *state;
	struct ebt_parts_options o = { .path = p->path,
				       .rotate_bytes = 65536,
				       .keep_bytes = 2 * FRAME_BYTES + 4096,
				       .abi = ABI };
	struct ebt_parts_writer *w = open_with(&o);

	for (uint32_t n = 0; n < PARTS; n++)
		assert_int_equal(put(w, n), 0);
	assert_int_equal(ebt_parts_writer_flush(w), 0);
	ebt_parts_writer_free(&w);
	assert_int_equal(access(p->name[2], F_OK), 0);
	assert_int_equal(access(p->name[3], F_OK), -1);
}

/* A file that somebody else put there is not removed, and neither is anything before it. */
static void test_kept_is_no_recording(void **state)
{
	struct place *p = *state;
	struct ebt_parts_options o = {
		.path = p->path, .rotate_ns = 100, .keep_ns = 1, .abi = ABI
	};
	FILE *letter = fopen(p->name[1], "w");
	struct ebt_parts_writer *w;

	assert_non_null(letter);
	fputs("a letter", letter);
	fclose(letter);
	make_old(p->name[1], 7200);
	w = open_with(&o);
	put_at(w, 1);
	assert_int_equal(ebt_parts_writer_flush(w), 0);
	assert_int_equal(ebt_parts_writer_sync(w), 0);
	ebt_parts_writer_free(&w);
	assert_int_equal(access(p->name[1], F_OK), 0);
}

/* A device is written to and stays what it is; parts of it are refused. */
static void test_device(void **state)
{
	struct ebt_parts_options o = { .path = "/dev/null", .abi = ABI };
	struct ebt_parts_writer *w = open_with(&o);
	char why[256] = "";
	struct stat st;

	put_at(w, 1);
	assert_int_equal(ebt_parts_writer_flush(w), 0);
	assert_int_equal(ebt_parts_writer_sync(w), 0);
	ebt_parts_writer_free(&w);
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
	o.rotate_bytes = 65536;
	assert_int_equal(ebt_parts_writer_new(&w, &o, why, sizeof(why)), -ENOTSUP);
	assert_non_null(strstr(why, "leave --rotate out"));
}

/* A descriptor is written to where it stands, and stays open. */
static void test_descriptor(void **state)
{
	struct place *p = *state;
	int fd = open(p->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	struct ebt_parts_options o = { .path = "-", .fd = fd, .abi = ABI };
	struct ebt_parts_writer *w;
	struct ebt_file_damage d;
	char got[64];

	assert_true(fd > 0);
	w = open_with(&o);
	put_at(w, 1);
	put_at(w, 2);
	assert_int_equal(ebt_parts_writer_flush(w), 0);
	ebt_parts_writer_free(&w);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	close(fd);
	assert_string_equal(times(p->path, got, &d), "1 2 ");
}

/* A writer that never had a block leaves nothing behind, and what was there as it was. */
static void test_nothing_written(void **state)
{
	struct place *p = *state;
	struct ebt_parts_options o = { .path = p->path, .abi = ABI };
	struct ebt_parts_writer *w = open_with(&o);

	ebt_parts_writer_free(&w);
	assert_int_equal(access(p->path, F_OK), -1);
	w = open_with(&o);
	put_at(w, 1);
	ebt_parts_writer_free(&w);
	assert_int_equal(access(p->path, F_OK), -1);
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_by_time),	TEST(test_on_call),	 TEST(test_missing_span),
		TEST(test_kept_by_age), TEST(test_kept_by_size), TEST(test_kept_is_no_recording),
		TEST(test_device),	TEST(test_descriptor),	 TEST(test_nothing_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
