/* SPDX-License-Identifier: BSD-3-Clause */
/* What the saver writes, what it refuses, and that nothing is left of a file that was not completed. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "processes/saver/saver.h"

static struct ebt_saver_file file;
static struct ebt_saver_answer answer;
static char dir[] = "/tmp/ebt-saver-XXXXXX", home[4096];

static int setup(void **state)
{
	(void)state;
	strcpy(dir + sizeof(dir) - 7, "XXXXXX");
	return mkdtemp(dir) && getcwd(home, sizeof(home)) && chdir(dir) == 0 ? 0 : -1;
}

static int teardown(void **state)
{
	char command[64];

	(void)state;
	ebt_saver_abort(&file);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return chdir(home) || system(command);
}

/* Return the error of the answer, or 1 if there is none. */
static int ask(bool confined, enum ebt_saver_type type, const char *data)
{
	static struct ebt_saver_request r;

	r = (struct ebt_saver_request){ .type = type, .len = (uint32_t)strlen(data) };
	memcpy(r.data, data, r.len);
	if (!ebt_saver_handle(&file, confined, &r, EBT_SAVER_HEAD + r.len, &answer))
		return 1;
	assert_int_equal(answer.type, type);
	return answer.error;
}

static void write_file(const char *name, const char *text)
{
	FILE *f = fopen(name, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void assert_holds(const char *name, const char *text)
{
	char got[256] = "";
	FILE *f = fopen(name, "r");

	if (!f)
		fail_msg("%s is not there", name);
	got[fread(got, 1, sizeof(got) - 1, f)] = '\0';
	fclose(f);
	assert_string_equal(got, text);
}

static unsigned entries(void)
{
	DIR *d = opendir(".");
	unsigned n = 0;

	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

static void test_save(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(ask(false, EBT_SAVER_OPEN, "x.json"), 0);
	assert_int_equal(ask(false, EBT_SAVER_DATA, "{\"v\":1}\n"), 1);
	assert_int_equal(ask(false, EBT_SAVER_DATA, "{\"v\":2}\n"), 1);
	assert_int_equal(access("x.json", F_OK), -1); /* not before it is whole */
	assert_int_equal(ask(false, EBT_SAVER_COMMIT, ""), 0);
	assert_holds("x.json", "{\"v\":1}\n{\"v\":2}\n");
	assert_int_equal(stat("x.json", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(entries(), 1);
}

static void test_abort(void **state)
{
	(void)state;
	assert_int_equal(ask(false, EBT_SAVER_OPEN, "x.json"), 0);
	assert_int_equal(ask(false, EBT_SAVER_DATA, "{"), 1);
	assert_int_equal(ask(false, EBT_SAVER_ABORT, ""), 1);
	assert_int_equal(entries(), 0);
	/* What comes late goes nowhere. */
	assert_int_equal(ask(false, EBT_SAVER_DATA, "{"), 1);
	assert_int_equal(ask(false, EBT_SAVER_COMMIT, ""), 1);
	assert_int_equal(entries(), 0);
}

static void test_replace(void **state)
{
	(void)state;
	write_file("x.json", "{\"v\":1,\"type\":\"exec\"}\n");
	assert_int_equal(ask(false, EBT_SAVER_OPEN, "x.json"), -EEXIST);
	assert_int_equal(ask(false, EBT_SAVER_REPLACE, "x.json"), 0);
	assert_int_equal(ask(false, EBT_SAVER_DATA, "new"), 1);
	assert_holds("x.json", "{\"v\":1,\"type\":\"exec\"}\n");
	assert_int_equal(ask(false, EBT_SAVER_COMMIT, ""), 0);
	assert_holds("x.json", "new");
	/* Another's file stays, whatever the user says. */
	write_file("x.json", "precious");
	assert_int_equal(ask(false, EBT_SAVER_REPLACE, "x.json"), -EACCES);
	assert_non_null(strstr(answer.text, "type another name"));
	assert_holds("x.json", "precious");
	/* One that was made while we wrote stays, too. */
	assert_int_equal(ask(false, EBT_SAVER_OPEN, "y.json"), 0);
	write_file("y.json", "{\"v\":1}");
	assert_int_equal(ask(false, EBT_SAVER_COMMIT, ""), -EEXIST);
	assert_holds("y.json", "{\"v\":1}");
	assert_int_equal(entries(), 2);
}

static void test_refused(void **state)
{
	static const char *const names[] = { "", ".bashrc", "a/.ssh/x", "/root/.profile",
					     "../.hidden/x" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_true(ask(false, EBT_SAVER_OPEN, names[i]) < 0);
		assert_true(answer.text[0]);
	}
	assert_int_equal(ask(false, EBT_SAVER_OPEN, "no/such/directory"), -ENOENT);
	assert_true(answer.text[0]);
	/* Root's keeps to its directory. */
	assert_int_equal(ask(true, EBT_SAVER_OPEN, "/tmp/x.json"), -EACCES);
	assert_int_equal(ask(true, EBT_SAVER_OPEN, "../x.json"), -EACCES);
	assert_int_equal(ask(true, EBT_SAVER_OPEN, "x.json"), 0);
	ebt_saver_abort(&file);
	/* A device, a directory. */
	assert_int_equal(ask(false, EBT_SAVER_OPEN, "/dev/null"), -EINVAL);
	assert_int_equal(mkdir("d", 0700), 0);
	assert_true(ask(false, EBT_SAVER_OPEN, "d") < 0);
	assert_int_equal(entries(), 1);
}

static void test_full(void **state)
{
	const struct rlimit small = { 4, RLIM_INFINITY }, none = { RLIM_INFINITY, RLIM_INFINITY };

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(ask(false, EBT_SAVER_OPEN, "x.json"), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_int_equal(ask(false, EBT_SAVER_DATA, "too long"), -EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	assert_string_equal(answer.text, strerror(EFBIG));
	assert_int_equal(entries(), 0);
}

static void test_invalid(void **state)
{
	static struct ebt_saver_request r = { .type = EBT_SAVER_OPEN, .len = 5 };

	(void)state;
	assert_true(ebt_saver_handle(&file, false, &r, 3, &answer));
	assert_int_equal(answer.error, -EBADMSG);
	assert_true(ebt_saver_handle(&file, false, &r, EBT_SAVER_HEAD + 4, &answer));
	assert_int_equal(answer.error, -EBADMSG);
	r.len = UINT32_MAX;
	assert_true(ebt_saver_handle(&file, false, &r, sizeof(r), &answer));
	assert_int_equal(answer.error, -EBADMSG);
	r = (struct ebt_saver_request){ .type = 99 };
	assert_true(ebt_saver_handle(&file, false, &r, EBT_SAVER_HEAD, &answer));
	assert_int_equal(answer.error, -EBADMSG);
	/* A name with a NUL is none. */
	r = (struct ebt_saver_request){ .type = EBT_SAVER_OPEN, .len = 3, .data = "a\0b" };
	assert_true(ebt_saver_handle(&file, false, &r, EBT_SAVER_HEAD + 3, &answer));
	assert_int_equal(answer.error, -EINVAL);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { T(test_save),    T(test_abort), T(test_replace),
					    T(test_refused), T(test_full),  T(test_invalid) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
