/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of the tables of commands and options: what they say of each other, help, typos, operands. */
#include "options_test.h"

#include "cli/options_words.h"

/* Write the words of the command line that lead to a command, with | between them and behind. */
static const char *way_to(int id, char out[EBT_COMMAND_PATH])
{
	if (id == EBT_CMD_TRACE)
		out[0] = '\0';
	else
		snprintf(out, EBT_COMMAND_PATH, "%s|",
			 ebt_command_path(&ebt_commands[id], (char[EBT_COMMAND_PATH]){ 0 }));
	for (char *at = out; *at; at++)
		if (*at == ' ')
			*at = '|';
	return out;
}

static void commands_are_whole(void **state)
{
	for (int i = 0; i < EBT_CMD_MAX; i++) {
		const struct ebt_command *c = &ebt_commands[i];

		assert_non_null(c->name);
		assert_non_null(c->description);
		assert_true(i == EBT_CMD_TRACE || c->summary);
		/* One line of the list. */
		assert_true(i == EBT_CMD_TRACE || strlen(c->summary) <= 50);
		assert_true(strlen(c->name) < EBT_COMMAND_PATH / 2);
		assert_true(!ebt_command_has_children(c) || !c->operands[0].name);
		for (int k = 0; k < EBT_OPERANDS_MAX && c->operands[k].name; k++) {
			assert_non_null(c->operands[k].help);
			assert_true(!c->operands[k].many || k == EBT_OPERANDS_MAX - 1 ||
				    !c->operands[k + 1].name);
			assert_true(k == 0 || !c->operands[k - 1].optional ||
				    c->operands[k].optional);
		}
		for (int k = i + 1; k < EBT_CMD_MAX; k++)
			assert_false(c->parent == ebt_commands[k].parent &&
				     strcmp(c->name, ebt_commands[k].name) == 0);
	}
}

/* The first reading of the command line takes the options of all commands together: what is spelled
 * alike must take an argument alike. */
static void options_agree(void **state)
{
	for (size_t i = 0; i < ebt_options_table_count; i++) {
		const struct ebt_option *a = &ebt_options_table[i];

		assert_non_null(a->help);
		assert_int_not_equal(a->commands, 0);
		assert_true(a->group < EBT_OPTG_MAX);
		assert_int_equal(!a->set, a->answer != NULL);
		assert_true(a->arg || !a->arg_optional);
		for (size_t k = i + 1; k < ebt_options_table_count; k++) {
			const struct ebt_option *b = &ebt_options_table[k];
			bool name = strcmp(a->name, b->name) == 0;
			bool letter = a->letter && a->letter == b->letter;

			if ((name || letter) &&
			    (!a->arg != !b->arg || a->arg_optional != b->arg_optional))
				fail_msg("--%s and --%s", a->name, b->name);
			if ((name || letter) && (a->commands & b->commands))
				fail_msg("--%s and --%s of one command", a->name, b->name);
		}
	}
}

/* The help names each word that an option allows, if these are all. */
static void help_names_the_words(void **state)
{
	for (size_t i = 0; i < ebt_options_table_count; i++) {
		const struct ebt_option *option = &ebt_options_table[i];

		for (int v = 0; v < option->words.count && !option->open; v++) {
			const char *word = option->words.word(v);

			if (word && !strstr(option->help, word))
				fail_msg("--%s: the help lacks %s", option->name, word);
		}
	}
}

