/* SPDX-License-Identifier: BSD-3-Clause */
/* Names in filters as numbers. A directory stands in for the hierarchy of cgroups. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "processes/loader/filter_resolve.h"

static struct ebt_cgroups cgroups;
static struct ebt_filters filters;
static struct ebt_filter_set set;
static char why[512];

static void make(const char *name)
{
	char path[PATH_MAX + 64];

	snprintf(path, sizeof(path), "%s%s", cgroups.v2, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

static ino_t inode_of(const char *name)
{
	char path[PATH_MAX + 64];
	struct stat st;

	snprintf(path, sizeof(path), "%s%s", cgroups.v2, name);
	assert_int_equal(stat(path, &st), 0);
	return st.st_ino;
}

static int set_up(void **state)
{
	(void)state;
	filters = (struct ebt_filters){ 0 };
	strcpy(cgroups.v2, "/tmp/ebt-cgroups-XXXXXX");
	if (!mkdtemp(cgroups.v2))
		return -1;
	make("/a");
	make("/a/b");
	return 0;
}

static int tear_down(void **state)
{
	char command[PATH_MAX + 16];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", cgroups.v2);
	return system(command);
}

static int resolve(void)
{
	why[0] = '\0';
	return ebt_filters_resolve(&filters, &cgroups, &set, why, sizeof(why));
}

static void test_none(void **state)
{
	(void)state;
	assert_int_equal(resolve(), 0);
	assert_int_equal(set.config.filter, 0);
	assert_int_equal(set.n_pids, 0);
	filters.no_enoent = 1;
	assert_int_equal(resolve(), 0);
	assert_int_equal(set.config.filter, EBT_FILTER_NO_ENOENT);
}

static void test_users(void **state)
{
	static const struct {
		const char *user;
		uint32_t uid, filter;
	} users[] = {
		{ "1000", 1000, EBT_FILTER_UID },
		{ "root", 0, EBT_FILTER_UID },
		{ "real:7", 7, EBT_FILTER_UID | EBT_FILTER_REAL },
		{ "effective:root", 0, EBT_FILTER_UID | EBT_FILTER_EFFECTIVE },
		{ "4294967294", 4294967294u, EBT_FILTER_UID },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++) {
		strcpy(filters.user, users[i].user);
		assert_int_equal(resolve(), 0);
		assert_int_equal(set.config.uid, users[i].uid);
		assert_int_equal(set.config.filter, users[i].filter);
	}
	strcpy(filters.user, "no such user");
	assert_int_equal(resolve(), -ENOENT);
	assert_string_equal(why, "-u no such user: no user of this name is known");
	strcpy(filters.user, "4294967295");
	assert_int_equal(resolve(), -ENOENT);
}

static void test_cgroups(void **state)
{
	(void)state;
	strcpy(filters.cgroup, "/a/b");
	assert_int_equal(resolve(), 0);
	assert_int_equal(set.config.filter, EBT_FILTER_CGROUP);
	assert_int_equal(set.config.cgroup_id, inode_of("/a/b"));
	assert_int_equal(set.config.cgroup_level, 2);
	/* By its directory, and with a slash too many. */
	snprintf(filters.cgroup, sizeof(filters.cgroup), "%.100s/a/", cgroups.v2);
	assert_int_equal(resolve(), 0);
	assert_int_equal(set.config.cgroup_id, inode_of("/a"));
	assert_int_equal(set.config.cgroup_level, 1);
	strcpy(filters.cgroup, "/");
	assert_int_equal(resolve(), 0);
	assert_int_equal(set.config.cgroup_level, 0);
	/* Outside of the hierarchy there are none. */
	strcpy(filters.cgroup, "/../..");
	assert_int_equal(resolve(), -ENOENT);
	strcpy(filters.cgroup, "/a/c");
	assert_int_equal(resolve(), -ENOENT);
	assert_non_null(strstr(why, "--cgroup /a/c: there is no such cgroup of the v2 hierarchy"));
	assert_non_null(strstr(why, cgroups.v2));
}

static void test_no_hierarchy(void **state)
{
	struct ebt_cgroups none = { 0 };

	(void)state;
	strcpy(filters.cgroup, "/");
	assert_int_equal(ebt_filters_resolve(&filters, &none, &set, why, sizeof(why)), -ENOENT);
	assert_non_null(strstr(why, "(not mounted)"));
}

static pthread_barrier_t begun, ended;

static void *thread(void *arg)
{
	*(uint32_t *)arg = (uint32_t)syscall(SYS_gettid);
	pthread_barrier_wait(&begun);
	pthread_barrier_wait(&ended);
	return NULL;
}

static void test_pids(void **state)
{
	pthread_t t;
	uint32_t tid;
	char expected[128];

	(void)state;
	filters.n_pids = 1;
	filters.pids[0] = (uint32_t)getpid();
	assert_int_equal(ebt_filters_check_pids(&filters, why, sizeof(why)), 0);
	filters.n_pids = 2;
	filters.pids[1] = 0x7ffffff0;
	assert_int_equal(ebt_filters_check_pids(&filters, why, sizeof(why)), -ESRCH);
	assert_string_equal(why, "-p 2147483632: there is no process of this number");
	/* A thread is not a process. */
	pthread_barrier_init(&begun, NULL, 2);
	pthread_barrier_init(&ended, NULL, 2);
	assert_int_equal(pthread_create(&t, NULL, thread, &tid), 0);
	pthread_barrier_wait(&begun);
	filters.pids[1] = tid;
	assert_int_equal(ebt_filters_check_pids(&filters, why, sizeof(why)), -ESRCH);
	snprintf(expected, sizeof(expected),
		 "-p %u: this is a thread of process %u; write -p %u to see the process", tid,
		 (unsigned)getpid(), (unsigned)getpid());
	assert_string_equal(why, expected);
	pthread_barrier_wait(&ended);
	pthread_join(t, NULL);
}

static void test_same_pids(void **state)
{
	struct ebt_filters a = { .n_pids = 2, .pids = { 1, 2 } }, b = a;

	(void)state;
	assert_true(ebt_filters_same_pids(&a, &b));
	b.pids[2] = 3; /* not among those in use */
	assert_true(ebt_filters_same_pids(&a, &b));
	b.n_pids = 3;
	assert_false(ebt_filters_same_pids(&a, &b));
	b.n_pids = 2;
	b.pids[1] = 3;
	assert_false(ebt_filters_same_pids(&a, &b));
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_none),	      T(test_users), T(test_cgroups),
		T(test_no_hierarchy), T(test_pids),  T(test_same_pids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
