/* SPDX-License-Identifier: BSD-3-Clause */
/* A directory of our own in the place of /proc: a file of a process that never answers is a pipe. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "processes/keeper/process_list.h"

#define LONG_ARGS 300000
#define TAKE_MS	  60000

static char dir[] = "/tmp/ebt-test-XXXXXX";
static char cmdline[LONG_ARGS];

struct taken {
	unsigned count;
	struct ebt_listed last[8];
	size_t args_len[8];
	bool whole; /* the long arguments came as they are */
};

static void write_file(const char *pid, const char *name, const void *text, size_t len)
{
	char path[128];
	_cleanup_fclose_ FILE *f = NULL;

	snprintf(path, sizeof(path), "%s/%s", dir, pid);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/%s/%s", dir, pid, name);
	f = fopen(path, "we");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, len, f), len);
}

static void write_process(const char *pid, const char *args, size_t len)
{
	static const char status[] = "Name:\tx\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\n";
	char stat[128];

	snprintf(stat, sizeof(stat),
		 "%s (a (b) S 7 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 100 20 21", pid);
	write_file(pid, "stat", stat, strlen(stat));
	write_file(pid, "status", status, sizeof(status) - 1);
	if (args)
		write_file(pid, "cmdline", args, len);
	snprintf(stat, sizeof(stat), "%s/11/exe", dir);
	if (strcmp(pid, "11") == 0)
		assert_int_equal(symlink("/bin/x (deleted)", stat), 0);
}

static void take(const struct ebt_listed *p, struct ebt_bytes comm, struct ebt_bytes exe,
		 struct ebt_bytes args, void *arg)
{
	struct taken *t = arg;

	assert_true(t->count < 8);
	assert_true(ebt_bytes_equal(comm, ebt_bytes_from("a (b")));
	/* Of one the link can be read. */
	assert_true(ebt_bytes_equal(exe, ebt_bytes_from(p->pid == 11 ? "/bin/x (deleted)" : "")));
	t->args_len[t->count] = args.len;
	t->last[t->count++] = *p;
	if (args.len == LONG_ARGS)
		t->whole = memcmp(args.data, cmdline, LONG_ARGS) == 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void write_processes(void)
{
	char path[128];

	assert_non_null(mkdtemp(dir));
	memset(cmdline, 'x', sizeof(cmdline));
	cmdline[LONG_ARGS - 1] = '\0';
	write_process("11", "one\0two", 8);
	write_process("12", NULL, 0);
	snprintf(path, sizeof(path), "%s/12/cmdline", dir);
	assert_int_equal(mkfifo(path, 0600), 0);
	write_process("13", cmdline, LONG_ARGS);
	write_process("14", "", 0);
	write_file("15", "status", "", 0); /* ends while it is read */
	write_file("self", "stat", "", 0);
}

static void list_all(void)
{
	struct ebt_process_list *list = NULL;
	struct taken t = { 0 };

	assert_int_equal(ebt_process_list_start(&list, open(dir, O_RDONLY | O_DIRECTORY)), 0);
	assert_false(ebt_process_list_take(list, TAKE_MS, take, &t));
	assert_int_equal(t.count, 4);
	for (unsigned i = 0; i < t.count; i++) {
		const struct ebt_listed *p = &t.last[i];

		assert_int_equal(p->ppid, 7);
		assert_int_equal(p->uid, 1);
		assert_int_equal(p->euid, 2);
		assert_int_equal(p->gid, 5);
		assert_int_equal(p->egid, 6);
		assert_int_equal(p->args_unread, p->pid == 12);
		assert_int_equal(t.args_len[i], p->pid == 11 ? 8 : p->pid == 13 ? LONG_ARGS : 0);
	}
	assert_true(t.whole);
	assert_false(ebt_process_list_take(list, 0, take, &t));
	ebt_process_list_free(&list);
	assert_null(list);
}

/* SIGCHLD is ignored in a view that has a writer process, and it may be inherited as ignored. */
static void test_list(void **state)
{
	(void)state;
	write_processes();
	list_all();
	signal(SIGCHLD, SIG_IGN);
	list_all();
	signal(SIGCHLD, SIG_DFL);
	nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_list) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