static void every_help(void **state)
{
	for (int i = 0; i < EBT_CMD_MAX; i++) {
		char way[EBT_COMMAND_PATH], words[2 * EBT_COMMAND_PATH],
			title[EBT_COMMAND_PATH + 32];
		struct run r, again;

		way_to(i, way);
		snprintf(words, sizeof(words), "%s--help", way);
		run(&r, words);
		assert_int_equal(r.result, EBT_COMMAND_LINE_EXIT);
		assert_int_equal(r.line.exit_status, 0);
		assert_string_equal(r.err, "");
		assert_null(strstr(r.out, "(null)"));
		snprintf(title, sizeof(title), "Usage: execbig-top%s%s", i ? " " : "",
			 i ? ebt_command_path(&ebt_commands[i], words) : "");
		assert_int_equal(strncmp(r.out, title, strlen(title)), 0);
		for (const char *line = r.out; *line;) {
			const char *end = strchr(line, '\n');

			assert_non_null(end);
			if (end - line >= 80)
				fail_msg("too wide: %.*s", (int)(end - line), line);
			line = end + 1;
		}
		for (size_t k = 0; k < ebt_options_table_count; k++) {
			char text[80];

			snprintf(text, sizeof(text), " --%s", ebt_options_table[k].name);
			if (ebt_option_belongs(&ebt_options_table[k], &ebt_commands[i]) &&
			    !strstr(r.out, text))
				fail_msg("%s: no%s", way, text);
		}
		/* The other ways to ask. */
		snprintf(words, sizeof(words), "%s-h", way);
		run(&again, words);
		assert_string_equal(again.out, r.out);
		done(&again);
		snprintf(words, sizeof(words), "--help|%s", way);
		if (i) {
			words[strlen(words) - 1] = '\0';
			run(&again, words);
			assert_string_equal(again.out, r.out);
			done(&again);
		}
		snprintf(words, sizeof(words), "%s--usage", way);
		run(&again, words);
		assert_int_equal(again.line.exit_status, 0);
		assert_int_equal(strncmp(again.out, "Usage: execbig-top", 18), 0);
		done(&again);
		snprintf(words, sizeof(words), "%s-V", way);
		run(&again, words);
		assert_string_equal(again.out, "execbig-top " EBT_VERSION "\n");
		done(&again);
		done(&r);
	}
}

/* Write a word with its last two letters that differ exchanged. False: it has none. */
static bool misspell(const char *word, char *out)
{
	strcpy(out, word);
	for (size_t i = strlen(word) - 1; i > 0; i--) {
		if (out[i] == out[i - 1])
			continue;
		out[i] = word[i - 1];
		out[i - 1] = word[i];
		return true;
	}
	return false;
}

static void typos_of_commands(void **state)
{
	for (int i = EBT_CMD_TRACE + 1; i < EBT_CMD_MAX; i++) {
		char way[EBT_COMMAND_PATH], words[128], typo[64], meant[96];

		if (strlen(ebt_commands[i].name) < 3 || !misspell(ebt_commands[i].name, typo))
			continue;
		snprintf(words, sizeof(words), "%s%s", way_to(ebt_commands[i].parent, way), typo);
		snprintf(meant, sizeof(meant), "did you mean '%s'?", ebt_commands[i].name);
		bad(words, typo, meant);
	}
	bad("chekc", "'chekc' is no command of execbig-top: did you mean 'check'?", "-- chekc");
	bad("expor", "did you mean 'export'?", NULL);
	bad("exportt|json", "did you mean 'export'?", NULL);
	bad("homeostasis|trian|x", "'trian' is no command of homeostasis", "'train'");
	bad("homeostasis", "train or test", "homeostasis --help");
	bad("homeostasis|learn", "'learn' is no command of homeostasis", "homeostasis --help");
	/* Nothing of ours is near. */
	bad("make", "'make' is no command of execbig-top", "-- make");
	bad("ls", "'ls' is no command", "-- ls");
	bad("|", "'' is no command", NULL);
	bad("--debug|daemno", "did you mean 'daemon'?", NULL);
	/* A name that is longer than any buffer. */
	char *endless = calloc(1, 100001);

	memset(endless, 'x', 100000);
	struct run r;

	run(&r, endless);
	assert_int_equal(r.line.exit_status, 2);
	done(&r);
	free(endless);
}

