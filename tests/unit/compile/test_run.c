/* SPDX-License-Identifier: BSD-3-Clause */
/* A request from its arguments to the bytes that the caller reads. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "compile/convert.h"
#include "compile/run.h"
#include "fake_libbcc.h"

static struct ebt_compile_request request;
static int home; /* a compile leaves the working directory */

static int set_up(void **state)
{
	(void)state;
	home = open(".", O_RDONLY | O_DIRECTORY);
	fake_module_fill();
	return 0;
}

static int tear_down(void **state)
{
	int err = fchdir(home);

	(void)state;
	close(home);
	return err;
}

static int parse(const char *a, const char *b, const char *c, const char *d)
{
	char *argv[] = {
		(char *)"execbig-compile", (char *)a, (char *)b, (char *)c, (char *)d, NULL
	};
	int argc = 0;

	while (argv[argc])
		argc++;
	return ebt_compile_parse(argc, argv, &request);
}

static void test_parse(void **state)
{
	(void)state;
	assert_int_equal(parse("--headers", "/inc", "-DA=1", "-I/x"), 0);
	assert_string_equal(request.headers, "/inc");
	assert_false(request.listing);
	assert_false(request.disassemble);
	assert_int_equal(request.n_flags, 3);
	assert_string_equal(request.flags[0], "-g0");
	assert_string_equal(request.flags[1], "-DA=1");
	assert_string_equal(request.flags[2], "-I/x");
	/* The Lab asks for lines, and so for debug information. */
	assert_int_equal(parse("-g", "--headers", "/inc", "--listing"), 0);
	assert_true(request.listing);
	assert_int_equal(request.n_flags, 1);
	assert_string_equal(request.flags[0], "-g");
	assert_int_equal(parse("--headers", "/inc", "-Wall", NULL), 0);
	assert_string_equal(request.flags[1], "-Wall");
	assert_int_equal(parse("--disassemble", NULL, NULL, NULL), 0);
	assert_true(request.disassemble);
	assert_null(request.headers);
}

static void test_parse_refused(void **state)
{
	char *argv[EBT_COMPILE_FLAGS + 4] = { (char *)"execbig-compile", (char *)"--headers",
					      (char *)"/inc" };
	int argc = 3;

	(void)state;
	assert_int_equal(parse(NULL, NULL, NULL, NULL), -EINVAL);
	assert_int_equal(parse("-DA", NULL, NULL, NULL), -EINVAL);
	assert_int_equal(parse("--headers", NULL, NULL, NULL), -EINVAL);
	assert_int_equal(parse("--headers", "/inc", "-O3", NULL), -EINVAL);
	assert_int_equal(parse("--headers", "/inc", "x.c", NULL), -EINVAL);
	while (argc < EBT_COMPILE_FLAGS + 2)
		argv[argc++] = (char *)"-DA";
	assert_int_equal(ebt_compile_parse(argc, argv, &request), 0);
	assert_int_equal(request.n_flags, EBT_COMPILE_FLAGS);
	argv[argc++] = (char *)"-DA";
	assert_int_equal(ebt_compile_parse(argc, argv, &request), -E2BIG);
}

static int run(const char *text, struct ebt_buf *out)
{
	_cleanup_buf_ struct ebt_buf in = { 0 };

	assert_int_equal(ebt_buf_puts(&in, text), 0);
	return ebt_compile_run(&request, &in, out);
}

static bool has_flag(const char *flag)
{
	for (int i = 0; i < fake_module.n_flags; i++) {
		if (strcmp(fake_module.flags[i], flag) == 0)
			return true;
	}
	return false;
}

static void test_compile(void **state)
{
	_cleanup_buf_ struct ebt_buf out = { 0 };
	_cleanup_image_ struct ebt_image *im = NULL;
	const char *why;
	char where[16];

	(void)state;
	assert_int_equal(parse("--headers", "/inc", "-DA=1", NULL), 0);
	assert_int_equal(run("int a;\n\n", &out), 0);
	assert_int_equal(ebt_image_parse(&im, out.data, out.len, &why), 0);
	assert_int_equal(im->n_progs, 2);
	assert_string_equal(fake_module.text, "int a;\n\n");
	assert_string_equal(getenv("BCC_KERNEL_SOURCE"), "/inc");
	assert_string_equal(getcwd(where, sizeof(where)), "/");
	assert_true(has_flag("-g0"));
	assert_true(has_flag("-DA=1"));
	assert_true(has_flag("-disable-llvm-passes"));
}

/* Clang's own passes are left in where only they do what the text asks for. */
static void test_passes(void **state)
{
	_cleanup_buf_ struct ebt_buf out = { 0 };

	(void)state;
	assert_int_equal(parse("--headers", "/inc", NULL, NULL), 0);
	assert_int_equal(run("__attribute__((preserve_access_index))", &out), 0);
	assert_false(has_flag("-disable-llvm-passes"));
	assert_int_equal(fake_module.n_flags, 1);
	/* No room for the two flags. */
	ebt_buf_reset(&out);
	assert_int_equal(parse("--headers", "/inc", NULL, NULL), 0);
	while (request.n_flags < EBT_COMPILE_FLAGS - 1)
		request.flags[request.n_flags++] = "-DA";
	assert_int_equal(run("", &out), 0);
	assert_int_equal(fake_module.n_flags, EBT_COMPILE_FLAGS - 1);
	ebt_buf_reset(&out);
	request.n_flags--;
	assert_int_equal(run("", &out), 0);
	assert_int_equal(fake_module.n_flags, EBT_COMPILE_FLAGS);
}

static void test_listing(void **state)
{
	_cleanup_buf_ struct ebt_buf out = { 0 };
	_cleanup_image_ struct ebt_image *im = NULL;
	uint64_t bytes = 0;
	const char *why;

	(void)state;
	assert_int_equal(parse("--headers", "/inc", "--listing", "-g"), 0);
	assert_int_equal(run("#line 1 \"a.c\"\n\nint a;\n", &out), 0);
	/* The compiler gets more marks. */
	assert_string_equal(fake_module.text, "#line 1 \"a.c\"\n#line 1 \"a.c\"\n\nint a;\n");
	memcpy(&bytes, out.data, sizeof(bytes));
	assert_true(bytes > 0 && bytes <= out.len - sizeof(bytes));
	assert_int_equal(ebt_image_parse(&im, out.data + sizeof(bytes), bytes, &why), 0);
	/* No function of this module has lines. */
	assert_int_equal(out.len, sizeof(bytes) + bytes);
}

static void test_refused(void **state)
{
	_cleanup_buf_ struct ebt_buf out = { 0 };

	(void)state;
	assert_int_equal(parse("--headers", "/inc", NULL, NULL), 0);
	fake_module.refuses = true;
	assert_int_equal(run("int a", &out), 1);
	assert_int_equal(out.len, 0);
	fake_module.refuses = false;
	fake_module.functions[0].insns[0].imm = 77;
	assert_int_equal(run("int a;", &out), 1);
	assert_int_equal(out.len, 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_parse),	T(test_parse_refused), T(test_compile),
		T(test_passes), T(test_listing),       T(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
