/* SPDX-License-Identifier: BSD-3-Clause */
/* A file is replaced as a whole or not at all, and no temporary file stays behind. */
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
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/replace_file.h"

struct place {
	char path[64];
	int dir;
};

static void setup(struct place *p)
{
	strcpy(p->path, "/tmp/ebt-replace-XXXXXX");
	assert_non_null(mkdtemp(p->path));
	p->dir = open(p->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(p->dir >= 0);
}

/* Nothing but name may be left in the directory. */
static void teardown(struct place *p, const char *name)
{
	if (name)
		assert_int_equal(unlinkat(p->dir, name, 0), 0);
	close(p->dir);
	assert_int_equal(rmdir(p->path), 0);
}

static void write_old(const struct place *p, const char *name, const char *text)
{
	_cleanup_close_ int fd = openat(p->dir, name, O_WRONLY | O_CREAT | O_TRUNC, 0640);

	assert_true(fd >= 0);
	assert_int_equal(ebt_write_all(fd, text, strlen(text)), 0);
}

static void assert_holds(const struct place *p, const char *name, const char *text, mode_t mode)
{
	_cleanup_close_ int fd = openat(p->dir, name, O_RDONLY | O_NOFOLLOW);
	_cleanup_buf_ struct ebt_buf buf = { 0 };
	struct stat st;

	assert_true(fd >= 0);
	assert_int_equal(ebt_read_all(fd, &buf), 0);
	assert_string_equal(buf.data, text);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 07777, mode);
}

static int replace(const struct place *p, const char *text, struct ebt_replace_options options)
{
	return ebt_replace_file(p->dir, "file", ebt_bytes_from(text), &options);
}

static void test_new_and_old(void **state)
{
	mode_t umask_before = umask(027);
	struct place p;

	setup(&p);
	assert_int_equal(replace(&p, "one", (struct ebt_replace_options){ .mode = 0666 }), 0);
	assert_holds(&p, "file", "one", 0640);
	assert_int_equal(replace(&p, "2",
				 (struct ebt_replace_options){ .mode = 0644,
							       .flags = EBT_REPLACE_EXACT_MODE |
									EBT_REPLACE_SYNC |
									EBT_REPLACE_SYNC_DIR }),
			 0);
	assert_holds(&p, "file", "2", 0644);
	umask(umask_before);
	teardown(&p, "file");
}

static void test_leftover(void **state)
{
	struct ebt_replace_options options = { .mode = 0600, .suffix = ".new" };
	struct place p;

	setup(&p);
	write_old(&p, "file", "old");
	write_old(&p, "file.new", "half");
	assert_int_equal(replace(&p, "next", options), -EEXIST);
	assert_holds(&p, "file", "old", 0640);
	assert_holds(&p, "file.new", "half", 0640);
	options.flags = EBT_REPLACE_UNLINK;
	assert_int_equal(replace(&p, "next", options), 0);
	assert_holds(&p, "file", "next", 0600);
	teardown(&p, "file");
}

/* A link in the place of the temporary file must never be written through. */
static void test_link(void **state)
{
	struct ebt_replace_options options = { .mode = 0600 };
	struct place p;
	char temp[32];

	setup(&p);
	write_old(&p, "secret", "kept");
	snprintf(temp, sizeof(temp), "file.%d.tmp", (int)getpid());
	assert_int_equal(symlinkat("secret", p.dir, temp), 0);
	assert_int_equal(replace(&p, "next", options), -EEXIST);
	options.flags = EBT_REPLACE_UNLINK;
	assert_int_equal(replace(&p, "next", options), 0);
	assert_holds(&p, "secret", "kept", 0640);
	assert_int_equal(symlinkat("secret", p.dir, "link"), 0);
	assert_int_equal(ebt_replace_file(p.dir, "link", ebt_bytes_from("l"), &options), 0);
	assert_holds(&p, "secret", "kept", 0640);
	assert_holds(&p, "link", "l", 0600);
	unlinkat(p.dir, "link", 0);
	unlinkat(p.dir, "secret", 0);
	teardown(&p, "file");
}