static void typos_of_options(void **state)
{
	for (size_t i = 0; i < ebt_options_table_count; i++) {
		const struct ebt_option *option = &ebt_options_table[i];

		for (int c = 0; c < EBT_CMD_MAX; c++) {
			char way[EBT_COMMAND_PATH], words[160], typo[64], meant[96];

			if (!ebt_option_belongs(option, &ebt_commands[c]) ||
			    strlen(option->name) < 3 || !misspell(option->name, typo))
				continue;
			snprintf(words, sizeof(words), "%s--%s=1", way_to(c, way), typo);
			snprintf(meant, sizeof(meant), "did you mean '--%s'?", option->name);
			bad(words, typo, meant);
		}
	}
	bad("--scrach=8K", "unknown option '--scrach': did you mean '--scratch'?", NULL);
	bad("--scrach|8K", "unknown option '--scrach': did you mean '--scratch'?", NULL);
	bad("--frobnicate", "unknown option '--frobnicate'", "execbig-top --help");
	bad("ps|--frobnicate", "unknown option '--frobnicate' of ps", "execbig-top ps --help");
	bad("-Z", "unknown option '-Z'", NULL);
	bad("-bZ", "unknown option '-Z'", NULL);
	bad("--no-c", "--no-cache, --no-color", "'--no-c'");
	bad("--batch=x", "--batch takes no argument", "'x'");
	bad("-d", "-d/--delay wants an argument, SECS", NULL);
	bad("--ring", "--ring wants an argument, BYTES", NULL);
	/* Options of other commands. */
	bad("--socket|x", "--socket is not an option of execbig-top, but of daemon, attach",
	    "save");
	bad("check|--delay=1", "--delay is not an option of check, but of execbig-top", NULL);
	bad("tune|--history=8M", "--history cannot be changed by tune", "tune --help");
	bad("tune|-w|x", "-w/--write cannot be changed by tune", NULL);
	bad("ps|-t",
	    "-t/--per-trace is not an option of ps, but of homeostasis train and homeostasis test",
	    NULL);
}

static void typos_of_words(void **state)
{
	for (size_t i = 0; i < ebt_options_table_count; i++) {
		const struct ebt_option *option = &ebt_options_table[i];

		for (int v = 0; v < option->words.count && !option->answer; v++) {
			const char *word = option->words.word(v);
			char words[160], typo[64], meant[96];

			/* Any word is an expression: its words are examples. */
			if (option->set == ebt_option_set_filter)
				continue;
			if (!word || strlen(word) < 3 || !misspell(word, typo) ||
			    !ebt_option_belongs(option, &ebt_commands[EBT_CMD_TRACE]))
				continue;
			snprintf(words, sizeof(words), "-r|x|--%s=%s", option->name, typo);
			snprintf(meant, sizeof(meant), "did you mean '%s'?", word);
			bad(words, typo, meant);
		}
	}
	bad("export|perfeto|-r|x", "FORMAT of export cannot be 'perfeto'",
	    "did you mean 'perfetto'?");
	bad("export|perf|-r|x", "perfetto, compile-commands, json or csv",
	    "did you mean 'perfetto'?");
	bad("export|zip|-r|x", "FORMAT of export cannot be 'zip'", "csv");
	bad("respond|x|kil", "RESPONSE of respond cannot be 'kil'", "did you mean 'kill'?");
	bad("profiles|cuont", "did you mean 'count'?", NULL);
}

