/* SPDX-License-Identifier: BSD-3-Clause */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "image/cache.h"
#include "image_test.h"

struct place {
	char path[64];
	int dir;
	struct ebt_bytes key;
};

static int set_up(void **state)
{
	struct place *p = calloc(1, sizeof(*p));
	char why[256];

	strcpy(p->path, "/tmp/ebt-cache-XXXXXX");
	if (!mkdtemp(p->path))
		return -1;
	p->dir = ebt_cache_open(p->path, false, why, sizeof(why));
	p->key = ebt_bytes_from(IMAGE_TEST_KEY);
	*state = p;
	return p->dir < 0 ? -1 : 0;
}

static int take_down(void **state)
{
	struct place *p = *state;
	char command[128];

	close(p->dir);
	snprintf(command, sizeof(command), "rm -rf %s", p->path);
	free(p);
	return system(command);
}

static void store(struct place *p)
{
	_cleanup_image_ struct ebt_image *im = image_test_new();
	_cleanup_buf_ struct ebt_buf file = { 0 };

	assert_int_equal(ebt_image_write(im, &file), 0);
	assert_int_equal(
		ebt_cache_store_image(p->dir, p->key, (struct ebt_bytes){ file.data, file.len }),
		0);
}

static char last_why[256];

static int load(struct place *p, struct ebt_bytes key)
{
	_cleanup_image_ struct ebt_image *im = NULL;
	char why[256] = "";
	int err = ebt_cache_load_image(p->dir, key, &im, why, sizeof(why));

	strcpy(last_why, why);
	assert_true((err == 0) == (im != NULL));
	if (err == -EBADMSG)
		assert_true(strlen(why) > 10);
	return err;
}

/* The one entry's name. */
static void entry(struct place *p, char out[300])
{
	_cleanup_closedir_ DIR *d = opendir(p->path);
	struct dirent *e;

	while ((e = readdir(d))) {
		if (e->d_name[0] != '.')
			snprintf(out, 300, "%s/%s", p->path, e->d_name);
	}
}

static void test_store_load(void **state)
{
	struct place *p = *state;

	assert_int_equal(load(p, p->key), -ENOENT);
	store(p);
	assert_int_equal(load(p, p->key), 0);
	assert_int_equal(load(p, ebt_bytes_from("another key")), -ENOENT);
}

static void test_damaged(void **state)
{
	struct place *p = *state;
	char name[300];
	int fd;

	store(p);
	entry(p, name);
	fd = open(name, O_WRONLY);
	assert_int_equal(pwrite(fd, "x", 1, 100), 1);
	close(fd);
	assert_int_equal(load(p, p->key), -EBADMSG);
	assert_int_equal(truncate(name, 10), 0);
	assert_int_equal(load(p, p->key), -EBADMSG);
	/* made anew in its place */
	store(p);
	assert_int_equal(load(p, p->key), 0);
}

static void test_writable_by_others(void **state)
{
	struct place *p = *state;
	char name[300];

	store(p);
	entry(p, name);
	assert_int_equal(chmod(name, 0622), 0);
	assert_int_equal(load(p, p->key), -EBADMSG);
	assert_non_null(strstr(last_why, "is not a regular file that only uid"));
}

static void test_symlink(void **state)
{
	struct place *p = *state;
	char name[300], real[310];

	store(p);
	entry(p, name);
	snprintf(real, sizeof(real), "%s.real", name);
	assert_int_equal(rename(name, real), 0);
	assert_int_equal(symlink(real, name), 0);
	assert_int_equal(load(p, p->key), -EBADMSG);
}

/* An image under the name of another key: the key inside decides. */
static void test_other_key(void **state)
{
	struct place *p = *state;
	_cleanup_image_ struct ebt_image *im = image_test_new();
	_cleanup_buf_ struct ebt_buf file = { 0 };
	struct ebt_bytes other = ebt_bytes_from("other");

	ebt_image_write(im, &file);
	assert_int_equal(
		ebt_cache_store_image(p->dir, other, (struct ebt_bytes){ file.data, file.len }), 0);
	assert_int_equal(load(p, other), -EBADMSG);
}

static void test_directory(void **state)
{
	struct place *p = *state;
	char why[512] = "", link[80];
	int fd;

	chmod(p->path, 0777);
	assert_int_equal(ebt_cache_open(p->path, false, why, sizeof(why)), -EPERM);
	assert_non_null(strstr(why, p->path));
	chmod(p->path, 0700);
	snprintf(link, sizeof(link), "%s/link", p->path);
	assert_int_equal(symlink(p->path, link), 0);
	/* A link of our own is followed. */
	fd = ebt_cache_open(link, false, why, sizeof(why));
	assert_true(fd >= 0);
	close(fd);
	if (geteuid() == 0) {
		assert_int_equal(lchown(link, 12345, 12345), 0);
		assert_int_equal(ebt_cache_open(link, false, why, sizeof(why)), -EPERM);
		assert_non_null(strstr(why, "is a symbolic link of user 12345"));
	}
	assert_int_equal(ebt_cache_open("/tmp/ebt-no-such-place", false, why, sizeof(why)),
			 -ENOENT);
}

static void test_bounded(void **state)
{
	struct place *p = *state;
	_cleanup_closedir_ DIR *d = NULL;
	int n = 0;

	for (int i = 0; i < 80; i++) {
		char key[16];

		snprintf(key, sizeof(key), "key %d", i);
		assert_int_equal(
			ebt_cache_store_image(p->dir, ebt_bytes_from(key), ebt_bytes_from("x")), 0);
	}
	d = opendir(p->path);
	while (readdir(d))
		n++;
	assert_int_equal(n - 2, 64);
}

static void test_members(void **state)
{
	struct place *p = *state;
	_cleanup_image_ struct ebt_image *im = image_test_new();
	uint32_t value = 1234, back = 0;
	char why[256], name[300];
	int fd;

	assert_int_equal(ebt_cache_load_members(p->dir, im, &back, why, sizeof(why)), -ENOENT);
	assert_int_equal(ebt_cache_store_members(p->dir, im, &value), 0);
	assert_int_equal(ebt_cache_load_members(p->dir, im, &back, why, sizeof(why)), 0);
	assert_int_equal(back, value);
	entry(p, name);
	fd = open(name, O_WRONLY);
	assert_int_equal(pwrite(fd, "x", 1, 48), 1);
	close(fd);
	assert_int_equal(ebt_cache_load_members(p->dir, im, &back, why, sizeof(why)), -EBADMSG);
	/* other members are another table */
	strcpy(im->members[0].path, "task_struct.tgid");
	assert_int_equal(ebt_cache_load_members(p->dir, im, &back, why, sizeof(why)), -ENOENT);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, take_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_store_load), T(test_damaged),   T(test_writable_by_others),
		T(test_symlink),    T(test_other_key), T(test_directory),
		T(test_bounded),    T(test_members)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
