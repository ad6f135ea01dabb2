/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "ipc/keeper_msg.h"
#include "processes/keeper/describe_elf.h"
#include "processes/keeper/keeper.h"
#include "processes/keeper/keeper_client.h"

static char dir[] = "/tmp/ebt-keeper-XXXXXX";

static void path_of(char out[256], const char *name)
{
	snprintf(out, 256, "%s/%s", dir, name);
}

static int put(const char *path, const char *text)
{
	_cleanup_fclose_ FILE *f = fopen(path, "we");

	return f && fputs(text, f) >= 0 ? 0 : -1;
}

static void get(const char *path, char *out, size_t len)
{
	_cleanup_fclose_ FILE *f = fopen(path, "re");

	out[0] = '\0';
	if (f)
		out[fread(out, 1, len - 1, f)] = '\0';
}

static int request(uint32_t type, const void *data, size_t len, const char *settings,
		   struct ebt_keeper_answer *a, struct ebt_keeper_request *r)
{
	r->type = type;
	r->number = 5;
	r->len = (uint32_t)len;
	memcpy(r->data, data, len);
	ebt_keeper_handle(r, EBT_KEEPER_HEAD + len, settings, a);
	return a->error;
}

static int save(const char *text, const char *path)
{
	struct ebt_keeper_request r = { 0 };
	struct ebt_keeper_answer a;

	return request(EBT_KEEPER_SAVE, text, strlen(text), path, &a, &r);
}

static void test_save(void **state)
{
	char path[256], text[4096];
	struct stat st;

	(void)state;
	path_of(path, "made/here/config");
	assert_int_equal(save("theme = monochrome\nscreen = top\n", path), 0);
	get(path, text, sizeof(text));
	assert_non_null(strstr(text, "theme = monochrome\n"));
	assert_non_null(strstr(text, "screen = top\n"));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	/* what does not read as settings changes nothing */
	assert_int_equal(save("theme = no such\n", path), -EINVAL);
	assert_int_equal(save("#!/bin/sh\nrm -rf x\n", path), -EINVAL);
	get(path, text, sizeof(text));
	assert_non_null(strstr(text, "theme = monochrome\n"));
	assert_int_equal(save("theme = monochrome\n", NULL), -ENOENT);
	path_of(path, "made/here/config/below");
	assert_int_equal(save("theme = monochrome\n", path), -ENOTDIR);
}

/* A link of ours in the file's place stays, and its file gets the settings; one of another user's is
 * refused. */
static void test_link(void **state)
{
	char path[256], aim[256], text[4096];
	struct stat st;

	(void)state;
	path_of(path, "link");
	path_of(aim, "aim");
	assert_int_equal(put(aim, "precious"), 0);
	assert_int_equal(symlink(aim, path), 0);
	assert_int_equal(save("theme = monochrome\n", path), 0);
	get(aim, text, sizeof(text));
	assert_non_null(strstr(text, "theme = monochrome"));
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	if (geteuid() != 0)
		return;
	assert_int_equal(put(aim, "precious"), 0);
	assert_int_equal(lchown(path, 65534, 65534), 0);
	assert_int_equal(save("theme = monochrome\n", path), -EPERM);
	get(aim, text, sizeof(text));
	assert_string_equal(text, "precious");
}

static void test_malformed(void **state)
{
	struct ebt_keeper_request r = { .type = EBT_KEEPER_SAVE, .len = 10 };
	struct ebt_keeper_answer a;

	(void)state;
	ebt_keeper_handle(&r, 3, NULL, &a);
	assert_int_equal(a.error, -EBADMSG);
	ebt_keeper_handle(&r, EBT_KEEPER_HEAD + 9, NULL, &a);
	assert_int_equal(a.error, -EBADMSG);
	r.len = UINT32_MAX;
	ebt_keeper_handle(&r, sizeof(r), NULL, &a);
	assert_int_equal(a.error, -EBADMSG);
	r = (struct ebt_keeper_request){ .type = 77 };
	ebt_keeper_handle(&r, EBT_KEEPER_HEAD, NULL, &a);
	assert_int_equal(a.error, -EBADMSG);
}

static int describe(const char *path, const struct stat *st, pid_t pid, struct ebt_keeper_answer *a)
{
	struct ebt_keeper_request r = { .pid = pid,
					.ino = st->st_ino,
					.dev = major(st->st_dev) << 20 | minor(st->st_dev) };

	return request(EBT_KEEPER_DESCRIBE, path, strlen(path), NULL, a, &r);
}

static void test_describe(void **state)
{
	struct ebt_keeper_answer a;
	char self[256] = "", path[256];
	struct stat st;

	(void)state;
	assert_true(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
	assert_int_equal(stat(self, &st), 0);
	/* by the process, and by name once it is gone */
	assert_int_equal(describe("/nowhere", &st, getpid(), &a), 0);
	assert_non_null(strstr(a.text, "ELF 64-bit "));
	assert_int_equal(describe(self, &st, 0, &a), 0);
	assert_non_null(strstr(a.text, "PIE, dynamic, interpreter /"));
	assert_non_null(strstr(a.text, ", build-id "));
	/* another file */
	st.st_ino++;
	assert_int_equal(describe(self, &st, 0, &a), -ESTALE);
	path_of(path, "nothing");
	assert_int_equal(describe(path, &st, 0, &a), -ENOENT);
	/* neither waits for a writer nor opens what is no file */
	path_of(path, "fifo");
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(describe(path, &st, 0, &a), -EINVAL);
	path_of(path, "script");
	assert_int_equal(put(path, "#!/bin/sh\n"), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(describe(path, &st, 0, &a), 0);
	assert_string_equal(a.text, "a script");
}

/* Our own executable's headers, damaged a byte at a time: any answer, no crash. */
static void test_damaged(void **state)
{
	_cleanup_close_ int in = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	_cleanup_close_ int fd = -1;
	unsigned char head[1024];
	char path[256], text[EBT_KEEPER_TEXT];

	(void)state;
	path_of(path, "damaged");
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(pread(in, head, sizeof(head), 0), sizeof(head));
	assert_int_equal(pwrite(fd, head, sizeof(head), 0), sizeof(head));
	for (unsigned i = 0; i < sizeof(head); i++) {
		for (unsigned value = 0; value < 256; value += 85) {
			assert_int_equal(pwrite(fd, &(unsigned char){ (unsigned char)value }, 1, i),
					 1);
			ebt_keeper_describe_elf(fd, text, sizeof(text));
			assert_in_range(strlen(text), 1, sizeof(text) - 1);
		}
		assert_int_equal(pwrite(fd, &head[i], 1, i), 1);
	}
}

static int make_dir(void **state)
{
	(void)state;
	unsetenv("SUDO_UID"); /* root under sudo would not write its files */
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
	static const char *const names[] = {
		"made/here/config", "made/here", "made", "link", "aim", "fifo",
		"script",	    "damaged",	 ""
	};
	char path[256];

	(void)state;
	for (size_t i = 0; i < EBT_ARRAY_SIZE(names); i++) {
		path_of(path, names[i]);
		remove(path);
	}
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_save),	  cmocka_unit_test(test_link),
		cmocka_unit_test(test_malformed), cmocka_unit_test(test_describe),
		cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
