/* SPDX-License-Identifier: BSD-3-Clause */
/* The published traces give the published figures (tests/data/syscall-traces/README.md; computed by
 * an independent script). */
#include <setjmp.h>
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "homeostasis/trace_file.h"
#include "homeostasis/trace_replay.h"

#define DATA "tests/data/syscall-traces/"

struct trained {
	const char *file;
	size_t traces;
	uint64_t calls;
	uint32_t distinct, pairs, bits;
	uint64_t new_calls, first_freeze;
};

struct tested {
	const char *normal, *file;
	uint64_t anomalous, missed;
	uint32_t max_lfc;
};

static void train(struct ebt_ph_set *set, const char *file, struct ebt_replay *r)
{
	char path[256], why[256] = "";
	int err;

	snprintf(path, sizeof(path), DATA "%s", file);
	ebt_replay_begin(r, set, 0);
	err = ebt_replay_file(r, path, why, sizeof(why));
	if (err)
		fail_msg("%s", why);
}

static void test_training(void **state)
{
	static const struct trained want[] = {
		{ "login-normal.txt.gz", 24, 8906, 46, 619, 1728, 401, 257 },
		{ "ps-normal.txt.gz", 19, 6144, 22, 249, 738, 191, 0 },
		{ "inetd-normal.txt.gz", 3, 541, 35, 325, 769, 139, 0 },
	};

	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		_cleanup_ph_set_ struct ebt_ph_set *set = NULL;
		struct ebt_ph_stats st;
		struct ebt_replay r;

		assert_int_equal(ebt_ph_set_new(&set), 0);
		train(set, want[i].file, &r);
		ebt_ph_set_stats(set, &st);
		assert_int_equal(r.n, want[i].traces);
		assert_int_equal(r.calls, want[i].calls);
		assert_int_equal(st.calls, want[i].calls);
		assert_int_equal(st.distinct, want[i].distinct);
		assert_int_equal(st.pairs_a, want[i].pairs);
		assert_int_equal(st.bits_a, want[i].bits);
		assert_int_equal(r.new_calls, want[i].new_calls);
		assert_int_equal(set->profile.sequences, want[i].new_calls);
		assert_int_equal(r.first_freeze, want[i].first_freeze);
		assert_int_equal(r.anomalous, 0);
		ebt_replay_free(&r);
	}
}

static void test_intrusions(void **state)
{
	static const struct tested want[] = {
		{ "login-normal.txt.gz", "login-homegrown.txt.gz", 58, 150, 32 },
		{ "login-normal.txt.gz", "login-recovered.txt.gz", 296, 862, 59 },
		{ "ps-normal.txt.gz", "ps-homegrown.txt.gz", 149, 319, 13 },
		{ "ps-normal.txt.gz", "ps-recovered.txt.gz", 146, 571, 14 },
		{ "inetd-normal.txt.gz", "inetd-intrusion.txt.gz", 357, 1865, 128 },
	};

	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		_cleanup_ph_set_ struct ebt_ph_set *set = NULL;
		char path[256], why[256];
		struct ebt_replay r;
		uint64_t sum = 0;

		assert_int_equal(ebt_ph_set_new(&set), 0);
		train(set, want[i].normal, &r);
		ebt_replay_free(&r);
		ebt_replay_begin(&r, set, 1);
		snprintf(path, sizeof(path), DATA "%s", want[i].file);
		assert_int_equal(ebt_replay_file(&r, path, why, sizeof(why)), 0);
		assert_int_equal(r.anomalous, want[i].anomalous);
		assert_int_equal(r.missed, want[i].missed);
		assert_int_equal(r.max_lfc, want[i].max_lfc);
		for (size_t t = 0; t < r.n; t++)
			sum += r.traces[t].anomalous;
		assert_int_equal(sum, want[i].anomalous);
		assert_int_equal(set->profile.anomalies, want[i].anomalous);
		ebt_replay_free(&r);
	}
}

