/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of the command line as a whole: modes, subcommands, help and options that do not exist. */
#include "options_test.h"

#include <fcntl.h>

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
	assert_false(r.o.screen_given || r.o.group_given || r.o.sort_given);
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

/* What does not go together is said in one sentence that names the option. */
static void disagreements(void **state)
{
	static const struct {
		const char *words, *sentence;
	} lines[] = {
		{ "--", "-- wants a command" },
		{ "check|--|true", "behind -- does not go together with a subcommand" },
		{ "--bad", "go together with demo only" },
		{ "export|json", "export wants a format and -r FILE" },
		{ "-J|-o|rate", "-o chooses the columns of -e and --csv" },
		{ "--rotate=1M", "--rotate is for a recording" },
		{ "-e|--format=ecs", "--format is for -J" },
		{ "-J|--raw", "--raw is for -e" },
		{ "--no-filter", "--only and --no-filter are for tune" },
		{ "--no-failed", "--no-failed is for tune" },
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
	assert_int_equal(r.result, EBT_OPTIONS_EXIT);
	assert_int_equal(r.o.exit_status, 2);
	assert_non_null(strstr(r.err, "--frobnicate"));
	assert_string_equal(r.out, "");
	done(&r);
	/* No option keeps the view's privileges. */
	run(&r, "--no-drop");
	assert_int_equal(r.result, EBT_OPTIONS_EXIT);
	assert_int_equal(r.o.exit_status, 2);
	assert_non_null(strstr(r.err, "'--no-drop'"));
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
		if (!strstr(r.out, text))
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
		/* The parser itself answers --help, --usage, --version and --list-columns. */
		assert_int_equal(!a->set, a->group == EBT_OPTG_HELP || a->key == 'O');
		for (size_t k = i + 1; k < ebt_options_table_count; k++) {
			assert_int_not_equal(a->key, ebt_options_table[k].key);
			assert_string_not_equal(a->name, ebt_options_table[k].name);
		}
	}
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
		cmocka_unit_test(table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
