/* SPDX-License-Identifier: BSD-3-Clause */
/* A recording in parts: rotation overwrites nothing that it does not know, and what is missing of
 * the parts is passed over and told. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#include <cmocka.h>

#include "parts_place.h"
#include "recording/file_format.h"

/* Whether the last frame of the last replay said that the recording goes on in another part. */
static bool last_continues;

/* The numbers of the frames that come, as text; what is missing in *damage. */
static const char *replay(const char *path, char out[64], struct ebt_file_damage *damage)
{
	struct ebt_parts_reader *r = NULL;
	struct ebt_frame f;
	char why[256];

	assert_int_equal(ebt_parts_reader_new(&r, path, ABI, why, sizeof(why)), 0);
	for (int round = 0; round < 2; round++) {
		size_t len = 0;

		out[0] = '\0';
		while (ebt_parts_reader_next(r, &f) == 1) {
			uint32_t n;

			last_continues = f.kind == EBT_FRAME_CONTINUES;
			if (last_continues)
				continue;
			memcpy(&n, f.data, sizeof(n));
			assert_true(len < 60);
			len += (size_t)snprintf(out + len, 64 - len, "%u ", n);
		}
		*damage = ebt_parts_reader_damage(r);
		ebt_parts_reader_rewind(r);
	}
	ebt_parts_reader_free(&r);
	return out;
}

static void write_text(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void assert_text(const char *path, const char *text)
{
	char got[64] = "";
	int fd = open(path, O_RDONLY);

	assert_true(fd >= 0);
	assert_int_equal(read(fd, got, sizeof(got) - 1), strlen(text));
	close(fd);
	assert_string_equal(got, text);
}

static void flip(const char *path, off_t at)
{
	int fd = open(path, O_RDWR);
	char c;

	assert_true(fd >= 0);
	assert_int_equal(pread(fd, &c, 1, at), 1);
	c = (char)~c;
	assert_int_equal(pwrite(fd, &c, 1, at), 1);
	close(fd);
}

static void test_all_parts(void **state)
{
	struct place *p = *state;
	struct ebt_file_damage d;
	struct stat st;
	char got[64];

	record(p, 0);
	for (unsigned i = 0; i < PARTS; i++) {
		assert_int_equal(stat(p->name[i], &st), 0);
		assert_int_equal(st.st_mode & 07777, 0600);
	}
	assert_string_equal(replay(p->path, got, &d), "0 1 2 3 4 5 ");
	assert_int_equal(d.bytes + d.parts, 0);
	assert_false(last_continues);
	/* One of them alone. */
	assert_string_equal(replay(p->name[3], got, &d), "2 ");
	assert_true(last_continues);
	assert_int_equal(d.bytes + d.parts, 0);
}

/* The time of a recording is that of all its parts. */
static void test_span(void **state)
{
	struct ebt_parts_reader *r = NULL;
	struct place *p = *state;
	uint64_t first = 1, last = 1;
	char why[256];

	record(p, 0);
	assert_int_equal(ebt_parts_reader_new(&r, p->path, ABI, why, sizeof(why)), 0);
	assert_true(ebt_parts_reader_span(r, &first, &last));
	assert_int_equal(first, 1000);
	assert_int_equal(last, 1000 + PARTS - 1);
	ebt_parts_reader_free(&r);
}

static void test_as_many_as_wanted(void **state)
{
	struct place *p = *state;
	struct ebt_file_damage d;
	char got[64];

	record(p, 3);
	assert_int_equal(access(p->name[3], F_OK), -1);
	assert_string_equal(replay(p->path, got, &d), "3 4 5 ");
	assert_int_equal(d.bytes + d.parts, 0);
	record(p, 1);
	assert_string_equal(replay(p->path, got, &d), "5 ");
}

/* What an earlier recording of that name has left goes up, its newest part too, and is not read as part
 * of this one. */
static void test_begun_anew(void **state)
{
	struct place *p = *state;
	struct ebt_parts_writer *w;
	struct ebt_file_damage d;
	char got[64];

	record(p, 0);
	w = open_writer(p, 0);
	assert_int_equal(put(w, 7), 0);
	assert_string_equal(replay(p->path, got, &d), "0 1 2 3 4 5 ");
	assert_int_equal(put(w, 8), 0);
	ebt_parts_writer_free(&w);
	assert_string_equal(replay(p->path, got, &d), "7 8 ");
	assert_string_equal(replay(p->name[2], got, &d), "5 ");
	assert_string_equal(replay(p->name[3], got, &d), "4 ");
	assert_string_equal(replay(p->name[7], got, &d), "0 ");
}

/* In a child: no name can be looked at any more, as where a system-call filter does not know the
 * call that the library takes for it. */
static void forbid_looking(void)
{
	static const unsigned calls[] = {
		__NR_newfstatat, __NR_faccessat, __NR_faccessat2, __NR_statx,
#ifdef __NR_stat
		__NR_stat,	 __NR_lstat,	 __NR_access,
#endif
	};
	enum { N = sizeof(calls) / sizeof(calls[0]) };
	struct sock_filter code[N + 3] = { BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						    offsetof(struct seccomp_data, nr)) };
	struct sock_fprog prog = { N + 3, code };

	for (unsigned i = 0; i < N; i++)
		code[1 + i] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, calls[i],
							   (unsigned char)(N - i), 0);
	code[N + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	code[N + 2] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, 2, &prog, 0, 0))
		_exit(77);
}

