/* SPDX-License-Identifier: BSD-3-Clause */
/* How large the parts of a recording are, what they begin with, and how many of them can be read.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "parts_place.h"
#include "recording/parts_names.h"

#define NAMES	    2000
#define NAME_BYTES  160
#define RECORDS	    600
#define RECORD_LEN  2000
#define BLOCK_HEADS 160 /* more than the headers of a block */

/* Random digits: a name that does not compress away. */
static void put_name(struct ebt_parts_writer *w, uint64_t number, uint32_t salt)
{
	char data[sizeof(number) + NAME_BYTES];
	struct ebt_frame f = { EBT_FRAME_CGROUP, data, sizeof(data) };
	uint32_t x = (uint32_t)number * 2654435761u + salt;

	memcpy(data, &number, sizeof(number));
	for (size_t i = sizeof(number); i < sizeof(data); i++) {
		x = x * 1664525 + 1013904223;
		data[i] = "0123456789abcdef"[x >> 28];
	}
	assert_int_equal(ebt_parts_writer_frame(w, &f, 0), 0);
}

static void put_record(struct ebt_parts_writer *w, uint32_t n)
{
	char data[RECORD_LEN];
	struct ebt_frame f = { EBT_FRAME_RECORD, data, sizeof(data) };
	uint32_t x = n * 2654435761u + 1;

	for (size_t i = 0; i < sizeof(data); i++) {
		x = x * 1664525 + 1013904223;
		data[i] = (char)(x >> 24);
	}
	assert_int_equal(ebt_parts_writer_frame(w, &f, 1000 + n), 0);
	assert_int_equal(ebt_parts_writer_flush(w), 0);
}

/* What is in one part alone. */
static void count_frames(const char *path, unsigned *names, unsigned *records, unsigned *ends)
{
	struct ebt_file_reader *r = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct ebt_frame f;

	*names = *records = *ends = 0;
	assert_true(fd >= 0);
	assert_int_equal(ebt_file_reader_new(&r, fd, ABI), 0);
	while (ebt_file_reader_next(r, &f) == 1) {
		*names += f.kind == EBT_FRAME_CGROUP;
		*records += f.kind == EBT_FRAME_RECORD;
		*ends += f.kind == EBT_FRAME_END;
	}
	ebt_file_reader_free(&r);
}

/* Names alone are more than the size: the size is that of what comes after them, so that every part
 * has its records, and as many parts as are kept are full. */
static void test_more_names_than_a_part(void **state)
{
	struct ebt_frame_end over = { 1000 + RECORDS, 0, 0 };
	struct ebt_frame end = { EBT_FRAME_END, (char *)&over, sizeof(over) };
	struct place *p = *state;
	struct ebt_parts_writer *w = open_writer(p, 3);
	unsigned names, records, ends, all = 0;
	struct stat st;

	/* Three times over, and in between by other names: as the parts of a recording that is
	 * copied begin. Each number has its last name, once. */
	for (uint32_t round = 0; round < 3; round++)
		for (uint64_t n = 0; n < NAMES; n++)
			put_name(w, 100 + n, round % 2);
	for (uint32_t n = 0; n < RECORDS; n++)
		put_record(w, n);
	assert_int_equal(ebt_parts_writer_frame(w, &end, over.mono_ns), 0);
	assert_int_equal(ebt_parts_writer_flush(w), 0);
	ebt_parts_writer_free(&w);
	assert_int_equal(access(p->name[3], F_OK), -1);
	for (unsigned i = 0; i < 3; i++) {
		count_frames(p->name[i], &names, &records, &ends);
		assert_int_equal(names, NAMES);
		assert_int_equal(ends, i == 0);
		assert_int_equal(stat(p->name[i], &st), 0);
		assert_true(st.st_size < 65536 + 2 * RECORD_LEN + NAMES * (NAME_BYTES + 16));
		/* Each block has its two headers beside the record. */
		if (i)
			assert_true((records + 1) * (RECORD_LEN + BLOCK_HEADS) >= 65536);
		assert_true(records > 0);
		all += records;
	}
	assert_true(all <= RECORDS);
}

/* The end of a recording whose last part is full is that part's, not a new one's. */
static void test_no_part_for_an_end(void **state)
{
	struct ebt_frame_end over = { 1000, 0, 0 };
	struct ebt_frame end = { EBT_FRAME_END, (char *)&over, sizeof(over) };
	struct place *p = *state;
	struct ebt_parts_writer *w = open_writer(p, 0);

	assert_int_equal(put(w, 0), 0);
	assert_int_equal(ebt_parts_writer_frame(w, &end, over.mono_ns), 0);
	assert_int_equal(ebt_parts_writer_flush(w), 0);
	ebt_parts_writer_free(&w);
	assert_int_equal(access(p->name[1], F_OK), -1);
}

