/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/options.h"
#include "app/options_table.h"
#include "base/cleanup.h"
#include "ebt_abi.h"

#define ARGS_MAX 100

/* A parsed command line, and what was said about it. */
struct run {
	struct ebt_options o;
	enum ebt_options_result result;
	char out[16384], err[4096];
	char *words; /* argv points into it */
	char *argv[ARGS_MAX + 1];
	int argc;
};

static int capture(int fd, int *saved)
{
	char path[] = "/tmp/ebt-options-XXXXXX";
	int file = mkstemp(path);

	assert_true(file >= 0);
	unlink(path);
	*saved = dup(fd);
	dup2(file, fd);
	return file;
}

static void uncapture(int fd, int saved, int file, char *text, size_t len)
{
	ssize_t n;

	dup2(saved, fd);
	close(saved);
	n = pread(file, text, len - 1, 0);
	text[n > 0 ? n : 0] = '\0';
	close(file);
}

/* words: arguments with | between them. */
static void run(struct run *r, const char *words)
{
	int out_saved, err_saved, out_file, err_file;

	r->words = strdup(words);
	r->argc = 0;
	r->argv[r->argc++] = (char *)"execbig-top";
	for (char *p = r->words; p && *words;) {
		assert_true(r->argc < ARGS_MAX);
		r->argv[r->argc++] = strsep(&p, "|");
	}
	r->argv[r->argc] = NULL;
	fflush(stdout);
	fflush(stderr);
	out_file = capture(STDOUT_FILENO, &out_saved);
	err_file = capture(STDERR_FILENO, &err_saved);
	r->result = ebt_options_parse(&r->o, r->argc, r->argv);
	fflush(stdout);
	fflush(stderr);
	uncapture(STDOUT_FILENO, out_saved, out_file, r->out, sizeof(r->out));
	uncapture(STDERR_FILENO, err_saved, err_file, r->err, sizeof(r->err));
}

static void done(struct run *r)
{
	ebt_options_free(&r->o);
	free(r->words);
}

static void good(struct run *r, const char *words)
{
	run(r, words);
	if (r->result != EBT_OPTIONS_RUN || r->err[0] || r->out[0])
		fail_msg("%s: said '%s%s'", words, r->out, r->err);
}

/* One sentence on stderr with every one of the texts in it, status 2, nothing on stdout. */
static void bad(const char *words, const char *text, const char *text2)
{
	struct run r;
	const char *newline;

	run(&r, words);
	assert_int_equal(r.result, EBT_OPTIONS_EXIT);
	assert_int_equal(r.o.exit_status, EBT_EXIT_USAGE);
	assert_string_equal(r.out, "");
	if (strncmp(r.err, "execbig-top: ", 13) != 0 || !strstr(r.err, text) ||
	    (text2 && !strstr(r.err, text2)))
		fail_msg("%s: said '%s', wanted '%s' and '%s'", words, r.err, text,
			 text2 ? text2 : "");
	newline = strchr(r.err, '\n');
	if (!newline || newline[1])
		fail_msg("%s: not one line: '%s'", words, r.err);
	done(&r);
}

static void defaults(void **state)
{
	struct run r;

	good(&r, "");
	assert_int_equal(r.o.mode, EBT_MODE_BATCH); /* stdout is a file here */
	assert_int_equal(r.o.delay_ns, 1000000000);
	assert_int_equal(r.o.iterations, 0);
	assert_int_equal(r.o.params.scratch_bytes, 8192);
	assert_int_equal(r.o.params.ring_bytes, 8 << 20);
	assert_int_equal(r.o.params.args_limit, EBT_PARAMS_ALL);
	assert_int_equal(r.o.params.env_limit, 0);
	assert_int_equal(r.o.params.failed, 0);
	assert_int_equal(r.o.params.perf, 0);
	assert_int_equal(r.o.poll_ms, 50);
	assert_int_equal(r.o.history_bytes, 32 << 20);
	assert_int_equal(r.o.headers, EBT_HEADERS_AUTO);
	assert_int_equal(r.o.sort, EBT_COL_RATE);
	assert_int_equal(r.o.group_by, EBT_GROUP_EXE);
	assert_int_equal(r.o.screen, EBT_SCREEN_EVENTS);
	assert_false(r.o.invert || r.o.uid_set || r.o.debug || r.o.no_cache);
	assert_null(r.o.comm.text);
	assert_null(r.o.match.text);
	assert_null(r.o.command);
	assert_int_equal(r.o.pid_count, 0);
	done(&r);
}

