/* SPDX-License-Identifier: BSD-3-Clause */
/* The values of options, and the sentence when one is wrong. */
#include "options_test.h"

#include <pwd.h>

#include "base/pattern.h"
#include "ebt_abi.h"
#include "groups/columns.h"

static void output_values(void **state)
{
	struct run r;

	good(&r, "-d|0.25|-n|5|-o|+count|-g|parent|-s|top|--no-unicode|--no-color|--no-mouse");
	assert_int_equal(r.line.options.delay_ns, 250000000);
	assert_int_equal(r.line.options.iterations, 5);
	assert_int_equal(r.line.options.sort, EBT_COL_COUNT);
	assert_false(r.line.options.invert);
	assert_int_equal(r.line.options.group_by, EBT_GROUP_PARENT);
	assert_int_equal(r.line.options.screen, EBT_SCREEN_TOP);
	assert_true(r.line.options.no_unicode && r.line.options.no_color &&
		    r.line.options.no_mouse);
	done(&r);
	good(&r, "--sort=-count|--group=user|--screen=lab|--delay=3600|--iterations="
		 "18446744073709551615");
	assert_true(r.line.options.invert);
	assert_int_equal(r.line.options.group_by, EBT_GROUP_USER);
	assert_int_equal(r.line.options.screen, EBT_SCREEN_LAB);
	assert_int_equal(r.line.options.delay_ns, 3600000000000);
	assert_int_equal(r.line.options.iterations, UINT64_MAX);
	done(&r);
	/* named is named, also where it is what is usual anyway: it wins over saved settings */
	good(&r, "-s|events|-g|exe|-o|rate");
	assert_true(r.line.options.screen_given && r.line.options.group_given &&
		    r.line.options.sort_given);
	done(&r);
	good(&r, "-o|name|-d.1");
	assert_false(r.line.options.invert);
	assert_int_equal(r.line.options.delay_ns, 100000000);
	done(&r);
	good(&r, "-o|+name|-d|1.");
	assert_true(r.line.options.invert);
	done(&r);
	for (int c = 0; c < EBT_COL_MAX; c++) {
		char words[64];

		snprintf(words, sizeof(words), "-o|%s", ebt_column_name((enum ebt_column)c));
		good(&r, words);
		assert_int_equal(r.line.options.sort, c);
		done(&r);
	}
	for (int g = 0; g < EBT_GROUP_BY_MAX; g++) {
		char words[64];

		snprintf(words, sizeof(words), "-g|%s", ebt_group_by_name((enum ebt_group_by)g));
		good(&r, words);
		assert_int_equal(r.line.options.group_by, g);
		done(&r);
	}
	bad("-o|nonsense", "-o/--sort", "rate");
	bad("-o|+", "--sort", "'+'");
	bad("-g|inode", "--group", "exe, comm, command, parent, user or cgroup");
	bad("-s|help", "--screen", "events, top, tree, buffers, lab or profiles");
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

/* As -e and -J print times, and as whatever computes with them prints seconds. */
static void times(void **state)
{
	struct run r;

	(void)state;
	good(&r, "-r|x|--from|0.5392243299999999|--to|14:30:05.25");
	assert_int_equal(r.line.options.from.kind, EBT_TIME_OFFSET);
	assert_int_equal(r.line.options.from.ns, 539224329);
	assert_int_equal(r.line.options.to.kind, EBT_TIME_CLOCK);
	assert_int_equal(r.line.options.to.ns,
			 (14 * 3600 + 30 * 60 + 5) * 1000000000ull + 250000000);
	done(&r);
	good(&r, "-r|x|--from|1970-01-01T00:00:01.984399300Z|--to|1970-01-01T00:00:02Z");
	assert_int_equal(r.line.options.from.kind, EBT_TIME_DATE);
	assert_int_equal(r.line.options.from.ns, 1984399300);
	assert_int_equal(r.line.options.to.ns, 2000000000);
	done(&r);
	good(&r, "-r|x|--from|14:30|--to|.000000001");
	assert_int_equal(r.line.options.from.ns, (14 * 60 + 30) * 60 * 1000000000ull);
	assert_int_equal(r.line.options.to.ns, 1);
	done(&r);
	bad("-r|x|--from|0.1234567890x", "'0.1234567890x'", "seconds from the beginning");
	bad("-r|x|--from|0.12x", "'0.12x'", "seconds from the beginning");
	bad("-r|x|--from|14:30.5", "'14:30.5'", "14:30:05");
	bad("-r|x|--from|14:30:05.", "'14:30:05.'", "14:30:05");
	good(&r, "-r|x|--from|1970-01-01T02:00:01.5+01:00|--to|1970-01-01T02:00:01");
	assert_int_equal(r.line.options.from.kind, EBT_TIME_DATE);
	assert_int_equal(r.line.options.from.ns, 3601500000000ull);
	assert_int_equal(r.line.options.to.kind, EBT_TIME_LOCAL_DATE);
	assert_int_equal(r.line.options.to.ns, 7201000000000ull);
	done(&r);
	bad("-r|x|--from|1970-01-01T00:00:01.Z", "00:00:01.Z", "Z or +01:00");
	bad("-r|x|--from|1970-01-01T00:00:01.5+1x", "+1x", "Z or +01:00");
}

static void buffer_values(void **state)
{
	struct run r;

	good(&r, "--scratch|512|--ring|64K|--args|0|--poll|1|--history|1M");
	assert_int_equal(r.line.options.params.scratch_bytes, 512);
	assert_int_equal(r.line.options.params.ring_bytes, 65536);
	assert_int_equal(r.line.options.params.args_limit, 0);
	assert_int_equal(r.line.options.poll_ms, 1);
	assert_int_equal(r.line.options.history_bytes, 1 << 20);
	done(&r);
	good(&r, "--scratch=32K|--ring=1G|--args=6M|--poll=1000|--history=64G");
	assert_int_equal(r.line.options.params.scratch_bytes, 32768);
	assert_int_equal(r.line.options.params.ring_bytes, 1u << 30);
	assert_int_equal(r.line.options.params.args_limit, EBT_ARGS_MAX);
	assert_int_equal(r.line.options.poll_ms, 1000);
	assert_int_equal(r.line.options.history_bytes, 64ull << 30);
	done(&r);
	good(&r, "--args|100|--args|all");
	assert_int_equal(r.line.options.params.args_limit, EBT_PARAMS_ALL);
	done(&r);

	bad("--scratch|504", "--scratch cannot be '504'", "512 to 32768 bytes, in multiples of 8");
	bad("--scratch|32776", "32776", "512 to 32768");
	bad("--scratch|1001", "1001", "multiples of 8");
	bad("--scratch|lots", "'lots'", "512");
	bad("--ring|3M", "--ring cannot be '3M'", "power of two from 64K to 1G");
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
	assert_int_equal(r.line.options.pid_count, 4);
	assert_int_equal(r.line.options.pids[0], 1);
	assert_int_equal(r.line.options.pids[2], 4194304);
	assert_int_equal(r.line.options.pids[3], 5);
	assert_true(r.line.options.uid_set);
	assert_int_equal(r.line.options.uid, 1000);
	assert_string_equal(r.line.options.user_text, "1000");
	assert_string_equal(r.line.options.comm.text, "^mak");
	assert_int_equal(ebt_pattern_match(r.line.options.comm.pattern, ebt_bytes_from("make")),
			 EBT_PATTERN_YES);
	assert_int_equal(ebt_pattern_match(r.line.options.comm.pattern, ebt_bytes_from("cmake")),
			 EBT_PATTERN_NO);
	assert_int_equal(
		ebt_pattern_match(r.line.options.match.pattern, ebt_bytes_from("gcc -c -O2")),
		EBT_PATTERN_YES);
	done(&r);
	if (root) {
		snprintf(words, sizeof(words), "-u|%s", root->pw_name);
		good(&r, words);
		assert_true(r.line.options.uid_set);
		assert_int_equal(r.line.options.uid, 0);
		assert_string_equal(r.line.options.user_text, root->pw_name);
		done(&r);
	}
	/* the later one wins, and the first is freed (LeakSanitizer looks) */
	good(&r, "-c|ab|-c|x+");
	assert_string_equal(r.line.options.comm.text, "x+");
	done(&r);
}

static void what_is_shown_wrongly(void **state)
{
	char words[2048] = "-p|1";
	struct run r;

	for (int i = 2; i <= 64; i++)
		sprintf(words + strlen(words), ",%d", i);
	good(&r, words);
	assert_int_equal(r.line.options.pid_count, 64);
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
	bad("--filter|life>1", "--filter cannot be 'life>1': column 6: life cannot be '1'",
	    "ns, us");
	bad("--filter|curl (", "column 7: a condition is missing", NULL);
	bad("-m|((a{1,255}){1,255}){1,8}", "-m/--match cannot be", "repetitions multiply");
	bad("-m|(a)\\1", "-m/--match cannot be", "back-references");
	bad("-c|((a{500,}){500,}){500,}", "-c/--comm cannot be", "repetitions multiply");
	/* hostile bytes in a value do not reach the terminal */
	bad("-u|\033[2J", "\\e[2J", NULL);
}

static void compile_values(void **state)
{
	struct run r;

	good(&r, "--headers|btf|--bpf-text|/tmp|--cache-dir|/nowhere/yet|--no-cache|--debug");
	assert_int_equal(r.line.options.headers, EBT_HEADERS_BTF);
	assert_string_equal(r.line.options.bpf_text_dir, "/tmp");
	assert_string_equal(r.line.options.cache_dir, "/nowhere/yet");
	assert_true(r.line.options.no_cache && r.line.options.debug);
	done(&r);
	good(&r, "--headers|/tmp");
	assert_int_equal(r.line.options.headers, EBT_HEADERS_DIR);
	assert_string_equal(r.line.options.headers_dir, "/tmp");
	done(&r);
	good(&r, "--headers|/tmp|--headers|kernel");
	assert_int_equal(r.line.options.headers, EBT_HEADERS_KERNEL);
	assert_null(r.line.options.headers_dir);
	done(&r);
	bad("--headers|some", "--headers cannot be 'some'", "auto, btf, kernel or a directory");
	bad("--bpf-text|/etc/passwd", "--bpf-text", "directory");
	bad("--cache-dir|", "--cache-dir", "empty");
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
		if (r.result == EBT_COMMAND_LINE_RUN) {
			assert_in_range(r.line.options.params.scratch_bytes, 512, 32768);
			assert_in_range(r.line.options.params.ring_bytes, 65536, 1 << 30);
			assert_in_range(r.line.options.poll_ms, 1, 1000);
			assert_true(r.line.options.history_bytes >= 1 << 20);
			assert_true(r.line.options.delay_ns >= 100000000);
		} else {
			assert_true(r.line.exit_status == 0 || r.line.exit_status == 2);
			assert_true(r.out[0] || r.err[0]);
		}
		done(&r);
	}
}

