/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of the command line as a whole: modes, subcommands, help and options that do not exist. */
#include "options_test.h"
#include "groups/columns.h"

#include <fcntl.h>

static void defaults(void **state)
{
	struct run r;

	good(&r, "");
	assert_int_equal(r.line.options.mode, EBT_MODE_BATCH); /* stdout is a file here */
	assert_int_equal(r.line.options.delay_ns, 1000000000);
	assert_int_equal(r.line.options.iterations, 0);
	assert_int_equal(r.line.options.params.scratch_bytes, 8192);
	assert_int_equal(r.line.options.params.ring_bytes, 8 << 20);
	assert_int_equal(r.line.options.params.args_limit, EBT_PARAMS_ALL);
	assert_int_equal(r.line.options.params.env_limit, 0);
	assert_int_equal(r.line.options.params.failed, 0);
	assert_int_equal(r.line.options.params.perf, 0);
	assert_int_equal(r.line.options.poll_ms, 50);
	assert_int_equal(r.line.options.history_bytes, 32 << 20);
	assert_int_equal(r.line.options.headers, EBT_HEADERS_AUTO);
	assert_int_equal(r.line.options.sort, EBT_COL_RATE);
	assert_int_equal(r.line.options.group_by, EBT_GROUP_EXE);
	assert_int_equal(r.line.options.screen, EBT_SCREEN_OVERVIEW);
	assert_false(r.line.options.screen_given || r.line.options.group_given ||
		     r.line.options.sort_given);
	assert_false(r.line.options.invert || r.line.options.uid_set || r.line.options.debug ||
		     r.line.options.no_cache);
	assert_null(r.line.options.comm.text);
	assert_null(r.line.options.match.text);
	assert_null(r.line.options.command);
	assert_int_equal(r.line.options.pid_count, 0);
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
		assert_int_equal(r.line.options.mode, cases[i].mode);
		done(&r);
	}
	bad("-J|--csv", "--csv", "output");
	bad("-b|-e", "--events", "output");
	bad("check|-b", "-b/--batch is not an option of check, but of execbig-top", "check --help");
	bad("-b|check", "-b/--batch is not an option of check", NULL);
}

static void a_terminal_gets_the_live_view(void **state)
{
	char *argv[] = { (char *)"execbig-top", NULL };
	int saved = dup(STDOUT_FILENO), master = posix_openpt(O_RDWR | O_NOCTTY), slave;
	struct ebt_command_line line;

	assert_true(master >= 0);
	assert_int_equal(grantpt(master) | unlockpt(master), 0);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	assert_true(slave >= 0);
	fflush(stdout);
	dup2(slave, STDOUT_FILENO);
	assert_int_equal(ebt_command_line_parse(&line, 1, argv), EBT_COMMAND_LINE_RUN);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	close(slave);
	close(master);
	assert_int_equal(line.options.mode, EBT_MODE_LIVE);
	ebt_command_line_free(&line);
}

static void command(void **state)
{
	struct run r;

	good(&r, "-d|2|--|make|-j|8|--|x");
	assert_int_equal(r.line.options.command_argc, 5);
	assert_string_equal(r.line.options.command[0], "make");
	assert_string_equal(r.line.options.command[1], "-j");
	assert_string_equal(r.line.options.command[3], "--");
	assert_string_equal(r.line.options.command[4], "x");
	assert_null(r.line.options.command[5]);
	assert_int_equal(r.line.options.mode, EBT_MODE_BATCH);
	done(&r);
	good(&r, "--|check"); /* a program of that name */
	assert_int_equal(r.line.options.mode, EBT_MODE_BATCH);
	assert_string_equal(r.line.options.command[0], "check");
	done(&r);
	good(&r, "--|-J");
	assert_string_equal(r.line.options.command[0], "-J");
	done(&r);
	bad("--", "command", NULL);
	bad("make", "'make'", "--");
	bad("check|more", "'more'", NULL);
	bad("check|--|make", "'make' is one operand too many", "execbig-top -- make");
}