static void modes(void **state)
{
	static const struct {
		const char *words;
		enum ebt_mode mode;
	} cases[] = {
		{ "-b", EBT_MODE_BATCH },
		{ "--batch", EBT_MODE_BATCH },
		{ "-e", EBT_MODE_EVENTS },
		{ "--events", EBT_MODE_EVENTS },
		{ "-J", EBT_MODE_JSON },
		{ "--json", EBT_MODE_JSON },
		{ "-J|-J", EBT_MODE_JSON },
		{ "--csv", EBT_MODE_CSV },
		{ "--print-bpf", EBT_MODE_PRINT_BPF },
		{ "check", EBT_MODE_CHECK },
		{ "check|--debug", EBT_MODE_CHECK },
		{ "--debug|check", EBT_MODE_CHECK },
	};

	for (size_t i = 0; i < EBT_ARRAY_SIZE(cases); i++) {
		struct run r;

		good(&r, cases[i].words);
		assert_int_equal(r.o.mode, cases[i].mode);
		done(&r);
	}
	bad("-J|--csv", "--csv", "output");
	bad("-b|-e", "--events", "output");
	bad("check|-b", "--batch", "subcommand");
	bad("-b|check", "check", "output");
}

static void a_terminal_gets_the_live_view(void **state)
{
	char *argv[] = { (char *)"execbig-top", NULL };
	int saved = dup(STDOUT_FILENO), master = posix_openpt(O_RDWR | O_NOCTTY), slave;
	struct ebt_options o;

	assert_true(master >= 0);
	assert_int_equal(grantpt(master) | unlockpt(master), 0);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	assert_true(slave >= 0);
	fflush(stdout);
	dup2(slave, STDOUT_FILENO);
	assert_int_equal(ebt_options_parse(&o, 1, argv), EBT_OPTIONS_RUN);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	close(slave);
	close(master);
	assert_int_equal(o.mode, EBT_MODE_LIVE);
	ebt_options_free(&o);
}

static void output_values(void **state)
{
	struct run r;

	good(&r, "-d|0.25|-n|5|-o|+count|-g|parent|-s|top|--no-unicode|--no-color|--no-mouse");
	assert_int_equal(r.o.delay_ns, 250000000);
	assert_int_equal(r.o.iterations, 5);
	assert_int_equal(r.o.sort, EBT_COL_COUNT);
	assert_false(r.o.invert);
	assert_int_equal(r.o.group_by, EBT_GROUP_PARENT);
	assert_int_equal(r.o.screen, EBT_SCREEN_TOP);
	assert_true(r.o.no_unicode && r.o.no_color && r.o.no_mouse);
	done(&r);
	good(&r, "--sort=-count|--group=user|--screen=lab|--delay=3600|--iterations="
		 "18446744073709551615");
	assert_true(r.o.invert);
	assert_int_equal(r.o.group_by, EBT_GROUP_USER);
	assert_int_equal(r.o.screen, EBT_SCREEN_LAB);
	assert_int_equal(r.o.delay_ns, 3600000000000);
	assert_int_equal(r.o.iterations, UINT64_MAX);
	done(&r);
	good(&r, "-o|name|-d.1");
	assert_false(r.o.invert);
	assert_int_equal(r.o.delay_ns, 100000000);
	done(&r);
	good(&r, "-o|+name|-d|1.");
	assert_true(r.o.invert);
	done(&r);
	for (int c = 0; c < EBT_COL_MAX; c++) {
		char words[64];

		snprintf(words, sizeof(words), "-o|%s", ebt_column_name((enum ebt_column)c));
		good(&r, words);
		assert_int_equal(r.o.sort, c);
		done(&r);
	}
	for (int g = 0; g < EBT_GROUP_BY_MAX; g++) {
		char words[64];

		snprintf(words, sizeof(words), "-g|%s", ebt_group_by_name((enum ebt_group_by)g));
		good(&r, words);
		assert_int_equal(r.o.group_by, g);
		done(&r);
	}
	bad("-o|nonsense", "-o/--sort", "rate");
	bad("-o|+", "--sort", "'+'");
	bad("-g|inode", "--group", "exe, comm, command, parent, user or cgroup");
	bad("-s|help", "--screen", "events, top, tree, buffers or lab");
	bad("-d|0", "-d/--delay cannot be '0'", "0.1 to 3600 seconds");
	bad("-d|3601", "'3601'", "0.1 to 3600");
	bad("-d|0.0999", "'0.0999'", "0.1 to 3600");
	bad("-d|1,5", "'1,5'", "0.1 to 3600");
	bad("-d|nan", "'nan'", NULL);
	bad("-d|1e3", "'1e3'", NULL);
	bad("-d|-1", "'-1'", NULL);
	bad("-d|.", "'.'", NULL);
	bad("-d|", "''", NULL);
	bad("-d|99999999999999999999", "99999999999999999999", NULL);
	bad("-n|0", "-n/--iterations cannot be '0'", "from 1");
	bad("-n|-3", "'-3'", NULL);
	bad("-n|3x", "'3x'", NULL);
	bad("-n|18446744073709551616", "18446744073709551616", NULL);
}

