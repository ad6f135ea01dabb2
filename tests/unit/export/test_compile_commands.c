/* SPDX-License-Identifier: BSD-3-Clause */
/* Compilation databases from made-up execs: what is a compiler, what stays of its arguments. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "export/compile_args.h"
#include "export/compile_append.h"
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
	ev.exec.euid = 1000;
	return ev;
}

/* Return the database of these events, which the caller frees. */
static char *database_with(const struct ebt_compile_options *options,
			   const struct ebt_event *events, size_t count,
			   struct ebt_compile_stats *stats)
{
	struct ebt_compile_db *db = NULL;
	int fd = test_file();
	size_t len;
	char *text;

	sentences = 0;
	assert_int_equal(ebt_compile_db_new(&db, options), 0);
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

static char *database(const struct ebt_event *events, size_t count, struct ebt_compile_stats *stats)
{
	static const struct ebt_compile_options none = { 0 };

	return database_with(&none, events, count, stats);
}

/* Files as the tests pretend: a list of path and contents, ended by NULL. */
static int files_exists(const char *path, void *arg)
{
	const char *const *files = arg;

	for (; *files; files += 2)
		if (strcmp(*files, path) == 0)
			return 0;
	return strstr(path, "/secret/") ? -EACCES : -ENOENT;
}

static int files_open(const char *path, uint32_t uid, void *arg)
{
	const char *const *files = arg;

	assert_int_equal(uid, 1000);
	for (; *files; files += 2) {
		int fd;

		if (strcmp(*files, path) != 0)
			continue;
		fd = test_file();
		assert_int_equal(write(fd, files[1], strlen(files[1])), strlen(files[1]));
		lseek(fd, 0, SEEK_SET);
		return fd;
	}
	return -ENOENT;
}

static char *database_on(const char *const *paths, const struct ebt_event *events, size_t count,
			 struct ebt_compile_stats *stats)
{
	struct ebt_compile_files files = { files_exists, files_open, (void *)paths };
	struct ebt_compile_options options = { .files = &files };