static void test_failed_lookup_overwrites_nothing(void **state)
{
	struct place *p = *state;
	struct ebt_parts_writer *w;
	struct ebt_file_damage d;
	char got[64], want[16];
	int status;
	pid_t pid;

	for (unsigned count = 0; count <= 2; count += 2) {
		record(p, 0);
		/* One more, whose rotation is to come. */
		w = open_writer(p, count);
		assert_int_equal(put(w, 9), 0);
		assert_int_equal(ebt_parts_writer_flush(w), 0);
		pid = fork();
		assert_true(pid >= 0);
		if (pid == 0) {
			forbid_looking();
			_exit(put(w, 10) == -EPERM ? 0 : 1);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		ebt_parts_writer_free(&w);
		if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
			skip();
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
		assert_string_equal(replay(p->path, got, &d), "9 ");
		for (unsigned i = 1; i < PARTS; i++) {
			/* With two of them the newest of before took the place of the second. */
			snprintf(want, sizeof(want), "%u ", PARTS - (i > 1 && count) - i);
			assert_string_equal(replay(p->name[i], got, &d), want);
		}
		forget(p);
	}
}

static void test_foreign_file_stays(void **state)
{
	struct place *p = *state;
	struct ebt_parts_writer *w = open_writer(p, 3);

	write_text(p->name[2], "a letter");
	assert_int_equal(put(w, 0), 0);
	assert_int_equal(put(w, 1), 0);
	assert_int_equal(put(w, 2), -EEXIST);
	ebt_parts_writer_free(&w);
	assert_text(p->name[2], "a letter");
	unlink(p->name[2]);
	assert_int_equal(symlink(p->path, p->name[2]), 0);
	w = open_writer(p, 3);
	assert_int_equal(put(w, 0), 0);
	assert_int_equal(put(w, 1), -ELOOP);
	ebt_parts_writer_free(&w);
}

static void test_missing_parts(void **state)
{
	struct place *p = *state;
	struct ebt_file_damage d;
	char got[64];

	record(p, 0);
	/* .5 0, .4 1, .3 2, .2 3, .1 4 */
	assert_int_equal(truncate(p->name[2], 0), 0);
	assert_string_equal(replay(p->path, got, &d), "0 1 2 4 5 ");
	assert_int_equal(d.parts, 1);
	assert_int_equal(d.bytes, 0);
	write_text(p->name[3], "not a recording");
	assert_string_equal(replay(p->path, got, &d), "0 1 4 5 ");
	assert_int_equal(d.parts, 2);
	/* The oldest ones are not missed: rotation takes them. */
	assert_int_equal(unlink(p->name[5]), 0);
	assert_string_equal(replay(p->path, got, &d), "1 4 5 ");
	assert_int_equal(d.parts, 2);
}

/* A part whose header is damaged has its place still; so has a newest part. */
static void test_damaged_headers(void **state)
{
	struct place *p = *state;
	struct ebt_file_damage d;
	char got[64];

	record(p, 0);
	flip(p->name[3], offsetof(struct ebt_file_hdr, id));
	assert_string_equal(replay(p->path, got, &d), "0 1 2 3 4 5 ");
	assert_int_equal(d.parts, 0);
	assert_int_equal(d.bytes, sizeof(struct ebt_file_hdr));
	flip(p->name[0], offsetof(struct ebt_file_hdr, part));
	assert_string_equal(replay(p->path, got, &d), "0 1 2 3 4 5 ");
	assert_int_equal(d.parts, 0);
	assert_int_equal(d.bytes, 2 * sizeof(struct ebt_file_hdr));
	/* Cut in the middle of the recording: the rest goes on. */
	assert_int_equal(truncate(p->name[2], 1000), 0);
	assert_string_equal(replay(p->path, got, &d), "0 1 2 4 5 ");
	assert_int_equal(d.bytes, 2 * sizeof(struct ebt_file_hdr) + 1000 - 64);
	assert_false(d.tail);
}

static int second_writer(const char *path, unsigned count, char *why, size_t why_len)
{
	struct ebt_parts_options o = {
		.path = path, .rotate_bytes = 65536, .count = count, .abi = ABI
	};
	struct ebt_parts_writer *w = NULL;
	int err = ebt_parts_writer_new(&w, &o, why, why_len);

	ebt_parts_writer_free(&w);
	return err;
}

/* A part that is being written is nobody else's to begin anew: the first one, one that came with a
 * rotation, and one that would have to go for another recording's rotation. */
static void test_written_by_another(void **state)
{
	struct place *p = *state;
	struct ebt_parts_writer *w = open_writer(p, 0), *other;
	struct ebt_parts_options o = {
		.path = p->path, .rotate_bytes = 65536, .count = 2, .abi = ABI
	};
	struct ebt_file_damage d;
	char got[64], why[256] = "";

	assert_int_equal(put(w, 0), 0);
	assert_int_equal(second_writer(p->path, 0, why, sizeof(why)), -EBUSY);
	assert_non_null(strstr(why, "it is being written by another process"));
	assert_int_equal(put(w, 1), 0);
	assert_int_equal(put(w, 2), 0);
	assert_int_equal(second_writer(p->path, 0, why, sizeof(why)), -EBUSY);
	ebt_parts_writer_free(&w);
	assert_string_equal(replay(p->path, got, &d), "0 1 2 ");
	assert_int_equal(second_writer(p->path, 0, why, sizeof(why)), 0);

	o.path = p->name[1];
	assert_int_equal(ebt_parts_writer_new(&other, &o, why, sizeof(why)), 0);
	o.path = p->path;
	w = open_writer(p, 2);
	assert_int_equal(put(w, 3), 0);
	assert_int_equal(put(w, 4), -EBUSY);
	ebt_parts_writer_free(&w);
	ebt_parts_writer_free(&other);
}

/* What a reader has open is known under any name; so is what a rotation would move. */
static void test_what_is_read(void **state)
{
	struct place *p = *state;
	struct ebt_parts_reader *r = NULL;
	char link_name[96], hard_name[96], why[256];

	snprintf(link_name, sizeof(link_name), "%s/link", p->dir);
	snprintf(hard_name, sizeof(hard_name), "%s/hard", p->dir);
	record(p, 0);
	assert_int_equal(symlink(p->name[2], link_name), 0);
	assert_int_equal(link(p->name[3], hard_name), 0);
	assert_int_equal(ebt_parts_reader_new(&r, p->name[2], ABI, why, sizeof(why)), 0);
	assert_true(ebt_parts_reader_reads(r, p->name[2], 1));
	assert_true(ebt_parts_reader_reads(r, link_name, 1));
	assert_false(ebt_parts_reader_reads(r, hard_name, 1)); /* read by itself */
	assert_false(ebt_parts_reader_reads(r, p->path, 1));
	assert_false(ebt_parts_reader_reads(r, p->path, 2));
	assert_true(ebt_parts_reader_reads(r, p->path, 3));
	ebt_parts_reader_free(&r);
	assert_int_equal(ebt_parts_reader_new(&r, p->path, ABI, why, sizeof(why)), 0);
	assert_true(ebt_parts_reader_reads(r, hard_name, 1));
	assert_true(ebt_parts_reader_reads(r, p->name[PARTS - 1], 1));
	assert_false(ebt_parts_reader_reads(r, p->name[PARTS], 9));
	ebt_parts_reader_free(&r);
	unlink(link_name);
	unlink(hard_name);
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_all_parts),
		TEST(test_span),
		TEST(test_as_many_as_wanted),
		TEST(test_begun_anew),
		TEST(test_failed_lookup_overwrites_nothing),
		TEST(test_foreign_file_stays),
		TEST(test_missing_parts),
		TEST(test_damaged_headers),
		TEST(test_written_by_another),
		TEST(test_what_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
