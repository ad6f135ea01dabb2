/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "ipc/shared_memory.h"

#define BYTES 5000

/* What the owner writes is read through the descriptor, by which nothing can be changed. */
static void test_only_the_owner_writes(void **state)
{
	void *mine = NULL, *theirs;
	char read_back[4] = "";
	int fd = ebt_shared_memory_create("test", BYTES, &mine);

	(void)state;
	assert_true(fd >= 0);
	for (size_t i = 0; i < BYTES; i++)
		assert_int_equal(((char *)mine)[i], 0);
	theirs = mmap(NULL, BYTES, PROT_READ, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(theirs, MAP_FAILED);
	memcpy((char *)mine + BYTES - 3, "abc", 3);
	assert_memory_equal((char *)theirs + BYTES - 3, "abc", 3);
	assert_int_equal(pread(fd, read_back, 3, BYTES - 3), 3);
	assert_string_equal(read_back, "abc");
	assert_ptr_equal(mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), MAP_FAILED);
	assert_int_equal(mprotect(theirs, BYTES, PROT_READ | PROT_WRITE), -1);
	assert_int_equal(pwrite(fd, "x", 1, 0), -1);
	assert_int_equal(errno, EPERM);
	assert_int_equal(ftruncate(fd, 1), -1);
	assert_int_equal(ftruncate(fd, 2 * BYTES), -1);
	munmap(theirs, BYTES);
	munmap(mine, BYTES);
	close(fd);
}

static void test_impossible_size(void **state)
{
	void *map = NULL;

	(void)state;
	assert_true(ebt_shared_memory_create("test", (size_t)1 << 62, &map) < 0);
	assert_null(map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_only_the_owner_writes),
		cmocka_unit_test(test_impossible_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
