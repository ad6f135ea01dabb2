/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/command_file.h"

/* The first argument, the file as it was passed, the file that runs, what is to be shown. */
static const struct {
	const char *arg, *filename, *exe, *shown;
	bool failed, script;
} cases[] = {
	/* named by its path, by either path, or as a search along PATH does */
	{ "/bin/true", "/bin/true", "/usr/bin/true", "", false, false },
	{ "/usr/bin/true", "/proc/self/exe", "/usr/bin/true", "", false, false },
	{ "true", "/bin/true", "/usr/bin/true", "", false, false },
	{ "sh", "/bin/sh", "/usr/bin/dash", "", false, false },
	{ "-bash", "/bin/bash", "/usr/bin/bash", "", false, false },
	{ "./x", "./x", "", "", false, false },
	/* empty, another name, another path, not a login shell */
	{ "", "/bin/true", "/usr/bin/true", "/usr/bin/true", false, false },
	{ "innocent", "/tmp/evil", "/tmp/evil", "/tmp/evil", false, false },
	{ "/usr/bin/ssh", "/tmp/ssh", "/tmp/ssh", "/tmp/ssh", false, false },
	{ "-", "/bin/bash", "/usr/bin/bash", "/usr/bin/bash", false, false },
	{ "innocent", "/tmp/evil", "", "/tmp/evil", false, false },
	{ "", "", "/usr/bin/true", "/usr/bin/true", false, false },
	/* not known what was passed */
	{ "cc", "", "/usr/bin/gcc-12", "", false, false },
	/* of a script the kernel writes the interpreter before the arguments */
	{ "/bin/sh", "./script", "/usr/bin/dash", "", false, true },
	/* of a failed exec the file that was passed counts */
	{ "gcc", "/usr/local/bin/gcc", "", "/usr/local/bin/gcc", true, false },
	{ "./x", "./x", "", "", true, false },
	{ "x", "", "", "", true, false },
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < EBT_ARRAY_SIZE(cases); i++) {
		char args[64];
		struct ebt_exec_command c = { .filename = ebt_bytes_from(cases[i].filename),
					      .exe = ebt_bytes_from(cases[i].exe),
					      .failed = cases[i].failed,
					      .script = cases[i].script };
		struct ebt_bytes shown;
		int len = snprintf(args, sizeof(args), "%s%csecond%c", cases[i].arg, 0, 0);

		c.args = (struct ebt_bytes){ args, (size_t)len };
		shown = ebt_command_file(&c);
		if (!ebt_bytes_equal(shown, ebt_bytes_from(cases[i].shown)))
			fail_msg("%s of %s: %.*s", cases[i].arg, cases[i].filename, (int)shown.len,
				 shown.data);
	}
}

static void test_no_arguments(void **state)
{
	struct ebt_exec_command c = { .filename = ebt_bytes_from("/bin/true") };

	(void)state;
	assert_int_equal(ebt_command_file(&c).len, 0);
}

static void test_no_file(void **state)
{
	struct ebt_exec_command c = { .filename = ebt_bytes_from("x"), .failed = true };

	(void)state;
	assert_null(ebt_command_no_file(&c));
	c.filename.len = 0;
	assert_string_equal(ebt_command_no_file(&c), "''");
	c.filename_unread = true;
	assert_string_equal(ebt_command_no_file(&c), "file name unknown");
	c.failed = false;
	assert_null(ebt_command_no_file(&c));
}

/* Of a process that ran before, the command name says whether the first argument is forged. */
static void test_before(void **state)
{
	static const struct {
		const char *args, *comm, *shown;
	} befores[] = {
		{ "sleep", "sleep", "" },
		{ "-dash", "dash", "" },
		{ "other", "renamed", "" }, /* exe has that name, see below */
		{ "", "sleep", "/usr/bin/other" },
		{ "innocent", "sleep", "/usr/bin/other" },
		{ "systemd-timesyncd", "systemd-timesyn", "" },
	};
	struct ebt_exec_command script = { .before = true,
					   .exe = ebt_bytes_from("/usr/bin/dash"),
					   .comm = ebt_bytes_from("run"),
					   .args = { "/bin/sh\0./run", 14 } };

	(void)state;
	for (size_t i = 0; i < EBT_ARRAY_SIZE(befores); i++) {
		struct ebt_exec_command c = { .before = true,
					      .exe = ebt_bytes_from("/usr/bin/other"),
					      .comm = ebt_bytes_from(befores[i].comm),
					      .args = { befores[i].args,
							strlen(befores[i].args) + 1 } };
		struct ebt_bytes shown = ebt_command_file(&c);

		if (!ebt_bytes_equal(shown, ebt_bytes_from(befores[i].shown)))
			fail_msg("%s: %.*s", befores[i].args, (int)shown.len, shown.data);
		assert_null(ebt_command_no_file(&c));
		c.exe.len = 0;
		assert_int_equal(ebt_command_no_file(&c) != NULL, !befores[i].args[0]);
	}
	assert_int_equal(ebt_command_file(&script).len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_cases),
					    cmocka_unit_test(test_no_arguments),
					    cmocka_unit_test(test_no_file),
					    cmocka_unit_test(test_before) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
