/* SPDX-License-Identifier: BSD-3-Clause */
/* Two outputs with one place are refused, under whatever names, and before either exists. */
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
#include "config/output_targets.h"

static char dir[] = "/tmp/ebt-targets-XXXXXX";

static int set_up(void **state)
{
	return mkdtemp(dir) && chdir(dir) == 0 ? 0 : -1;
}

static int tear_down(void **state)
{
	static const char *const names[] = { "a", "b", "link" };

	for (size_t i = 0; i < EBT_ARRAY_SIZE(names); i++)
		unlink(names[i]);
	return chdir("/") || rmdir(dir);
}

static bool differ(const struct ebt_options *o)
{
	char why[512] = "";
	bool yes = ebt_output_targets_differ(o, why, sizeof(why));

	assert_int_equal(why[0] == '\0', yes);
	return yes;
}

static void touch(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT, 0600);

	assert_true(fd >= 0);
	close(fd);
}

static void test_names(void **state)
{
	struct ebt_options o = { .write_file = "a", .sqlite_file = "b" };

	assert_true(differ(&o));
	o.sqlite_file = "a";
	assert_false(differ(&o));
	o.sqlite_file = "./../ebt-targets-x/../a";
	assert_true(differ(&o)); /* the directory does not exist: opening it fails later */
	o.sqlite_file = "./a";
	assert_false(differ(&o));
	o = (struct ebt_options){ .sqlite_file = "a", .metrics_file = "a-wal" };
	assert_false(differ(&o));
	o.metrics_file = "a-waltz";
	assert_true(differ(&o));
	/* The parts of a recording, where there are any. */
	o = (struct ebt_options){ .write_file = "a", .metrics_file = "a.12" };
	assert_true(differ(&o));
	o.rotate.given = true;
	assert_false(differ(&o));
	o.metrics_file = "a.12.prom";
	assert_true(differ(&o));
}

static void test_links(void **state)
{
	struct ebt_options o = { .write_file = "a", .metrics_file = "link" };

	assert_int_equal(symlink("a", "link"), 0);
	assert_false(differ(&o)); /* by the name it leads to */
	touch("a");
	assert_false(differ(&o));
	unlink("link");
	assert_int_equal(link("a", "link"), 0);
	assert_false(differ(&o));
	unlink("link");
	touch("link");
	assert_true(differ(&o));
	unlink("link");
	unlink("a");
}

/* Standard output is a target of the lines, unless there are none. */
static void test_standard_output(void **state)
{
	struct ebt_options o = { .write_file = "a" };
	int saved = dup(STDOUT_FILENO), fd = open("a", O_WRONLY | O_CREAT, 0600);
	bool lines, quiet, dash, null;

	assert_true(saved >= 0 && fd >= 0);
	dup2(fd, STDOUT_FILENO);
	lines = differ(&o);
	o.write_file = "-";
	dash = differ(&o);
	o.quiet = true;
	quiet = differ(&o);
	close(fd);
	fd = open("/dev/null", O_WRONLY);
	dup2(fd, STDOUT_FILENO);
	o = (struct ebt_options){ .write_file = "/dev/null" };
	null = differ(&o);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	close(fd);
	unlink("a");
	assert_false(lines);
	assert_false(dash);
	assert_true(quiet);
	assert_true(null);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_standard_output),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
