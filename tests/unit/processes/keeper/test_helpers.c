/* SPDX-License-Identifier: BSD-3-Clause */
/* The processes beside the view and beside an export, asked as those ask them. */
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "ipc/keeper_msg.h"
#include "processes/keeper/file_reader.h"
#include "processes/keeper/keeper_client.h"
#include "processes/keeper/user_names.h"

static char dir[32], path[64];

static int make_dir(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/ebt-helpers-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/file", dir);
	return 0;
}

static int remove_dir(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

static void pause_shortly(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
}

static void test_users(void **state)
{
	struct ebt_user_names *names = NULL;
	char name[EBT_USER_NAME_MAX];
	const struct passwd *pw = getpwuid(0);
	uint32_t uid = 99;

	(void)state;
	assert_false(ebt_user_names_ask(NULL, 0));
	assert_false(ebt_user_names_changed(NULL));
	assert_false(ebt_user_names_take(NULL, 1000, &uid, name));
	assert_int_equal(ebt_user_names_start(&names), 0);
	/* Nothing was asked, so that nothing is waited for. */
	assert_false(ebt_user_names_take(names, 60000, &uid, name));
	assert_true(ebt_user_names_ask(names, 4000000000u));
	assert_true(ebt_user_names_ask(names, 0));
	/* That was a moment ago. */
	assert_false(ebt_user_names_ask(names, 0));
	assert_true(ebt_user_names_take(names, 60000, &uid, name));
	assert_int_equal(uid, 4000000000u);
	assert_string_equal(name, ""); /* there is no such user */
	assert_true(ebt_user_names_take(names, 60000, &uid, name));
	assert_int_equal(uid, 0);
	assert_string_equal(name, pw->pw_name);
	assert_false(ebt_user_names_take(names, 60000, &uid, name));
	ebt_user_names_free(&names);
	assert_null(names);
	ebt_user_names_free(&names);
}

static void test_files(void **state)
{
	int sock = ebt_file_reader_start(), fd;
	char byte;

	(void)state;
	assert_true(sock >= 0);
	assert_int_equal(ebt_file_ask_exists(sock, path), -ENOENT);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(write(fd, "x", 1), 1);
	close(fd);
	assert_int_equal(ebt_file_ask_exists(sock, path), 0);
	fd = ebt_file_ask_open(sock, path, geteuid());
	assert_true(fd >= 0);
	assert_int_equal(read(fd, &byte, 1), 1);
	assert_int_equal(byte, 'x');
	close(fd);
	/* Another user could not read it, though the reader can. */
	assert_int_equal(ebt_file_ask_open(sock, path, geteuid() + 1), -EACCES);
	fd = ebt_file_ask_open_named(sock, path);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(chmod(path, 0604), 0);
	fd = ebt_file_ask_open(sock, path, geteuid() + 1);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(ebt_file_ask_open_named(sock, dir), -EINVAL);
	assert_int_equal(ebt_file_ask_open_named(sock, "/no/such/file"), -ENOENT);
	close(sock);
}

static void test_bad_requests(void **state)
{
	struct ebt_file_request r = { .question = EBT_FILE_EXISTS, .path = "/" };
	int fd = -1;

	(void)state;
	assert_int_equal(ebt_file_reader_handle(&r, EBT_FILE_REQUEST_HEAD + 2, &fd), 0);
	assert_int_equal(ebt_file_reader_handle(&r, EBT_FILE_REQUEST_HEAD + 1, &fd), -EBADMSG);
	assert_int_equal(ebt_file_reader_handle(&r, EBT_FILE_REQUEST_HEAD, &fd), -EBADMSG);
	assert_int_equal(ebt_file_reader_handle(&r, 0, &fd), -EBADMSG);
	assert_int_equal(ebt_file_reader_handle(&r, sizeof(r), &fd), 0);
	assert_int_equal(ebt_file_reader_handle(&r, sizeof(r) + 1, &fd), -EBADMSG);
	r.question = 0;
	assert_int_equal(ebt_file_reader_handle(&r, sizeof(r), &fd), -EBADMSG);
	r.question = EBT_FILE_OPEN_NAMED + 1;
	assert_int_equal(ebt_file_reader_handle(&r, sizeof(r), &fd), -EBADMSG);
	assert_int_equal(fd, -1);
}

static void test_settings(void **state)
{
	struct ebt_keeper *keeper = NULL;
	static char large[EBT_KEEPER_DATA + 1];
	struct stat st;
	int saved;

	(void)state;
	assert_int_equal(ebt_keeper_start(&keeper, NULL), 0);
	assert_int_equal(ebt_keeper_save(keeper, ebt_bytes_from("theme = monochrome\n")), -ENOENT);
	ebt_keeper_free(&keeper);
	assert_null(keeper);
	assert_int_equal(ebt_keeper_start(&keeper, path), 0);
	assert_int_equal(ebt_keeper_saved(keeper), 1);
	assert_int_equal(ebt_keeper_save(keeper, (struct ebt_bytes){ large, sizeof(large) }),
			 -EMSGSIZE);
	assert_int_equal(ebt_keeper_save(keeper, ebt_bytes_from("theme = monochrome\n")), 0);
	while ((saved = ebt_keeper_saved(keeper)) == 1)
		pause_shortly();
	assert_int_equal(saved, 0);
	/* The outcome is told once. */
	assert_int_equal(ebt_keeper_saved(keeper), 1);
	assert_int_equal(stat(path, &st), 0);
	assert_true(st.st_size > 0);
	/* A directory in its place cannot be written. */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(ebt_keeper_save(keeper, ebt_bytes_from("theme = monochrome\n")), 0);
	while ((saved = ebt_keeper_saved(keeper)) == 1)
		pause_shortly();
	assert_true(saved < 0);
	assert_int_equal(rmdir(path), 0);
	ebt_keeper_free(&keeper);
}

static void test_describe(void **state)
{
	struct ebt_keeper *keeper = NULL;
	struct ebt_row row = { .pid = (uint32_t)getpid() };
	const char *text;
	struct stat st;

	(void)state;
	assert_int_equal(stat("/proc/self/exe", &st), 0);
	assert_int_equal(ebt_keeper_start(&keeper, NULL), 0);
	row.exe = ebt_bytes_from("/proc/self/exe");
	assert_null(ebt_keeper_describe(&row, keeper));
	row.exe_ino = st.st_ino;
	row.exe_dev = (uint32_t)(major(st.st_dev) << 20 | minor(st.st_dev));
	/* A busy machine needs more than one look. */
	while (!(text = ebt_keeper_describe(&row, keeper)))
		;
	assert_non_null(strstr(text, "64-bit"));
	/* It is remembered: the same text at once. */
	assert_ptr_equal(ebt_keeper_describe(&row, keeper), text);
	row.exe.len = PATH_MAX + 1;
	assert_null(ebt_keeper_describe(&row, keeper));
	ebt_keeper_free(&keeper);
}

static void test_home(void **state)
{
	const struct passwd *pw = getpwuid(0);

	(void)state;
	assert_int_equal(setenv("HOME", "/elsewhere", 1), 0);
	assert_true(ebt_keeper_home(0));
	assert_string_equal(getenv("HOME"), pw->pw_dir);
	/* Who has no account has no home. */
	assert_false(ebt_keeper_home(4000000000u));
	assert_null(getenv("HOME"));
}

#define T(f) cmocka_unit_test_setup_teardown(f, make_dir, remove_dir)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_users),	  T(test_files),    T(test_bad_requests),
		T(test_settings), T(test_describe), T(test_home),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
