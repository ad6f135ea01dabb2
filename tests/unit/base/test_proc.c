/* SPDX-License-Identifier: BSD-3-Clause */
/* The reader of /proc: hostile names in its texts, and what it says about this process. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/proc.h"

#define NO_PID 4194304u /* pid_max is at most that, and the largest id is one less */

static void test_parse_stat(void **state)
{
	static const char text[] = "7 (a) S 1 (b) R 42 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 "
				   "1234567890123 20 21";
	struct ebt_proc_stat stat;

	assert_int_equal(ebt_proc_parse_stat(text, &stat), 0);
	assert_int_equal(stat.comm.len, 9);
	assert_memory_equal(stat.comm.data, "a) S 1 (b", 9);
	assert_int_equal(stat.state, 'R');
	assert_int_equal(stat.ppid, 42);
	assert_true(stat.start_ticks == 1234567890123);
}

static void test_parse_bad(void **state)
{
	static const char *const bad[] = {
		"",	     "7 a S 1", "7 (a S 1",
		"7 )a( S 1", "7 (a) S", "7 (a) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18"
	};
	struct ebt_proc_stat stat;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(ebt_proc_parse_stat(bad[i], &stat), -EINVAL);
}

static void test_parse_ids(void **state)
{
	struct ebt_proc_ids ids = { 0 };

	(void)state;
	assert_int_equal(
		ebt_proc_parse_ids("Name:\tUid: 5\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\n", &ids), 0);
	assert_int_equal(ids.uid, 1);
	assert_int_equal(ids.euid, 2);
	assert_int_equal(ids.gid, 5);
	assert_int_equal(ids.egid, 6);
	assert_int_equal(ebt_proc_parse_ids("Name:\tx\nUid:\t1\t2\t3\t4\n", &ids), -EINVAL);
	assert_int_equal(ebt_proc_parse_ids("", &ids), -EINVAL);
}

static void test_parse_status(void **state)
{
	char comm[EBT_PROC_COMM_LEN];
	uint32_t tgid = 0;

	assert_int_equal(ebt_proc_parse_status("Name:\tTgid: 5\nUmask:\t0\nTgid:\t42\nPid:\t43\n",
					       comm, &tgid),
			 0);
	assert_string_equal(comm, "Tgid: 5");
	assert_int_equal(tgid, 42);
	assert_int_equal(ebt_proc_parse_status("Name:\tx\nPid:\t43\n", comm, &tgid), -EINVAL);
	assert_int_equal(ebt_proc_parse_status("Name:\tx", comm, &tgid), -EINVAL);
}

static void test_ourselves(void **state)
{
	char text[1024], exe[PATH_MAX], self[PATH_MAX] = "", comm[EBT_PROC_COMM_LEN], one[2];
	int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	uint32_t me = (uint32_t)getpid(), tgid = 0;
	struct ebt_proc_stat stat;

	assert_true(proc >= 0);
	assert_int_equal(ebt_proc_stat(-1, me, text, sizeof(text), &stat), 0);
	assert_int_equal(stat.ppid, getppid());
	assert_int_equal(stat.state, 'R');
	assert_true(stat.comm.data >= text && stat.comm.data < text + sizeof(text));
	assert_int_equal(ebt_proc_stat(proc, me, text, sizeof(text), &stat), 0);
	assert_int_equal(stat.ppid, getppid());
	close(proc);
	assert_int_equal(ebt_proc_read(-1, me, "stat", one, sizeof(one)), 1);
	assert_int_equal(one[1], '\0');
	assert_true(ebt_proc_read(-1, me, "status", text, sizeof(text)) > 0);
	assert_int_equal(ebt_proc_parse_status(text, comm, &tgid), 0);
	assert_int_equal(tgid, me);
	assert_true(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
	assert_int_equal(ebt_proc_exe(me, exe, sizeof(exe)), strlen(self));
	assert_string_equal(exe, self);
	assert_int_equal(ebt_proc_exe(me, exe, 5), 4);
	assert_int_equal(strlen(exe), 4);
	assert_true(ebt_proc_runs_our_file(me));
}

static void test_others(void **state)
{
	char text[1024], path[PATH_MAX];
	struct ebt_proc_stat stat;
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		execl("/bin/sleep", "sleep", "100", (char *)NULL);
		_exit(1);
	}
	while (ebt_proc_runs_our_file((uint32_t)pid))
		usleep(1000);
	kill(pid, SIGSTOP);
	assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
	assert_int_equal(ebt_proc_stat(-1, (uint32_t)pid, text, sizeof(text), &stat), 0);
	assert_int_equal(stat.state, 'T');
	assert_int_equal(stat.ppid, getpid());
	assert_int_equal(stat.comm.len, 5);
	assert_memory_equal(stat.comm.data, "sleep", 5);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(ebt_proc_stat(-1, NO_PID, text, sizeof(text), &stat), -ENOENT);
	assert_int_equal(ebt_proc_exe(NO_PID, text, sizeof(text)), -ENOENT);
	assert_int_equal(ebt_proc_cgroup(NO_PID, path, sizeof(path)), -ENOENT);
	assert_false(ebt_proc_runs_our_file(NO_PID));
}

static void test_cgroup(void **state)
{
	char path[PATH_MAX] = "x";
	int err = ebt_proc_cgroup((uint32_t)getpid(), path, sizeof(path));

	assert_true(err == 0 || err == -ENOENT);
	if (err == 0)
		assert_true(path[0] == '\0' || (path[0] == '/' && path[1] && !strchr(path, '\n')));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse_stat), cmocka_unit_test(test_parse_bad),
		cmocka_unit_test(test_parse_ids),  cmocka_unit_test(test_parse_status),
		cmocka_unit_test(test_ourselves),  cmocka_unit_test(test_others),
		cmocka_unit_test(test_cgroup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