static void buffer_values(void **state)
{
	struct run r;

	good(&r, "--scratch|512|--ring|64K|--args|0|--poll|1|--history|1M");
	assert_int_equal(r.o.params.scratch_bytes, 512);
	assert_int_equal(r.o.params.ring_bytes, 65536);
	assert_int_equal(r.o.params.args_limit, 0);
	assert_int_equal(r.o.poll_ms, 1);
	assert_int_equal(r.o.history_bytes, 1 << 20);
	done(&r);
	good(&r, "--scratch=32K|--ring=1G|--args=6M|--poll=1000|--history=64G");
	assert_int_equal(r.o.params.scratch_bytes, 32768);
	assert_int_equal(r.o.params.ring_bytes, 1u << 30);
	assert_int_equal(r.o.params.args_limit, EBT_ARGS_MAX);
	assert_int_equal(r.o.poll_ms, 1000);
	assert_int_equal(r.o.history_bytes, 64ull << 30);
	done(&r);
	good(&r, "--args|100|--args|all");
	assert_int_equal(r.o.params.args_limit, EBT_PARAMS_ALL);
	done(&r);

	bad("--scratch|504", "--scratch cannot be '504'", "512 to 32768 bytes, in multiples of 8");
	bad("--scratch|32776", "32776", "512 to 32768");
	bad("--scratch|1001", "1001", "multiples of 8");
	bad("--scratch|lots", "'lots'", "512");
	bad("--ring|3M", "--ring cannot be '3M'", "power of two from 65536 to 1024M");
	bad("--ring|32K", "32K", "power of two");
	bad("--ring|2G", "2G", "power of two");
	bad("--ring|99999999999999999999", "power of two", NULL);
	bad("--args|some", "--args cannot be 'some'", "all");
	bad("--args|7M", "7M", "0 to 6M bytes, or the word all");
	bad("--poll|0", "--poll cannot be '0'", "1 to 1000");
	bad("--poll|1001", "1001", "1 to 1000");
	bad("--history|1000K", "--history cannot be '1000K'", "1M");
	bad("--history|-1", "'-1'", NULL);
}

static void what_is_shown(void **state)
{
	struct run r;
	const struct passwd *root = getpwuid(0);
	char words[512] = "-p|1";

	good(&r, "-p|1,22,4194304|-p|5|-u|1000|-c|^mak|-m|gcc.*-O[23]");
	assert_int_equal(r.o.pid_count, 4);
	assert_int_equal(r.o.pids[0], 1);
	assert_int_equal(r.o.pids[2], 4194304);
	assert_int_equal(r.o.pids[3], 5);
	assert_true(r.o.uid_set);
	assert_int_equal(r.o.uid, 1000);
	assert_string_equal(r.o.comm.text, "^mak");
	assert_int_equal(regexec(&r.o.comm.re, "make", 0, NULL, 0), 0);
	assert_int_equal(regexec(&r.o.comm.re, "cmake", 0, NULL, 0), REG_NOMATCH);
	assert_int_equal(regexec(&r.o.match.re, "gcc -c -O2", 0, NULL, 0), 0);
	done(&r);
	if (root) {
		snprintf(words, sizeof(words), "-u|%s", root->pw_name);
		good(&r, words);
		assert_true(r.o.uid_set);
		assert_int_equal(r.o.uid, 0);
		done(&r);
	}
	/* the later one wins, and the first is freed (LeakSanitizer looks) */
	good(&r, "-c|ab|-c|x+");
	assert_string_equal(r.o.comm.text, "x+");
	done(&r);
}

