/* SPDX-License-Identifier: BSD-3-Clause */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"
#include "homeostasis/profile_dir.h"
#include "homeostasis/profile_file.h"
#include "homeostasis/trace_replay.h"

#define LOGIN "tests/data/syscall-traces/login-normal.txt.gz"
#define BAD   "tests/data/syscall-traces/login-recovered.txt.gz"

static struct ebt_ph_set *trained(int normal)
{
	struct ebt_ph_set *set = NULL;
	struct ebt_replay r;
	char why[256];

	assert_int_equal(ebt_ph_set_new(&set), 0);
	ebt_replay_begin(&r, set, 0);
	assert_int_equal(ebt_replay_file(&r, LOGIN, why, sizeof(why)), 0);
	ebt_replay_free(&r);
	if (normal)
		ebt_ph_start_normal(&set->profile, 12345);
	set->profile.key = (struct ebt_ph_key){ 0x123456789abcdef0, 0x800001, 77 };
	strcpy(set->path, "/usr/bin/login");
	return set;
}

static uint64_t anomalous(struct ebt_ph_set *set)
{
	struct ebt_replay r;
	char why[256];
	uint64_t n;

	ebt_replay_begin(&r, set, 1);
	assert_int_equal(ebt_replay_file(&r, BAD, why, sizeof(why)), 0);
	n = r.anomalous;
	ebt_replay_free(&r);
	return n;
}

static void same(struct ebt_ph_set *a, struct ebt_ph_set *b)
{
	struct ebt_ph_stats sa, sb;

	ebt_ph_set_stats(a, &sa);
	ebt_ph_set_stats(b, &sb);
	assert_memory_equal(&sa, &sb, sizeof(sa));
	assert_memory_equal(&a->profile.key, &b->profile.key, sizeof(a->profile.key));
	assert_int_equal(a->profile.state, b->profile.state);
	assert_int_equal(a->profile.train_count, b->profile.train_count);
	assert_int_equal(a->profile.mod_at, b->profile.mod_at);
	assert_int_equal(a->profile.normal_at_ns, b->profile.normal_at_ns);
	assert_int_equal(a->profile.changed_ns, b->profile.changed_ns);
	assert_string_equal(a->path, b->path);
}

/* Only a row whose two tables are the same may say so. */
static void honest(struct ebt_ph_set *set, uint32_t wanted)
{
	uint32_t alike = 0;

	for (uint32_t col = 0; col < EBT_PH_COLS; col++) {
		const struct ebt_ph_row *row = set->rows[col];

		if (row && row->same)
			assert_memory_equal(row->a, row->b, sizeof(row->a));
		alike += row && row->same;
	}
	assert_int_equal(alike, wanted);
}

static void test_round_trip(void **state)
{
	for (int normal = 0; normal < 2; normal++) {
		struct ebt_ph_set *set = trained(normal), *back = NULL;
		_cleanup_buf_ struct ebt_buf first = { 0 }, second = { 0 };
		const char *why;

		assert_int_equal(ebt_ph_encode(set, &first), 0);
		assert_true(first.len < 4096 + 619 * 8);
		assert_int_equal(ebt_ph_decode(&back, first.data, first.len, &why), 0);
		same(set, back);
		honest(back, normal ? 46 : 1); /* the first call: no pairs */
		assert_int_equal(ebt_ph_encode(back, &second), 0);
		assert_int_equal(first.len, second.len);
		assert_memory_equal(first.data, second.data, first.len);
		assert_int_equal(anomalous(set), 296);
		assert_int_equal(anomalous(back), 296);
		ebt_ph_set_free(&set);
		ebt_ph_set_free(&back);
	}
}

/* The bytes are the same on every machine: what the header comment says. */
static void test_layout(void **state)
{
	struct ebt_ph_set *set = NULL;
	_cleanup_buf_ struct ebt_buf file = { 0 };
	struct ebt_ph_config cfg;
	struct ebt_ph_task task = { 0 };
	const unsigned char *p;

	assert_int_equal(ebt_ph_set_new(&set), 0);
	ebt_ph_config_default(&cfg);
	ebt_ph_set_call(set, &task, 0x102, &cfg);
	ebt_ph_set_call(set, &task, 3, &cfg);
	set->profile.key.ino = 0x1122;
	strcpy(set->path, "/x");
	assert_int_equal(ebt_ph_encode(set, &file), 0);
	p = (const unsigned char *)file.data;
	assert_memory_equal(p, "EBTPH\r\n\x1a\1\0\0\0\0\0\0\0", 16);
	assert_int_equal(p[16] | p[17] << 8, file.len);
	assert_memory_equal(p + 32, "\x22\x11\0\0\0\0\0\0", 8);
	assert_memory_equal(p + 48, "\2\0\0\0\0\0\0\0", 8); /* train_count */
	p += 32 + 16 + 64 + 8;
	assert_memory_equal(p, "\2\0\0\0\2\0\0\0/x", 10);
	/* 3 after 0x102 at distance 1; 0x102 without pairs. */
	assert_memory_equal(p + 10, "\3\0\1\0\x02\x01\1\0\x02\x01\0\0", 12);
	assert_int_equal(file.len, 32 + 16 + 64 + 16 + 2 + 12);
	ebt_ph_set_free(&set);
}