	return database_with(&options, events, count, stats);
}

static void test_programs(void **state)
{
	static const char *const yes[] = { "gcc",
					   "/usr/bin/g++-12",
					   "x86_64-linux-gnu-gcc-4.9.2",
					   "clang",
					   "clang++-14",
					   "cc",
					   "c++",
					   "arm-none-eabi-gcc",
					   "gfortran",
					   "gcc12",
					   "clang16",
					   "g++4.9",
					   "mcc",
					   "/opt/cuda/bin/nvcc",
					   "icx" };
	static const char *const no[] = {
		"cc1", "collect2", "as",     "gcc-ar", "gccgo",	  "clangd",	     "12",
		"-12", "xgcc12",   "notgcc", "gcc-",   "/gcc/ls", "clang-format-14", ""
	};

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

/* A source that is gone is left out and counted; what cannot be asked is kept. */
static void test_missing_source(void **state)
{
	static const char *const files[] = { "/home/x/p/a.c", "", NULL };
	struct ebt_event events[] = {
		run("/usr/bin/gcc", BYTES("gcc\0-c\0a.c\0conftest.c\0")),
		run("/usr/bin/gcc", BYTES("gcc\0-c\0/secret/b.c\0")),
	};
	struct ebt_compile_stats stats;
	char *text = database_on(files, events, 2, &stats);

	assert_int_equal(stats.entries, 2);
	assert_int_equal(stats.missing_sources, 1);
	assert_non_null(strstr(text, "/home/x/p/a.c"));
	assert_non_null(strstr(text, "/secret/b.c"));
	assert_null(strstr(text, "\"file\":\"/home/x/p/conftest.c\""));
	free(text);
}

/* Response files that name the sources are read, also nested, with quotes; cycles end. */
static void test_response_file(void **state)
{
	static const char *const files[] = {
		"/home/x/p/a.c",
		"",
		"/home/x/p/b b.c",
		"",
		"/home/x/p/all",
		"-c -DX='a b' @/abs/more\n\t-o a.o a.c",
		"/abs/more",
		"\"b b.c\" -DY=\\\"q\\\" ''",
		"/home/x/p/loop",
		"@loop -c a.c",
		NULL,
	};
	struct ebt_event ev = run("/usr/bin/gcc", BYTES("gcc\0@all\0"));
	struct ebt_compile_stats stats;
	char *text = database_on(files, &ev, 1, &stats);

	assert_int_equal(stats.entries, 2);
	assert_int_equal(stats.in_response_file, 0);
	assert_non_null(strstr(text, "[\"/usr/bin/gcc\",\"-c\",\"-DX=a b\",\"-DY=\\\"q\\\"\",\"\","
				     "\"-o\",\"a.o\",\"b b.c\"]"));
	free(text);

	ev = run("/usr/bin/gcc", BYTES("gcc\0@gone\0"));
	free(database_on(files, &ev, 1, &stats));
	assert_int_equal(stats.entries, 0);
	assert_int_equal(stats.in_response_file, 1);

	ev = run("/usr/bin/gcc", BYTES("gcc\0@loop\0"));
	free(database_on(files, &ev, 1, &stats));
	assert_int_equal(stats.entries, 1);

	/* Without files to ask the lack is counted. */
	ev = run("/usr/bin/gcc", BYTES("gcc\0@all\0"));
	free(database(&ev, 1, &stats));
	assert_int_equal(stats.in_response_file, 1);
}

/* -x makes every file a source until -x none; headers are sources as well. */
static void test_languages(void **state)
{
	struct ebt_event events[] = {
		run("/usr/bin/gcc", BYTES("gcc\0-x\0c-header\0pch\0-o\0pch.gch\0")),
		run("/usr/bin/gcc", BYTES("gcc\0pch.h\0")),
		run("/usr/bin/gcc", BYTES("gcc\0-xc\0-c\0in.txt\0-x\0none\0lib.txt\0")),
		run("/usr/bin/gcc", BYTES("gcc\0-xc\0-c\0-\0")),
	};
	struct ebt_compile_stats stats;
	char *text = database(events, 4, &stats);

	assert_int_equal(stats.entries, 3);
	assert_non_null(strstr(text, "[\"/usr/bin/gcc\",\"-c\",\"-x\",\"c-header\",\"-o\","
				     "\"pch.gch\",\"pch\"]"));
	assert_non_null(strstr(text, "\"file\":\"/home/x/p/in.txt\""));
	free(text);
}

static void test_nvcc(void **state)
{
	struct ebt_event ev =
		run("/opt/cuda/bin/nvcc", BYTES("nvcc\0-ccbin\0g++.c\0-dc\0k.cu\0-o\0k.o\0"));
	struct ebt_compile_stats stats;
	char *text = database(&ev, 1, &stats);

	assert_int_equal(stats.entries, 1);
	assert_non_null(strstr(text, "\"-ccbin\",\"g++.c\",\"-dc\",\"-o\",\"k.o\",\"k.cu\"]"));
	free(text);
}

/* Variables that add include directories become options, as in Bear's databases. */
static void test_environment(void **state)
{
	struct ebt_event ev = run("/usr/bin/gcc", BYTES("gcc\0-c\0a.c\0"));
	char *text;

	ev.exec.env = BYTES("CPATH=:inc\0HOME=/x\0OBJC_INCLUDE_PATH=o\0C_INCLUDE_PATH=\0");
	text = database(&ev, 1, NULL);
	assert_null(strstr(text, "inc"));
	free(text);
	ev.exec.flags |= EBT_EV_HAS_ENV;
	text = database(&ev, 1, NULL);
	assert_non_null(
		strstr(text, "\"-c\",\"-I\",\".\",\"-I\",\"inc\",\"-isystem\",\"o\",\"a.c\"]"));
	free(text);
}

/* An earlier database adds what the new one does not have, and nothing that is gone. */
static void test_append(void **state)
{
	static const char *const paths[] = { "/home/x/p/a.c", "", "/home/x/p/old.c", "", NULL };
	static const char before[] =
		"[{\"directory\":\"/home/x/p\",\"file\":\"a.c\",\"command\":\"cc a.c\"},"
		"{\"directory\":\"/home/x/p\",\"file\":\"old.c\",\"command\":\"cc old.c\"},"
		"{\"directory\":\"/home/x/p\",\"file\":\"gone.c\",\"command\":\"cc gone.c\"}]";
	static const char *const bad[] = { "{}", "[{\"file\":\"a.c\"}]", "[", "[1]" };
	struct ebt_compile_files files = { files_exists, files_open, (void *)paths };
	struct ebt_compile_options options = { .files = &files };
	struct ebt_event ev = run("/usr/bin/gcc", BYTES("gcc\0-c\0a.c\0"));
	struct ebt_compile_db *db = NULL;
	char why[200];

	assert_int_equal(ebt_compile_db_new(&db, &options), 0);
	assert_int_equal(ebt_compile_db_event(db, &ev, say, NULL), 0);
	assert_int_equal(ebt_compile_db_append(db, BYTES(before), why, sizeof(why)), 0);
	assert_int_equal(ebt_compile_db_stats(db).entries, 2);
	assert_int_equal(ebt_compile_db_stats(db).missing_sources, 1);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		*why = '\0';
		assert_int_equal(
			ebt_compile_db_append(db, ebt_bytes_from(bad[i]), why, sizeof(why)),
			-EBADMSG);
		assert_true(*why);
	}
	ebt_compile_db_free(&db);
}

static void test_named_compilers(void **state)
{
	static const char *const names[] = { "mycc", "/opt/x/cc1", NULL };
	struct ebt_compile_options options = { .compilers = names };
	struct ebt_event events[] = {
		run("/usr/bin/mycc", BYTES("mycc\0-c\0a.c\0")),
		run("/opt/x/cc1", BYTES("cc1\0-c\0b.c\0")),
		run("/opt/y/cc1", BYTES("cc1\0-c\0c.c\0")),
	};
	struct ebt_compile_stats stats;

	free(database_with(&options, events, 3, &stats));
	assert_int_equal(stats.entries, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_programs),	 cmocka_unit_test(test_entry),
		cmocka_unit_test(test_nothing_compiled), cmocka_unit_test(test_same_and_several),
		cmocka_unit_test(test_wrapper),		 cmocka_unit_test(test_not_whole),
		cmocka_unit_test(test_script),		 cmocka_unit_test(test_script_unknown),
		cmocka_unit_test(test_wrapper_chains),	 cmocka_unit_test(test_wrapper_of_none),
		cmocka_unit_test(test_missing_source),	 cmocka_unit_test(test_response_file),
		cmocka_unit_test(test_languages),	 cmocka_unit_test(test_nvcc),
		cmocka_unit_test(test_environment),	 cmocka_unit_test(test_named_compilers),
		cmocka_unit_test(test_append),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