static void what_is_shown_wrongly(void **state)
{
	char words[2048] = "-p|1";
	struct run r;

	for (int i = 2; i <= 64; i++)
		sprintf(words + strlen(words), ",%d", i);
	good(&r, words);
	assert_int_equal(r.o.pid_count, 64);
	done(&r);
	strcat(words, ",65");
	bad(words, "-p/--pid", "at most 64");
	bad("-p|0", "-p/--pid cannot be '0'", "1 to 4194304");
	bad("-p|4194305", "4194305", NULL);
	bad("-p|1,", "'1,'", NULL);
	bad("-p|", "''", NULL);
	bad("-p|self", "'self'", NULL);
	bad("-u|no such user", "-u/--user cannot be 'no such user'", "no user of this name");
	bad("-u|4294967295", "4294967295", "4294967294");
	bad("-u|-1", "'-1'", NULL);
	bad("-c|a(", "-c/--comm cannot be 'a('", "regular expression");
	bad("-m|[z", "-m/--match cannot be '[z'", "regular expression");
	/* hostile bytes in a value do not reach the terminal */
	bad("-u|\033[2J", "\\e[2J", NULL);
}

static void compile_values(void **state)
{
	struct run r;

	good(&r, "--headers|btf|--bpf-text|/tmp|--cache-dir|/nowhere/yet|--no-cache|--debug");
	assert_int_equal(r.o.headers, EBT_HEADERS_BTF);
	assert_string_equal(r.o.bpf_text_dir, "/tmp");
	assert_string_equal(r.o.cache_dir, "/nowhere/yet");
	assert_true(r.o.no_cache && r.o.debug);
	done(&r);
	good(&r, "--headers|/tmp");
	assert_int_equal(r.o.headers, EBT_HEADERS_DIR);
	assert_string_equal(r.o.headers_dir, "/tmp");
	done(&r);
	good(&r, "--headers|/tmp|--headers|kernel");
	assert_int_equal(r.o.headers, EBT_HEADERS_KERNEL);
	assert_null(r.o.headers_dir);
	done(&r);
	bad("--headers|some", "--headers cannot be 'some'", "auto, btf, kernel or a directory");
	bad("--bpf-text|/etc/passwd", "--bpf-text", "directory");
	bad("--cache-dir|", "--cache-dir", "empty");
}

static void command(void **state)
{
	struct run r;

	good(&r, "-d|2|--|make|-j|8|--|x");
	assert_int_equal(r.o.command_argc, 5);
	assert_string_equal(r.o.command[0], "make");
	assert_string_equal(r.o.command[1], "-j");
	assert_string_equal(r.o.command[3], "--");
	assert_string_equal(r.o.command[4], "x");
	assert_null(r.o.command[5]);
	assert_int_equal(r.o.mode, EBT_MODE_BATCH);
	done(&r);
	good(&r, "--|check"); /* a program of that name */
	assert_int_equal(r.o.mode, EBT_MODE_BATCH);
	assert_string_equal(r.o.command[0], "check");
	done(&r);
	good(&r, "--|-J");
	assert_string_equal(r.o.command[0], "-J");
	done(&r);
	bad("--", "command", NULL);
	bad("make", "'make'", "--");
	bad("check|more", "'more'", NULL);
	bad("check|--|make", "subcommand", NULL);
}

static void what_is_not_there_yet(void **state)
{
	char words[64], text[64];

	for (size_t i = 0; i < ebt_options_table_count; i++) {
		const struct ebt_option *option = &ebt_options_table[i];

		if (option->available)
			continue;
		snprintf(words, sizeof(words), "--%s%s", option->name,
			 option->arg && !option->arg_optional ? "=1" : "");
		snprintf(text, sizeof(text), "--%s is not available", option->name);
		bad(words, text, NULL);
	}
}

static void unknown_options(void **state)
{
	struct run r;

	run(&r, "--frobnicate");
	assert_int_equal(r.result, EBT_OPTIONS_EXIT);
	assert_int_equal(r.o.exit_status, 2);
	assert_non_null(strstr(r.err, "--frobnicate"));
	assert_string_equal(r.out, "");
	done(&r);
	run(&r, "-Z");
	assert_int_equal(r.o.exit_status, 2);
	assert_non_null(strstr(r.err, "Z"));
	done(&r);
	run(&r, "-d");
	assert_int_equal(r.o.exit_status, 2);
	assert_non_null(strstr(r.err, "argument"));
	done(&r);
}