static void operands(void **state)
{
	static const struct {
		const char *words;
		enum ebt_command_id command;
		int count;
		const char *first, *last;
	} lines[] = {
		{ "check", EBT_CMD_CHECK, 0, NULL, NULL },
		{ "demo", EBT_CMD_DEMO, 0, NULL, NULL },
		{ "demo|stack-limit|--bad", EBT_CMD_DEMO, 1, "stack-limit", "stack-limit" },
		{ "--bpf-text|/tmp|demo|--source|ring", EBT_CMD_DEMO, 1, "ring", "ring" },
		{ "export|json|-r|x", EBT_CMD_EXPORT, 1, "json", "json" },
		{ "-r|x|export|csv", EBT_CMD_EXPORT, 1, "csv", "csv" },
		{ "export|-r|x|--|csv", EBT_CMD_EXPORT, 1, "csv", "csv" },
		{ "tune|--pid|1", EBT_CMD_TUNE, 0, NULL, NULL },
		{ "profiles", EBT_CMD_PROFILES, 0, NULL, NULL },
		{ "profiles|count", EBT_CMD_PROFILES, 1, "count", "count" },
		{ "--socket|/x|ps|-J", EBT_CMD_PS, 0, NULL, NULL },
		{ "inspect|--|-x", EBT_CMD_INSPECT, 1, "-x", "-x" },
		{ "respond|/bin/true|kill", EBT_CMD_RESPOND, 2, "/bin/true", "kill" },
		{ "set|anomaly-limit|--socket|/x|30", EBT_CMD_SET, 2, "anomaly-limit", "30" },
		{ "homeostasis|train|a|-o|p|b|-t|c", EBT_CMD_TRAIN, 3, "a", "c" },
		{ "homeostasis|-o|p|train|a", EBT_CMD_TRAIN, 1, "a", "a" },
		{ "homeostasis|test|p|a|b|c", EBT_CMD_TEST, 4, "p", "c" },
		{ "help|homeostasis|train", EBT_CMD_HELP, 2, "homeostasis", "train" },
	};

	for (size_t i = 0; i < EBT_ARRAY_SIZE(lines); i++) {
		struct run r;

		good(&r, lines[i].words);
		assert_ptr_equal(r.line.command, &ebt_commands[lines[i].command]);
		assert_int_equal(r.line.operand_count, lines[i].count);
		assert_null(r.line.operands[lines[i].count]);
		if (lines[i].count) {
			assert_string_equal(r.line.operands[0], lines[i].first);
			assert_string_equal(r.line.operands[lines[i].count - 1], lines[i].last);
		}
		done(&r);
	}
}

static void wrong_operands(void **state)
{
	bad("check|more", "'more' is one operand too many: check takes none", NULL);
	bad("ps|more", "'more' is one operand too many: ps takes none", NULL);
	bad("demo|a|b", "'b' is one operand too many: demo takes NAME alone", NULL);
	bad("respond|a|kill|b",
	    "'b' is one operand too many: respond takes WHAT and RESPONSE alone", NULL);
	bad("export|-r|x", "export wants FORMAT", "perfetto, compile-commands, json or csv");
	bad("export|json", "-r FILE", NULL);
	bad("inspect", "inspect wants WHAT, a path", "inspect --help");
	bad("respond|a", "respond wants RESPONSE, kill or default", NULL);
	bad("set|a", "set wants VALUE", NULL);
	bad("homeostasis|train|-o|x", "homeostasis train wants FILE", NULL);
	bad("homeostasis|train|x", "-o PROFILE", NULL);
	bad("homeostasis|test|x", "homeostasis test wants FILE, one file of traces or more", NULL);
}

static void values_of_homeostasis(void **state)
{
	struct run r;

	good(&r, "daemon|--socket=/s|--group=root|--profiles|/p|--no-cache|--cache-dir=/c|--debug|"
		 "--set=anomaly-limit=3|--set|min-train=7");
	assert_string_equal(r.line.socket, "/s");
	assert_int_equal(r.line.gid, 0);
	assert_string_equal(r.line.options.profiles_dir, "/p");
	assert_string_equal(r.line.options.cache_dir, "/c");
	assert_true(r.line.options.no_cache && r.line.options.debug && !r.line.no_save);
	assert_int_equal(r.line.options.homeo_set_count, 2);
	assert_string_equal(r.line.options.homeo_set[1], "min-train=7");
	done(&r);
	good(&r, "daemon|--profiles=/p|--no-save");
	assert_true(r.line.no_save);
	assert_int_equal(r.line.gid, (gid_t)-1);
	assert_string_equal(r.line.socket, "/run/execbig-top.sock");
	done(&r);
	good(&r, "daemon|--no-save|--profiles=/p");
	assert_false(r.line.no_save);
	done(&r);
	good(&r, "homeostasis|train|-to|p|x");
	assert_true(r.line.per_trace);
	assert_string_equal(r.line.profile, "p");
	done(&r);
	good(&r, "attach|-J");
	assert_true(r.line.json);
	done(&r);
	bad("daemon|--group|no such group", "--group cannot be 'no such group'", "no group");
	bad("daemon|--set|x=1", "--set cannot be 'x=1'", NULL);
	bad("daemon|--set|x", "NAME=VALUE", NULL);
	bad("daemon|--profiles=", "--profiles cannot be ''", "empty");
	bad("ps|--socket=", "--socket cannot be ''", "empty");
}

