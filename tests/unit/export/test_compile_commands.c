/* SPDX-License-Identifier: BSD-3-Clause */
/* Compilation databases from made-up execs: what is a compiler, what stays of its arguments. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "export/compile_args.h"
#include "export/compile_commands.h"
#include "sink/sink_test.h"

static unsigned sentences;

static void say(const char *sentence, void *arg)
{
	sentences++;
}

static struct ebt_event run(const char *program, struct ebt_bytes args)
{
	struct ebt_event ev = test_exec(args);

	ev.exec.filename = ebt_bytes_from(program);
	ev.exec.cwd = BYTES("/home/x/p");
	ev.exec.flags = EBT_EV_HAS_CWD | EBT_EV_HAS_EXE;
	return ev;
}

/* The database of these events; to be freed. */
static char *database(const struct ebt_event *events, size_t count, struct ebt_compile_stats *stats)
{
	struct ebt_compile_db *db = NULL;
	int fd = test_file();
	size_t len;
	char *text;

	sentences = 0;
	assert_int_equal(ebt_compile_db_new(&db), 0);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(ebt_compile_db_event(db, &events[i], say, NULL), 0);
	assert_int_equal(ebt_compile_db_write(db, fd), 0);
	if (stats)
		*stats = ebt_compile_db_stats(db);
	ebt_compile_db_free(&db);
	text = test_contents(fd, &len);
	assert_non_null(text);
	close(fd);
	return text;
}

static void test_programs(void **state)
{
	static const char *const yes[] = {
		"gcc",	 "/usr/bin/g++-12",   "x86_64-linux-gnu-gcc-4.9.2",
		"clang", "clang++-14",	      "cc",
		"c++",	 "arm-none-eabi-gcc", "gfortran"
	};
	static const char *const no[] = { "cc1",     "collect2",	"as",	  "gcc-ar",
					  "gccgo",   "clangd",		"notgcc", "gcc-",
					  "/gcc/ls", "clang-format-14", "" };

	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		assert_true(ebt_compile_is_compiler(ebt_bytes_from(yes[i])));
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		assert_false(ebt_compile_is_compiler(ebt_bytes_from(no[i])));
	assert_true(ebt_compile_is_wrapper(BYTES("/usr/bin/ccache")));
	assert_false(ebt_compile_is_wrapper(BYTES("gcc")));
}

static void test_entry(void **state)
{
	struct ebt_event ev =
		run("/usr/bin/gcc", BYTES("gcc\0-O2\0-MMD\0-MF\0x.d\0-I\0inc\0-o\0out/../a.o\0-lm\0"
					  "-Wl,-z\0-c\0src/./a.c\0@more\0"));
	char *text = database(&ev, 1, NULL);

	assert_string_equal(
		text,
		"[\n  {\"arguments\":[\"/usr/bin/gcc\",\"-O2\",\"-I\",\"inc\",\"-c\",\"@more\","
		"\"-o\",\"out/../a.o\",\"src/./a.c\"],\"directory\":\"/home/x/p\","
		"\"file\":\"/home/x/p/src/a.c\",\"output\":\"/home/x/p/a.o\"}\n]\n");
	free(text);
}

static void test_nothing_compiled(void **state)
{
	struct ebt_event events[] = {
		run("/usr/bin/gcc", BYTES("gcc\0-E\0a.c\0")),
		run("/usr/bin/gcc", BYTES("gcc\0-MM\0a.c\0")),
		run("/usr/bin/gcc", BYTES("gcc\0--version\0")),
		run("/usr/bin/clang", BYTES("clang\0-cc1\0a.c\0")),
		run("/usr/bin/gcc", BYTES("gcc\0a.o\0-o\0a\0")),
		run("/usr/bin/ls", BYTES("ls\0a.c\0")),
		run("/usr/bin/gcc", BYTES("gcc\0-include\0a.c\0")),
		run("/usr/bin/gcc", BYTES("")),
	};
	struct ebt_compile_stats stats;
	char *text = database(events, sizeof(events) / sizeof(events[0]), &stats);

	assert_string_equal(text, "[\n]\n");
	assert_int_equal(stats.entries, 0);
	assert_int_equal(sentences, 0);
	free(text);
}

/* Same file and output: once. Two sources: two entries. */
static void test_same_and_several(void **state)
{
	struct ebt_event events[] = {
		run("/usr/bin/cc", BYTES("cc\0-c\0a.c\0")),
		run("/usr/bin/cc", BYTES("cc\0-O3\0-c\0./a.c\0")),
		run("/usr/bin/cc", BYTES("cc\0-o\0p\0a.c\0b.c\0")),
	};
	struct ebt_compile_stats stats;
	char *text = database(events, 3, &stats);

	assert_int_equal(stats.entries, 3);
	assert_null(strstr(text, "-O3"));
	free(text);
}

static void test_wrapper(void **state)
{
	struct ebt_event events[] = {
		run("/usr/bin/ccache", BYTES("ccache\0gcc\0-c\0a.c\0")),
		run("/usr/bin/gcc", BYTES("gcc\0-c\0-o\0tmp.o\0a.c\0")), /* what it runs itself */
	};
	struct ebt_compile_stats stats;
	char *text;

	events[1].exec.ppid = events[0].exec.pid;
	events[1].exec.pid = 5555;
	text = database(events, 2, &stats);
	assert_int_equal(stats.entries, 1);
	assert_non_null(strstr(text, "[\"gcc\",\"-c\",\"a.c\"]"));
	free(text);
}