/* A disk that is full before the first flush: the blocks that were written stay, under the name. */
static void test_full_before_the_first_flush(void **state)
{
	struct place *p = *state;
	struct ebt_parts_options o = { .path = p->path, .abi = ABI };
	struct rlimit limit, before;
	struct ebt_parts_writer *w = NULL;
	unsigned names, records, ends;
	char why[256];

	assert_int_equal(ebt_parts_writer_new(&w, &o, why, sizeof(why)), 0);
	assert_int_equal(put(w, 0), 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = (struct rlimit){ 2 * FRAME_BYTES, before.rlim_max };
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_equal(put(w, 1), -EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	ebt_parts_writer_keep(w);
	ebt_parts_writer_free(&w);
	count_frames(p->path, &names, &records, &ends);
	assert_int_equal(records, 1);
}

/* Where no block was written nothing takes the name. */
static void test_full_from_the_beginning(void **state)
{
	struct place *p = *state;
	struct ebt_parts_writer *w = open_writer(p, 0);

	ebt_parts_writer_keep(w);
	ebt_parts_writer_free(&w);
	assert_int_equal(access(p->path, F_OK), -1);
}

/* More names than are carried over: the oldest ones are left out. */
static void test_names_have_a_bound(void **state)
{
	struct ebt_parts_names names = { .limit = 1000 };
	struct ebt_file_reader *r = NULL;
	struct ebt_file_writer *w = NULL;
	uint8_t id[16] = { 0 };
	struct ebt_frame f;
	char data[16] = { 0 };
	int fd = memfd_create("part", MFD_CLOEXEC);
	uint64_t number = 0, first = 0, count = 0;

	assert_true(fd >= 0);
	f = (struct ebt_frame){ EBT_FRAME_USER, data, 7 }; /* no number: damaged */
	ebt_parts_names_add(&names, &f);
	for (f.len = sizeof(data); number < 100; number++) {
		memcpy(data, &number, sizeof(number));
		ebt_parts_names_add(&names, &f);
		assert_true(names.bytes <= 1000);
	}
	f.len = 2000;
	ebt_parts_names_add(&names, &f);
	assert_int_equal(
		ebt_file_writer_new(&w, fd,
				    &(struct ebt_file_options){
					    .abi = ABI, .part = 0, .id = id, .created_ns = 0 }),
		0);
	assert_int_equal(ebt_parts_names_write(&names, w), 0);
	assert_int_equal(ebt_file_writer_flush(w), 0);
	ebt_file_writer_free(&w);
	ebt_parts_names_deinit(&names);
	assert_int_equal(ebt_file_reader_new(&r, fd, ABI), 0);
	for (; ebt_file_reader_next(r, &f) == 1; count++) {
		memcpy(&number, f.data, sizeof(number));
		first = count ? first : number;
		assert_int_equal(number, first + count);
	}
	assert_int_equal(number, 99);
	assert_in_range(count, 3, 50);
	ebt_file_reader_free(&r);
}

/* In a child that may have only so many files open: its exit status says what came of reading. */
static int read_limited(const struct place *p, rlim_t now, rlim_t most)
{
	struct rlimit limit = { now, most };
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		struct ebt_parts_reader *r = NULL;
		char why[256] = "";
		int err;

		close_range(3, ~0u, 0);
		if (setrlimit(RLIMIT_NOFILE, &limit))
			_exit(77);
		err = ebt_parts_reader_new(&r, p->path, ABI, why, sizeof(why));
		if (err == -EMFILE && strstr(why, "its parts are too many for the 8 files that "
						  "may be open here; allow more (ulimit -n 1"))
			_exit(2);
		if (!err && ebt_parts_reader_reads(r, p->name[PARTS - 1], 1))
			_exit(0);
		fprintf(stderr, "%d %s\n", err, why);
		_exit(1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* More parts than files may be open: more are allowed as far as that goes; beyond it is said. */
static void test_more_parts_than_files(void **state)
{
	struct rlimit limit;
	struct place *p = *state;

	record(p, 0);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	if (limit.rlim_max < 100)
		skip();
	assert_int_equal(read_limited(p, 8, 100), 0);
	assert_int_equal(read_limited(p, 8, 8), 2);
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_more_names_than_a_part),	TEST(test_no_part_for_an_end),
		TEST(test_full_before_the_first_flush), TEST(test_full_from_the_beginning),
		TEST(test_names_have_a_bound),		TEST(test_more_parts_than_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