/* As getopt users know them. */
static void forms_of_options(void **state)
{
	struct run r;

	good(&r, "-bn3|-d.5|--gr=user|--sor|name");
	assert_int_equal(r.line.options.mode, EBT_MODE_BATCH);
	assert_int_equal(r.line.options.iterations, 3);
	assert_int_equal(r.line.options.delay_ns, 500000000);
	assert_int_equal(r.line.options.group_by, EBT_GROUP_USER);
	assert_int_equal(r.line.options.sort, EBT_COL_NAME);
	done(&r);
	good(&r, "--env|--args=5");
	assert_int_equal(r.line.options.params.env_limit, EBT_PARAMS_ALL);
	done(&r);
	good(&r, "-c|--|--|x"); /* the first -- is the value of -c */
	assert_string_equal(r.line.options.comm.text, "--");
	assert_string_equal(r.line.options.command[0], "x");
	done(&r);
	good(&r, "-c|--");
	assert_null(r.line.options.command);
	done(&r);
	good(&r, "-c|check"); /* a value that is also the name of a command */
	assert_ptr_equal(r.line.command, &ebt_commands[EBT_CMD_TRACE]);
	done(&r);
	good(&r, "--debug|check|--headers=btf");
	assert_true(r.line.options.debug);
	assert_int_equal(r.line.options.headers, EBT_HEADERS_BTF);
	done(&r);
}

/* Bytes of the command line that a terminal would act on are never printed. */
static void hostile_bytes(void **state)
{
	static const char *const lines[] = {
		"\033[2J",
		"--\033[2J",
		"-\033",
		"--ring=\033[2J",
		"export|\033[2J",
		"check|\033[2J",
		"--batch=\033[2J",
		"\x9b"
		"2J",
		"--set=\033=1",
		"help|\033[2J",
		"homeostasis|\033[2J",
		"-g\033",
		"--print-completion=\033",
		"-u\xff\033",
	};

	for (size_t i = 0; i < EBT_ARRAY_SIZE(lines); i++) {
		struct run r;

		run(&r, lines[i]);
		if (r.result == EBT_COMMAND_LINE_RUN) { /* help looks at its operand later */
			done(&r);
			continue;
		}
		assert_int_equal(r.line.exit_status, 2);
		for (const char *at = r.err; *at; at++)
			if ((*at < ' ' && *at != '\n') || (unsigned char)*at >= 0x7f)
				fail_msg("line %zu: byte %02x", i, (unsigned char)*at);
		done(&r);
	}
}

static void completions(void **state)
{
	for (int shell = 0; shell < EBT_SHELL_MAX; shell++) {
		char words[64];
		struct run r;

		snprintf(words, sizeof(words), "--print-completion|%s", ebt_words_shell(shell));
		run(&r, words);
		assert_int_equal(r.result, EBT_COMMAND_LINE_EXIT);
		assert_int_equal(r.line.exit_status, 0);
		for (int i = EBT_CMD_TRACE + 1; i < EBT_CMD_MAX; i++)
			assert_non_null(strstr(r.out, ebt_commands[i].name));
		for (size_t i = 0; i < ebt_options_table_count; i++) {
			char form[64];

			snprintf(form, sizeof(form), shell == EBT_SHELL_FISH ? "-l %s" : "--%s",
				 ebt_options_table[i].name);
			if (!strstr(r.out, form))
				fail_msg("%s: no %s", words, form);
		}
		assert_non_null(strstr(r.out, "perfetto"));
		done(&r);
	}
	bad("--print-completion|csh", "--print-completion cannot be 'csh'", "bash, zsh or fish");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commands_are_whole),	cmocka_unit_test(options_agree),
		cmocka_unit_test(help_names_the_words), cmocka_unit_test(every_help),
		cmocka_unit_test(typos_of_commands),	cmocka_unit_test(typos_of_options),
		cmocka_unit_test(typos_of_words),	cmocka_unit_test(operands),
		cmocka_unit_test(wrong_operands),	cmocka_unit_test(values_of_homeostasis),
		cmocka_unit_test(forms_of_options),	cmocka_unit_test(hostile_bytes),
		cmocka_unit_test(completions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
