/* SPDX-License-Identifier: BSD-3-Clause */
/* CPU time and memory of this process; of one that is not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/process_cost.h"

static void test_cpu(void **state)
{
	uint32_t self = (uint32_t)getpid();
	uint64_t before = ebt_process_cpu_ns(self);
	volatile unsigned n = 0;

	(void)state;
	assert_true(before > 0);
	while (ebt_process_cpu_ns(self) - before < 5000000)
		n++;
	assert_true(n > 0);
}

static void test_memory(void **state)
{
	const size_t more = (size_t)32 << 20;
	uint64_t before = ebt_process_memory((uint32_t)getpid()), after;
	char *p = malloc(more);

	(void)state;
	assert_non_null(p);
	memset(p, 1, more);
	after = ebt_process_memory((uint32_t)getpid());
	free(p);
	assert_true(before > 0);
	assert_in_range(after - before, more * 9 / 10, more * 2);
}

static void test_gone(void **state)
{
	pid_t pid = fork();

	(void)state;
	if (pid == 0)
		_exit(0);
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(ebt_process_cpu_ns((uint32_t)pid), 0);
	assert_int_equal(ebt_process_memory((uint32_t)pid), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_cpu),
					    cmocka_unit_test(test_memory),
					    cmocka_unit_test(test_gone) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