/* What a profile was trained on is never an anomaly. */
static void test_self(void **state)
{
	_cleanup_ph_set_ struct ebt_ph_set *set = NULL;
	char why[256];
	struct ebt_replay r;

	assert_int_equal(ebt_ph_set_new(&set), 0);
	train(set, "login-normal.txt.gz", &r);
	ebt_replay_free(&r);
	ebt_replay_begin(&r, set, 1);
	assert_int_equal(ebt_replay_file(&r, DATA "login-normal.txt.gz", why, sizeof(why)), 0);
	assert_int_equal(r.anomalous, 0);
	assert_int_equal(r.new_calls, 0);
	ebt_replay_free(&r);
}

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void test_bad_lines(void **state)
{
	static const char *const bad[] = { "1 2 3\n",  "x 2\n",	 "1\n",
					   "1 1024\n", "1 -2\n", "99999999999 2\n" };
	char path[] = "/tmp/ebt-trace-XXXXXX", why[256];
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	close(fd);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		_cleanup_ph_set_ struct ebt_ph_set *set = NULL;
		struct ebt_replay r;

		assert_int_equal(ebt_ph_set_new(&set), 0);
		write_file(path, bad[i]);
		ebt_replay_begin(&r, set, 0);
		assert_int_equal(ebt_replay_file(&r, path, why, sizeof(why)), -EBADMSG);
		ebt_replay_free(&r);
	}
	unlink(path);
}

static int count_call(uint32_t trace, uint32_t call, void *arg)
{
	assert_int_equal(trace, 7);
	assert_int_equal(call, 9);
	++*(int *)arg;
	return 0;
}

/* Reads size bytes; gives what ebt_trace_read does, and how many calls there were. */
static int read_bytes(const char *path, const char *bytes, size_t size, int *calls, char why[256])
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, size, f), size);
	fclose(f);
	*calls = 0;
	why[0] = '\0';
	return ebt_trace_read(path, count_call, calls, why, 256);
}

/* A comment has any length, and no part of it is a line of its own; a line of data has its number
 * and its bounds. */
static void test_long_lines(void **state)
{
	static const char tail[] = "\n7 9\n  \n\r\n\t# 1 2\n7\t9 \r\nx";
	char path[] = "/tmp/ebt-trace-XXXXXX", why[256], text[2048];
	int fd = mkstemp(path), calls;

	assert_true(fd >= 0);
	close(fd);
	for (size_t len = 240; len < 1100; len++) {
		/* A part of it that was taken for a line would be a call. */
		memset(text, ' ', sizeof(text));
		text[0] = '#';
		for (size_t i = 1; i + 3 <= len; i += 4)
			memcpy(text + i, " 1 2", 3);
		memcpy(text + len, tail, sizeof(tail) - 1);
		assert_int_equal(read_bytes(path, text, len + sizeof(tail) - 2, &calls, why), 0);
		assert_int_equal(calls, 2);
		assert_int_equal(read_bytes(path, text, len + sizeof(tail) - 1, &calls, why),
				 -EBADMSG);
		assert_non_null(strstr(why, " line 7: not"));
	}
	memset(text, ' ', sizeof(text));
	memcpy(text, "7 9\n7", 5);
	memcpy(text + 1000, "9\n", 2);
	assert_int_equal(read_bytes(path, text, 1002, &calls, why), -EBADMSG);
	assert_non_null(strstr(why, " line 2: too long a line"));
	assert_int_equal(calls, 1);
	/* Blanks before it do not count. */
	text[4] = ' ';
	memcpy(text + 1000, "7 9", 3);
	assert_int_equal(read_bytes(path, text, 1003, &calls, why), 0);
	assert_int_equal(calls, 2);
	assert_int_equal(read_bytes(path, "7 9\n7 9\0 1\n", 11, &calls, why), -EBADMSG);
	assert_non_null(strstr(why, " line 2: a NUL byte"));
	assert_int_equal(read_bytes(path, "\0\n7 9\n", 6, &calls, why), -EBADMSG);
	assert_non_null(strstr(why, " line 1: a NUL byte"));
	assert_int_equal(read_bytes(path, "7 9", 3, &calls, why), 0);
	assert_int_equal(calls, 1);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_training),   cmocka_unit_test(test_intrusions),
		cmocka_unit_test(test_self),	   cmocka_unit_test(test_bad_lines),
		cmocka_unit_test(test_long_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