/* What does not go together is said in one sentence that names the option. */
static void disagreements(void **state)
{
	static const struct {
		const char *words, *sentence;
	} lines[] = {
		{ "--", "-- wants a command" },
		{ "--bad", "--bad is not an option of execbig-top, but of demo" },
		{ "export|json", "export wants a format and -r FILE" },
		{ "-J|-o|rate", "-o chooses the columns of -e and --csv" },
		{ "--rotate=1M", "--rotate is for a recording" },
		{ "-w|x|--keep=1d", "it wants --rotate or --sqlite" },
		{ "-q", "-q prints no events: it wants -w, --sqlite or --metrics" },
		{ "-q|-J|-w|x", "-q prints no events, and -b, -e, -J and --csv do" },
		{ "--sqlite=-", "--sqlite - is not possible" },
		{ "--metrics=-", "--metrics - is not possible" },
		{ "-e|--format=ecs", "--format is for -J" },
		{ "-J|--raw", "--raw is for -e" },
		{ "--no-filter", "--no-filter is not an option of execbig-top, but of tune" },
		{ "--only=1", "--only is not an option of execbig-top, but of tune" },
		{ "--no-failed", "--no-failed is not an option of execbig-top, but of tune" },
		{ "--no-enoent", "it wants -x" },
		{ "-r|x|--|true", "does not go together with a command behind --" },
		{ "-r|x|-x", "-x takes failed execs from the kernel" },
		{ "-r|x|--ring=1M", "a recording is as it was made" },
		{ "--speed=2", "are for a replay" },
		{ "--profiles=/tmp", "go together with --homeostasis" },
		{ "-r|x|--homeostasis", "does not go together with -r" },
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		bad(lines[i].words, lines[i].sentence, NULL);
}

static void unknown_options(void **state)
{
	struct run r;

	run(&r, "--frobnicate");
	assert_int_equal(r.result, EBT_COMMAND_LINE_EXIT);
	assert_int_equal(r.line.exit_status, 2);
	assert_non_null(strstr(r.err, "--frobnicate"));
	assert_string_equal(r.out, "");
	done(&r);
	/* No option keeps the view's privileges. */
	run(&r, "--no-drop");
	assert_int_equal(r.result, EBT_COMMAND_LINE_EXIT);
	assert_int_equal(r.line.exit_status, 2);
	assert_non_null(strstr(r.err, "'--no-drop'"));
	done(&r);
	run(&r, "-Z");
	assert_int_equal(r.line.exit_status, 2);
	assert_non_null(strstr(r.err, "Z"));
	done(&r);
	run(&r, "-d");
	assert_int_equal(r.line.exit_status, 2);
	assert_non_null(strstr(r.err, "argument"));
	done(&r);
}

static void help(void **state)
{
	struct run r;

	run(&r, "--help");
	assert_int_equal(r.result, EBT_COMMAND_LINE_EXIT);
	assert_int_equal(r.line.exit_status, 0);
	assert_string_equal(r.err, "");
	for (size_t i = 0; i < ebt_options_table_count; i++) {
		const struct ebt_option *option = &ebt_options_table[i];
		char text[64];

		snprintf(text, sizeof(text), "--%s", option->name);
		if (ebt_option_belongs(option, r.line.command) && !strstr(r.out, text))
			fail_msg("%s is not in --help", text);
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
	assert_int_equal(r.line.exit_status, 0);
	assert_non_null(strstr(r.out, "--scratch"));
	done(&r);
	run(&r, "--usage");
	assert_int_equal(r.line.exit_status, 0);
	assert_non_null(strstr(r.out, "--scratch=BYTES"));
	assert_string_equal(r.err, "");
	done(&r);
	run(&r, "-V");
	assert_int_equal(r.line.exit_status, 0);
	assert_string_equal(r.out, "execbig-top " EBT_VERSION "\n");
	done(&r);
	run(&r, "--version");
	assert_string_equal(r.out, "execbig-top " EBT_VERSION "\n");
	done(&r);
	run(&r, "-O");
	assert_int_equal(r.line.exit_status, 0);
	for (int c = 0; c < EBT_COL_MAX; c++)
		assert_non_null(strstr(r.out, ebt_column_name((enum ebt_column)c)));
	done(&r);
	/* what is wrong before it wins */
	bad("-n|0|--help", "--iterations", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(modes),
		cmocka_unit_test(a_terminal_gets_the_live_view),
		cmocka_unit_test(command),
		cmocka_unit_test(disagreements),
		cmocka_unit_test(unknown_options),
		cmocka_unit_test(help),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