/* As the kernel hands argv to an interpreter: the entry has the script's own command line. */
static void test_script(void **state)
{
	static const struct {
		const char *program;
		struct ebt_bytes args;
	} forms[] = {
		{ "/w/cc", BYTES("/bin/sh\0/w/cc\0-c\0cc\0a.c\0") },
		{ "/w/cc", BYTES("/usr/bin/perl\0-w\0/w/cc\0-c\0cc\0a.c\0") },
		{ "/w/cc", BYTES("/usr/bin/env\0bash\0/w/cc\0-c\0cc\0a.c\0") },
		/* whose interpreter is a script */
		{ "/w/cc", BYTES("/bin/sh\0-e\0/w/run\0-q\0/w/cc\0-c\0cc\0a.c\0") },
		/* binfmt_misc with the flag P */
		{ "/w/cc", BYTES("/usr/bin/qemu-arm\0/w/cc\0cc\0-c\0cc\0a.c\0") },
		{ "../../../w/cc", BYTES("/bin/sh\0../../../w/cc\0-c\0cc\0a.c\0") },
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct ebt_event ev = run(forms[i].program, forms[i].args);
		char *text;

		ev.exec.flags |= EBT_EV_SCRIPT;
		ev.exec.exe = BYTES("/usr/bin/dash");
		text = database(&ev, 1, NULL);
		if (!strstr(text, "{\"arguments\":[\"/w/cc\",\"-c\",\"cc\",\"a.c\"],"))
			fail_msg("form %zu: %s", i, text);
		free(text);
	}
}

/* The script's name is not in its arguments: said, not guessed. */
static void test_script_unknown(void **state)
{
	struct ebt_event ev = run("/w/cc", BYTES("/bin/sh\0/else\0-c\0a.c\0"));
	struct ebt_compile_stats stats;

	ev.exec.flags |= EBT_EV_SCRIPT;
	free(database(&ev, 1, &stats));
	assert_int_equal(stats.entries, 0);
	assert_int_equal(stats.incomplete, 1);
	assert_int_equal(sentences, 1);
}

/* Wrappers that are scripts, and one before the other; below them nothing is taken again. */
static void test_wrapper_chains(void **state)
{
	struct ebt_event events[] = {
		run("/w/ccache", BYTES("/bin/sh\0/w/ccache\0gcc\0-c\0a.c\0")),
		run("/usr/bin/gcc", BYTES("gcc\0-c\0-o\0tmp.o\0a.c\0")),
		run("/usr/bin/ccache", BYTES("ccache\0distcc\0gcc\0-c\0b.c\0")),
		run("/usr/bin/distcc", BYTES("distcc\0gcc\0-c\0-o\0tmp.o\0b.c\0")),
		run("/usr/bin/gcc", BYTES("gcc\0-c\0-o\0tmp.o\0b.c\0")),
		run("/usr/bin/ccache", BYTES("ccache\0debug=true\0cc\0-c\0d.c\0")),
	};
	struct ebt_compile_stats stats;
	char *text;

	events[0].exec.flags |= EBT_EV_SCRIPT; /* and then exec "$@": the same process */
	for (uint32_t i = 2; i < 6; i++)
		events[i].exec.pid = 5000 + i;
	events[3].exec.ppid = events[2].exec.pid;
	events[4].exec.ppid = events[3].exec.pid;
	text = database(events, 6, &stats);
	assert_int_equal(stats.entries, 3);
	assert_int_equal(stats.compilers, 3);
	assert_non_null(strstr(text, "[\"gcc\",\"-c\",\"a.c\"]"));
	assert_non_null(strstr(text, "[\"gcc\",\"-c\",\"b.c\"]"));
	assert_non_null(strstr(text, "[\"cc\",\"-c\",\"d.c\"]"));
	free(text);
}

/* A wrapper that runs something else hides no compiler below it. */
static void test_wrapper_of_none(void **state)
{
	struct ebt_event events[] = {
		run("/usr/bin/ccache", BYTES("ccache\0./build\0a.c\0")),
		run("/usr/bin/gcc", BYTES("gcc\0-c\0a.c\0")),
		run("/usr/bin/ccache", BYTES("ccache\0--version\0")),
		run("/usr/bin/ccache", BYTES("ccache\0")),
	};
	struct ebt_compile_stats stats;

	events[1].exec.ppid = events[0].exec.pid;
	events[1].exec.pid = 5555;
	free(database(events, 4, &stats));
	assert_int_equal(stats.entries, 1);
	assert_int_equal(stats.compilers, 1);
	assert_int_equal(sentences, 0);
}

static void test_not_whole(void **state)
{
	static const uint32_t flags[] = { EBT_EV_ARGS_TRUNCATED, EBT_EV_ARGS_LOST,
					  EBT_EV_ARGS_FAULT, EBT_EV_CWD_TRUNCATED,
					  EBT_EV_FILENAME_TRUNCATED };

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		struct ebt_event ev = run("/usr/bin/gcc", BYTES("gcc\0-c\0a.c\0"));
		struct ebt_compile_stats stats;
		char *text;

		ev.exec.flags |= flags[i];
		text = database(&ev, 1, &stats);
		assert_int_equal(stats.entries, 0);
		assert_int_equal(stats.incomplete, 1);
		assert_int_equal(sentences, 1);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_programs),	 cmocka_unit_test(test_entry),
		cmocka_unit_test(test_nothing_compiled), cmocka_unit_test(test_same_and_several),
		cmocka_unit_test(test_wrapper),		 cmocka_unit_test(test_not_whole),
		cmocka_unit_test(test_script),		 cmocka_unit_test(test_script_unknown),
		cmocka_unit_test(test_wrapper_chains),	 cmocka_unit_test(test_wrapper_of_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
