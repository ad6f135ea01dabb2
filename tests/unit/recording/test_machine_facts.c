/* SPDX-License-Identifier: BSD-3-Clause */
/* Facts about a machine: what is collected of this one, and what is taken of a recording. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "config/options.h"
#include "recording/machine_facts.h"

static void test_collect(void **state)
{
	char *argv[] = { (char *)"make", (char *)"a b", NULL };
	struct ebt_options options = { .command = argv, .command_argc = 2 };
	struct ebt_facts facts = { 0 };
	struct utsname uts;
	char number[32], boot_id[64] = "";
	_cleanup_fclose_ FILE *f = fopen("/proc/sys/kernel/random/boot_id", "re");
	size_t at = 0, n = 0;

	(void)state;
	assert_int_equal(ebt_facts_collect(&facts, &options), 0);
	assert_int_equal(uname(&uts), 0);
	assert_string_equal(ebt_facts_get(&facts, "host"), uts.nodename);
	assert_string_equal(ebt_facts_get(&facts, "kernel"), uts.release);
	assert_string_equal(ebt_facts_get(&facts, "kernel_build"), uts.version);
	assert_string_equal(ebt_facts_get(&facts, "arch"), uts.machine);
	snprintf(number, sizeof(number), "%ld", sysconf(_SC_PAGESIZE));
	assert_string_equal(ebt_facts_get(&facts, "page_bytes"), number);
	/* A file's first line, whole and without its end. */
	assert_non_null(fgets(boot_id, sizeof(boot_id), f));
	boot_id[strcspn(boot_id, "\n")] = '\0';
	assert_string_equal(ebt_facts_get(&facts, "boot_id"), boot_id);
	assert_string_equal(ebt_facts_get(&facts, "command"), "make 'a b'");
	assert_null(ebt_facts_get(&facts, "comman"));
	while (ebt_facts_next(&facts, &at))
		n++;
	assert_true(n >= 8);
	ebt_facts_free(&facts);
	/* Without a command there is no such fact. */
	options.command_argc = 0;
	assert_int_equal(ebt_facts_collect(&facts, &options), 0);
	assert_null(ebt_facts_get(&facts, "command"));
	ebt_facts_free(&facts);
}

static void test_parse(void **state)
{
	static const char text[] = "host=here\0nonsense\0\0os=this = that\0cut=of";
	struct ebt_facts facts = { 0 };
	size_t at = 0;

	(void)state;
	assert_int_equal(ebt_facts_parse(&facts, (struct ebt_bytes){ text, sizeof(text) - 1 }), 0);
	assert_string_equal(ebt_facts_next(&facts, &at), "host=here");
	assert_string_equal(ebt_facts_next(&facts, &at), "os=this = that");
	assert_null(ebt_facts_next(&facts, &at));
	assert_string_equal(ebt_facts_get(&facts, "os"), "this = that");
	assert_null(ebt_facts_get(&facts, "cut"));
	/* They replace those before. */
	assert_int_equal(ebt_facts_parse(&facts, (struct ebt_bytes){ text, 10 }), 0);
	assert_null(ebt_facts_get(&facts, "os"));
	assert_string_equal(ebt_facts_get(&facts, "host"), "here");
	ebt_facts_free(&facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_collect),
		cmocka_unit_test(test_parse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
