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
#include <unistd.h>

#include <cmocka.h>

#include "base/output_place.h"

/* A directory with a file, a directory and links; the test runs in it. */
struct world {
	char dir[64];
};

static int set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	strcpy(w->dir, "/tmp/ebt-place.XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	assert_int_equal(chdir(w->dir), 0);
	assert_int_equal(mkdir("sub", 0700), 0);
	close(open("sub/file", O_CREAT | O_WRONLY, 0640));
	assert_int_equal(symlink("sub/file", "link"), 0);
	assert_int_equal(symlink("link", "chain"), 0);
	assert_int_equal(symlink("sub", "way"), 0);
	assert_int_equal(symlink("sub/new", "dangling"), 0);
	assert_int_equal(symlink("loop", "loop"), 0);
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", w->dir);
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(system(command), 0);
	free(w);
	return 0;
}

static void is_at(const struct world *w, const char *path, const char *want)
{
	struct ebt_output_place place;
	char why[512] = "", real[PATH_MAX], expected[PATH_MAX];

	assert_int_equal(ebt_output_find(&place, path, why, sizeof(why)), 0);
	assert_int_equal(ebt_output_path(&place, real), 0);
	snprintf(expected, sizeof(expected), "%s/%s", w->dir, want);
	assert_string_equal(real, expected);
	assert_false(place.is_open_file);
	assert_true(ebt_output_flags(&place) & O_NOFOLLOW);
	ebt_output_close(&place);
}

static void refused(const char *path, int err, const char *words)
{
	struct ebt_output_place place;
	char why[512] = "";

	assert_int_equal(ebt_output_find(&place, path, why, sizeof(why)), err);
	assert_non_null(strstr(why, words));
	assert_int_equal(place.dir, -1);
}

static void follows_own_links(void **state)
{
	const struct world *w = *state;
	char path[PATH_MAX];

	is_at(w, "new", "new");
	is_at(w, "./sub//new", "sub/new");
	is_at(w, "sub/../sub/file", "sub/file");
	is_at(w, "link", "sub/file");
	is_at(w, "chain", "sub/file");
	is_at(w, "way/new", "sub/new");
	is_at(w, "dangling", "sub/new");
	snprintf(path, sizeof(path), "%s/way/../chain", w->dir);
	is_at(w, path, "sub/file");
}

static void refuses_what_is_no_file(void **state)
{
	refused("loop", -ELOOP, "loop");
	refused("none/new", -ENOENT, "none/new");
	refused("sub/", -EISDIR, "sub/");
	refused(".", -EISDIR, "cannot write .");
	refused("link/new", -ENOTDIR, "link/new");
	refused("", -EISDIR, "cannot write");
}

/* Only root can make a link of another user. */
static void refuses_links_of_others(void **state)
{
	if (geteuid() != 0)
		skip();
	assert_int_equal(lchown("link", 65534, 65534), 0);
	refused("link", -EPERM, "'link' on the way is a symbolic link of user 65534");
	refused("chain", -EPERM, "user 65534");
	assert_int_equal(lchown("way", 65534, 65534), 0);
	refused("way/new", -EPERM, "'way' on the way");
	/* Those of root are followed by everybody. */
	assert_int_equal(lchown("link", 0, 0), 0);
	assert_int_equal(chmod(".", 0755), 0);
	assert_int_equal(chmod("sub", 0755), 0);
	assert_int_equal(seteuid(12345), 0);
	is_at(*state, "dangling", "sub/new");
	assert_int_equal(seteuid(0), 0);
}

static void knows_open_files(void **state)
{
	struct ebt_output_place place;
	char path[64], why[256];
	int fd = open("sub/file", O_WRONLY | O_CLOEXEC);

	snprintf(path, sizeof(path), "/dev/fd/%d", fd);
	assert_int_equal(ebt_output_find(&place, path, why, sizeof(why)), 0);
	assert_true(place.is_open_file);
	assert_false(ebt_output_flags(&place) & O_NOFOLLOW);
	ebt_output_close(&place);
	close(fd);
}

static void tells_the_mode(void **state)
{
	struct ebt_output_place place;
	char why[256];

	assert_int_equal(ebt_output_find(&place, "link", why, sizeof(why)), 0);
	assert_int_equal(ebt_output_mode(&place, 0644), 0640);
	ebt_output_close(&place);
	assert_int_equal(ebt_output_find(&place, "dangling", why, sizeof(why)), 0);
	assert_int_equal(ebt_output_mode(&place, 0644), 0644);
	ebt_output_close(&place);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(follows_own_links), T(refuses_what_is_no_file), T(refuses_links_of_others),
		T(knows_open_files),  T(tells_the_mode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