static void help(void **state)
{
	struct run r;

	run(&r, "--help");
	assert_int_equal(r.result, EBT_OPTIONS_EXIT);
	assert_int_equal(r.o.exit_status, 0);
	assert_string_equal(r.err, "");
	for (size_t i = 0; i < ebt_options_table_count; i++) {
		const struct ebt_option *option = &ebt_options_table[i];
		char text[64];

		snprintf(text, sizeof(text), "--%s", option->name);
		if (!!strstr(r.out, text) != option->available)
			fail_msg("%s: %s in --help", text,
				 option->available ? "not" : "not available, but");
	}
	for (const char *line = r.out; *line;) {
		const char *end = strchrnul(line, '\n');

		if (end - line >= 80)
			fail_msg("too wide: %.*s", (int)(end - line), line);
		line = *end ? end + 1 : end;
	}
	assert_non_null(strstr(r.out, "Examples:"));
	assert_non_null(strstr(r.out, "77"));
	done(&r);
	run(&r, "-h");
	assert_int_equal(r.o.exit_status, 0);
	assert_non_null(strstr(r.out, "--scratch"));
	done(&r);
	run(&r, "--usage");
	assert_int_equal(r.o.exit_status, 0);
	assert_non_null(strstr(r.out, "--scratch=BYTES"));
	assert_string_equal(r.err, "");
	done(&r);
	run(&r, "-V");
	assert_int_equal(r.o.exit_status, 0);
	assert_string_equal(r.out, "execbig-top " EBT_VERSION "\n");
	done(&r);
	run(&r, "--version");
	assert_string_equal(r.out, "execbig-top " EBT_VERSION "\n");
	done(&r);
	run(&r, "-O");
	assert_int_equal(r.o.exit_status, 0);
	for (int c = 0; c < EBT_COL_MAX; c++)
		assert_non_null(strstr(r.out, ebt_column_name((enum ebt_column)c)));
	done(&r);
	/* what is wrong before it wins */
	bad("-n|0|--help", "--iterations", NULL);
}

/* The table itself: keys and names are unique, all can be called. */
static void table(void **state)
{
	for (size_t i = 0; i < ebt_options_table_count; i++) {
		const struct ebt_option *a = &ebt_options_table[i];

		assert_non_null(a->help);
		assert_in_range(a->group, EBT_OPTG_OUTPUT, EBT_OPTG_MAX - 1);
		assert_true(a->set || a->available); /* help and its like are answered, not set */
		for (size_t k = i + 1; k < ebt_options_table_count; k++) {
			assert_int_not_equal(a->key, ebt_options_table[k].key);
			assert_string_not_equal(a->name, ebt_options_table[k].name);
		}
	}
}

/* No command line makes it crash, leak or run with values out of range. */
static void random_command_lines(void **state)
{
	static const char *const values[] = { "",      "0",   "-1",  "1",   "8K", "all",
					      "+rate", "exe", "top", "x,y", "[",  "\xff",
					      "auto",  "3.5", "1G",  "--" };
	uint32_t seed = 3;

	for (int round = 0; round < 2000; round++) {
		char words[512] = "";
		struct run r;

		for (int k = 0; k < 4; k++) {
			const struct ebt_option *option;

			seed = seed * 1664525u + 1013904223u;
			option = &ebt_options_table[(seed >> 8) % ebt_options_table_count];
			snprintf(words + strlen(words), sizeof(words) - strlen(words), "%s--%s",
				 k ? "|" : "", option->name);
			seed = seed * 1664525u + 1013904223u;
			if (option->arg)
				snprintf(words + strlen(words), sizeof(words) - strlen(words),
					 "|%s", values[(seed >> 8) % EBT_ARRAY_SIZE(values)]);
		}
		run(&r, words);
		if (r.result == EBT_OPTIONS_RUN) {
			assert_in_range(r.o.params.scratch_bytes, 512, 32768);
			assert_in_range(r.o.params.ring_bytes, 65536, 1 << 30);
			assert_in_range(r.o.poll_ms, 1, 1000);
			assert_true(r.o.history_bytes >= 1 << 20);
			assert_true(r.o.delay_ns >= 100000000);
		} else {
			assert_true(r.o.exit_status == 0 || r.o.exit_status == 2);
			assert_true(r.out[0] || r.err[0]);
		}
		done(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(modes),
		cmocka_unit_test(a_terminal_gets_the_live_view),
		cmocka_unit_test(output_values),
		cmocka_unit_test(buffer_values),
		cmocka_unit_test(what_is_shown),
		cmocka_unit_test(what_is_shown_wrongly),
		cmocka_unit_test(compile_values),
		cmocka_unit_test(command),
		cmocka_unit_test(what_is_not_there_yet),
		cmocka_unit_test(unknown_options),
		cmocka_unit_test(help),
		cmocka_unit_test(table),
		cmocka_unit_test(random_command_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