static void rotation(void **state)
{
	struct run r;

	good(&r, "-w|x|--rotate=64M:20");
	assert_int_equal(r.line.options.rotate.bytes, 64 << 20);
	assert_int_equal(r.line.options.rotate.ns, 0);
	assert_int_equal(r.line.options.rotate.count, 20);
	assert_true(r.line.options.rotate.given && r.line.options.rotate.on_signal);
	done(&r);
	good(&r, "-w|x|--rotate=1h");
	assert_int_equal(r.line.options.rotate.bytes, 0);
	assert_int_equal(r.line.options.rotate.ns, 3600000000000);
	done(&r);
	good(&r, "--sqlite|x|-q|--keep|7d");
	assert_true(r.line.options.quiet);
	assert_int_equal(r.line.options.mode, EBT_MODE_EVENTS);
	done(&r);
	good(&r, "-w|x|--rotate|10min,1G:3|--keep|7d,10G");
	assert_false(r.line.options.quiet);
	assert_int_equal(r.line.options.rotate.bytes, 1 << 30);
	assert_int_equal(r.line.options.rotate.ns, 600000000000);
	assert_int_equal(r.line.options.rotate.count, 3);
	assert_int_equal(r.line.options.rotate.keep_ns, 7 * 86400000000000);
	assert_int_equal(r.line.options.rotate.keep_bytes, 10ull << 30);
	done(&r);
	good(&r, "-w|x|--rotate=signal:5");
	assert_int_equal(r.line.options.rotate.bytes + r.line.options.rotate.ns, 0);
	assert_int_equal(r.line.options.rotate.count, 5);
	done(&r);
	bad("-w|x|--rotate=1K", "--rotate", "64K");
	bad("-w|x|--rotate=0s", "--rotate", "30s");
	bad("-w|x|--rotate=1h,", "--rotate", "30s");
	bad("-w|x|--rotate=1h,2h", "--rotate", "30s");
	bad("-w|x|--rotate=1h:0", "--rotate", "1 to");
	bad("-w|x|--rotate=signals", "--rotate", "signal");
	bad("-w|x|--rotate=1h|--keep=3", "--keep", "7d");
	bad("-w|x|--rotate=1h|--keep=", "--keep", "7d");
}

/* The recording on standard output excludes lines there. */
static void standard_output(void **state)
{
	struct run r;

	good(&r, "-w|-");
	assert_int_equal(r.line.options.mode, EBT_MODE_EVENTS);
	assert_true(r.line.options.quiet);
	done(&r);
	good(&r, "-w|/dev/stdout|-r|x");
	assert_true(r.line.options.quiet);
	done(&r);
	good(&r, "-w|x");
	assert_false(r.line.options.quiet);
	done(&r);
	bad("-w|-|-e", "-w -", "leave them out");
	bad("-w|/dev/fd/1|-b", "-w /dev/fd/1", "leave them out");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rotation),
		cmocka_unit_test(standard_output),
		cmocka_unit_test(output_values),
		cmocka_unit_test(times),
		cmocka_unit_test(buffer_values),
		cmocka_unit_test(what_is_shown),
		cmocka_unit_test(what_is_shown_wrongly),
		cmocka_unit_test(compile_values),
		cmocka_unit_test(random_command_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