/* Every single byte changed, every length cut: refused, and nothing read out of bounds (ASan). */
static void test_damage(void **state)
{
	struct ebt_ph_set *set = trained(1), *back = NULL;
	_cleanup_buf_ struct ebt_buf file = { 0 };
	const char *why;

	assert_int_equal(ebt_ph_encode(set, &file), 0);
	for (size_t i = 0; i < file.len; i++) {
		file.data[i] ^= 0x41;
		assert_int_equal(ebt_ph_decode(&back, file.data, file.len, &why), -EBADMSG);
		file.data[i] ^= 0x41;
	}
	for (size_t len = 0; len < file.len; len += 7) {
		char *copy = malloc(len + 1);

		memcpy(copy, file.data, len);
		assert_int_equal(ebt_ph_decode(&back, copy, len, &why), -EBADMSG);
		free(copy);
	}
	ebt_ph_set_free(&set);
}

static int take(struct ebt_ph_set *set, void *arg)
{
	ebt_ph_set_free(&set);
	++*(int *)arg;
	return 0;
}

static void keep_log(enum ebt_log_level level, const char *text, void *arg)
{
	snprintf(arg, 512, "%s", text);
}

static void keep_all(enum ebt_log_level level, const char *text, void *arg)
{
	size_t len = strlen(arg);

	snprintf((char *)arg + len, 2048 - len, "%s\n", text);
}

/* What is no file of ours is set aside and named, and the others are read. */
static void test_unreadable(void **state)
{
	char path[] = "/tmp/ebt-ph-XXXXXX", name[EBT_PH_NAME_LEN], said[2048] = "";
	static const char *const odd[] = { "link.ph", "directory.ph", "fifo.ph", "socket.ph" };
	struct ebt_ph_set *set = trained(0);
	char aside[64];
	int dir, taken = 0;

	assert_non_null(mkdtemp(path));
	dir = open(path, O_RDONLY | O_DIRECTORY);
	assert_int_equal(ebt_ph_save(dir, ebt_ph_file_name(name, &set->profile.key), set), 0);
	assert_int_equal(symlinkat(name, dir, "link.ph"), 0);
	assert_int_equal(mkdirat(dir, "directory.ph", 0700), 0);
	assert_int_equal(mkfifoat(dir, "fifo.ph", 0600), 0);
	assert_int_equal(mknodat(dir, "socket.ph", S_IFSOCK | 0600, 0), 0);
	ebt_log_set(keep_all, said, EBT_LOG_WARN);
	assert_int_equal(ebt_ph_load_all(dir, take, &taken), 1);
	ebt_log_set(NULL, NULL, EBT_LOG_WARN);
	assert_int_equal(taken, 1);
	for (size_t i = 0; i < 4; i++) {
		snprintf(aside, sizeof(aside), "set aside as %s.broken", odd[i]);
		assert_non_null(strstr(said, aside));
		assert_int_equal(faccessat(dir, odd[i], F_OK, AT_SYMLINK_NOFOLLOW), -1);
		snprintf(aside, sizeof(aside), "%s.broken", odd[i]);
		assert_int_equal(unlinkat(dir, aside, i == 1 ? AT_REMOVEDIR : 0), 0);
	}
	assert_non_null(strstr(said, "cannot use the profile link.ph: it is a symbolic link"));
	unlinkat(dir, name, 0);
	close(dir);
	rmdir(path);
	ebt_ph_set_free(&set);
}

static void test_directory(void **state)
{
	char path[] = "/tmp/ebt-ph-XXXXXX", name[EBT_PH_NAME_LEN], said[512] = "";
	struct ebt_ph_set *set = trained(0);
	int dir, fd, taken = 0;

	assert_non_null(mkdtemp(path));
	dir = open(path, O_RDONLY | O_DIRECTORY);
	ebt_ph_file_name(name, &set->profile.key);
	assert_string_equal(name, "800001-123456789abcdef0-4d.ph");
	assert_int_equal(ebt_ph_save(dir, name, set), 0);
	assert_int_equal(ebt_ph_save(dir, name, set), 0);
	/* No file is put in the place of something else. */
	assert_int_equal(symlinkat("none", dir, "link"), 0);
	assert_int_equal(ebt_ph_save(dir, "link", set), -EEXIST);
	assert_int_equal(mkfifoat(dir, "fifo", 0600), 0);
	assert_int_equal(ebt_ph_save(dir, "fifo", set), -EEXIST);
	assert_int_equal(unlinkat(dir, "link", 0), 0);
	assert_int_equal(unlinkat(dir, "fifo", 0), 0);
	fd = openat(dir, "broken.ph", O_WRONLY | O_CREAT, 0600);
	assert_int_equal(write(fd, "EBTPH", 5), 5);
	close(fd);
	/* What a kill in the middle of a save leaves behind is not taken for a profile. */
	fd = openat(dir, "half.ph.new", O_WRONLY | O_CREAT, 0600);
	close(fd);
	ebt_log_set(keep_log, said, EBT_LOG_WARN);
	assert_int_equal(ebt_ph_load_all(dir, take, &taken), 1);
	ebt_log_set(NULL, NULL, EBT_LOG_WARN);
	assert_int_equal(taken, 1);
	assert_non_null(strstr(said, "set aside as broken.ph.broken"));
	assert_int_equal(faccessat(dir, "broken.ph.broken", F_OK, 0), 0);
	assert_int_equal(faccessat(dir, "broken.ph", F_OK, 0), -1);
	unlinkat(dir, "broken.ph.broken", 0);
	unlinkat(dir, "half.ph.new", 0);
	unlinkat(dir, name, 0);
	close(dir);
	rmdir(path);
	ebt_ph_set_free(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip), cmocka_unit_test(test_layout),
		cmocka_unit_test(test_damage),	   cmocka_unit_test(test_directory),
		cmocka_unit_test(test_unreadable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