static void test_steps(void **state)
{
	struct ebt_replace_options options = { .mode = 0600, .suffix = ".part" };
	struct ebt_replacement r = { .fd = -1 };
	struct place p;

	setup(&p);
	write_old(&p, "file", "old");
	assert_int_equal(ebt_replace_begin(&r, p.dir, "file", &options), 0);
	assert_int_equal(ebt_write_all(r.fd, "new", 3), 0);
	assert_holds(&p, "file", "old", 0640);
	assert_holds(&p, "file.part", "new", 0600);
	ebt_replace_abort(&r);
	assert_int_equal(r.fd, -1);
	assert_holds(&p, "file", "old", 0640);
	assert_int_equal(ebt_replace_begin(&r, p.dir, "file", &options), 0);
	assert_int_equal(ebt_write_all(r.fd, "new", 3), 0);
	assert_int_equal(ebt_replace_commit(&r), 0);
	assert_int_equal(r.fd, -1);
	assert_holds(&p, "file", "new", 0600);
	teardown(&p, "file");
}

static void test_errors(void **state)
{
	struct ebt_replace_options options = { .mode = 0600 };
	char path[128], longest[PATH_MAX];
	struct place p;

	setup(&p);
	assert_int_equal(mkdirat(p.dir, "file", 0700), 0);
	assert_int_equal(replace(&p, "x", options), -EISDIR);
	assert_int_equal(unlinkat(p.dir, "file", AT_REMOVEDIR), 0);
	assert_int_equal(ebt_replace_file(p.dir, "no/file", ebt_bytes_from("x"), &options),
			 -ENOENT);
	memset(longest, 'a', sizeof(longest));
	longest[PATH_MAX - 1] = '\0';
	assert_int_equal(ebt_replace_file(p.dir, longest, ebt_bytes_from("x"), &options),
			 -ENAMETOOLONG);
	/* The directory of an absolute path is synced, not the working directory. */
	options.flags = EBT_REPLACE_SYNC_DIR;
	snprintf(path, sizeof(path), "%s/file", p.path);
	assert_int_equal(ebt_replace_file(AT_FDCWD, path, ebt_bytes_from("x"), &options), 0);
	assert_holds(&p, "file", "x", 0600);
	teardown(&p, "file");
}

/* What runs that were killed have left goes; what is in use, and what only looks alike, stays. */
static void test_clean(void **state)
{
	static const char *const stay[] = { "file.tmp",	   "file.12x.tmp", "file.12.tmp.old",
					    "file..tmp",   "other.5.tmp",  ".12.tmp",
					    "file.1.2.tmp" };
	struct ebt_replace_options options = { .mode = 0600 };
	struct ebt_replacement r = { .fd = -1 };
	char path[128];
	struct place p;

	setup(&p);
	write_old(&p, "file", "old");
	write_old(&p, "file.4194305.tmp", "half");
	write_old(&p, "file.12.tmp", "half");
	for (size_t i = 0; i < EBT_ARRAY_SIZE(stay); i++)
		write_old(&p, stay[i], "x");
	assert_int_equal(symlinkat("file", p.dir, "file.13.tmp"), 0);
	assert_int_equal(ebt_replace_begin(&r, p.dir, "file", &options), 0);
	snprintf(path, sizeof(path), "%s/file", p.path);
	ebt_replace_clean(AT_FDCWD, path);
	assert_int_equal(faccessat(p.dir, "file.4194305.tmp", F_OK, 0), -1);
	assert_int_equal(faccessat(p.dir, "file.12.tmp", F_OK, 0), -1);
	assert_holds(&p, "file", "old", 0640);
	for (size_t i = 0; i < EBT_ARRAY_SIZE(stay); i++)
		assert_int_equal(faccessat(p.dir, stay[i], F_OK, 0), 0);
	assert_int_equal(ebt_replace_commit(&r), 0);
	/* Of every file of the directory. */
	ebt_replace_clean(p.dir, NULL);
	assert_int_equal(unlinkat(p.dir, "other.5.tmp", 0), -1);
	assert_int_equal(unlinkat(p.dir, "file.1.2.tmp", 0), -1);
	assert_int_equal(unlinkat(p.dir, ".12.tmp", 0), -1);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(unlinkat(p.dir, stay[i], 0), 0);
	assert_int_equal(unlinkat(p.dir, "file.13.tmp", 0), 0);
	ebt_replace_clean(p.dir, "no/such/directory");
	teardown(&p, "file");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new_and_old), cmocka_unit_test(test_leftover),
		cmocka_unit_test(test_link),	    cmocka_unit_test(test_steps),
		cmocka_unit_test(test_errors),	    cmocka_unit_test(test_clean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
