/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * options.c - the command line through argp, fed from options_table.c.
 *
 * argp never ends the process here (ARGP_NO_EXIT): the caller owns what was opened before, and the
 * tests parse hundreds of command lines in one process.
 */
#include "cli/options.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "cli/options_rules.h"
#include "cli/options_table.h"
#include "model/snapshot.h"
#include "sink/columns.h"

/* Group titles, options and the end mark. */
#define ARGP_OPTIONS_MAX 80

/* One run of the parser. */
struct parse {
	struct ebt_options *o;
	enum ebt_options_result result;
	bool command_seen;	 /* a subcommand */
	const char *sort_or_out; /* -o: what it means depends on the subcommand */
	const char *fixed;	 /* an option that cannot be changed while it runs */
	char seen_args;
};

static const struct subcommand {
	const char *name;
	enum ebt_mode mode;
} subcommands[] = {
	{ "check", EBT_MODE_CHECK },
	{ "demo", EBT_MODE_DEMO },
	{ "export", EBT_MODE_EXPORT },
	{ "tune", EBT_MODE_TUNE },
};

static const char *const export_names[] = {
	[EBT_EXPORT_PERFETTO] = "perfetto",
	[EBT_EXPORT_COMPILE_COMMANDS] = "compile-commands",
	[EBT_EXPORT_JSON] = "json",
	[EBT_EXPORT_CSV] = "csv",
};

static error_t stop(struct parse *p, int status)
{
	p->result = EBT_OPTIONS_EXIT;
	p->o->exit_status = status;
	/* Ends argp_parse; its value is not looked at. */
	return ECANCELED;
}

static const struct ebt_option *find_option(int key)
{
	for (size_t i = 0; i < ebt_options_table_count; i++)
		if (ebt_options_table[i].key == key)
			return &ebt_options_table[i];
	return NULL;
}

static void list_line_columns(const char *title, enum ebt_sink_format format)
{
	struct ebt_sink_column all[EBT_SINK_COLUMNS_MAX];
	unsigned count = ebt_sink_columns_of(format, all);

	printf("\n%s\n", title);
	for (unsigned i = 0; i < count; i++)
		printf("%-15s %s\n", all[i].name, all[i].help);
}

static void list_columns(void)
{
	puts("Groups:");
	for (int i = 0; i < EBT_COL_MAX; i++)
		printf("%-10s %s\n", ebt_column_name((enum ebt_column)i),
		       ebt_column_help((enum ebt_column)i));
	list_line_columns("Lines of -e:", EBT_SINK_TEXT);
	list_line_columns("Lines of --csv (docs/json.md):", EBT_SINK_CSV);
}

/* Options that are a question of their own: answered at once. */
static bool answer(const struct ebt_option *option, struct argp_state *state)
{
	switch (option->key) {
	case 'h':
		argp_state_help(state, stdout,
				ARGP_HELP_STD_HELP & ~(ARGP_HELP_EXIT_OK | ARGP_HELP_EXIT_ERR));
		return true;
	case EBT_KEY_USAGE:
		argp_state_help(state, stdout, ARGP_HELP_USAGE);
		return true;
	case 'V':
		printf("execbig-top %s\n", EBT_VERSION);
		return true;
	case 'O':
		list_columns();
		return true;
	default:
		return false;
	}
}

static error_t parse_argument(struct parse *p, const char *arg)
{
	struct ebt_options *o = p->o;

	if (!p->command_seen && !p->seen_args) {
		for (size_t i = 0; i < EBT_ARRAY_SIZE(subcommands); i++) {
			if (strcmp(arg, subcommands[i].name) != 0)
				continue;
			if (o->mode != EBT_MODE_LIVE) {
				ebt_error("%s does not go together with a form of output", arg);
				return stop(p, EBT_EXIT_USAGE);
			}
			p->command_seen = true;
			o->mode = subcommands[i].mode;
			return 0;
		}
		ebt_error("'%s' is not a subcommand (check and demo are); a command to run and "
			  "trace stands "
			  "behind --",
			  arg);
		return stop(p, EBT_EXIT_USAGE);
	}
	if (o->mode == EBT_MODE_DEMO && !p->seen_args) {
		p->seen_args = 1;
		o->demo = arg;
		return 0;
	}
	if (o->mode == EBT_MODE_EXPORT && !p->seen_args) {
		p->seen_args = 1;
		for (size_t i = 0; i < EBT_ARRAY_SIZE(export_names); i++) {
			if (strcmp(arg, export_names[i]) == 0) {
				o->export_format = (enum ebt_export)i;
				return 0;
			}
		}
		ebt_error("export cannot write '%s': formats are perfetto, compile-commands, json "
			  "or csv",
			  arg);
		return stop(p, EBT_EXIT_USAGE);
	}
	ebt_error("'%s' is one argument too many", arg);
	return stop(p, EBT_EXIT_USAGE);
}

static error_t parse_end(struct parse *p, bool dashes)
{
	struct ebt_options *o = p->o;
	const struct ebt_options_said said = { .dashes = dashes,
					       .subcommand = p->command_seen,
					       .operand = p->seen_args,
					       .order = p->sort_or_out,
					       .fixed = p->fixed };

	if (!ebt_options_agree(o, &said))
		return stop(p, EBT_EXIT_USAGE);
	if (p->sort_or_out && o->mode == EBT_MODE_EXPORT) {
		o->out_file = p->sort_or_out;
	} else if (p->sort_or_out && (o->mode == EBT_MODE_EVENTS || o->mode == EBT_MODE_CSV)) {
		if (!ebt_options_set_line_columns(o, find_option('o'), p->sort_or_out))
			return stop(p, EBT_EXIT_USAGE);
	} else if (p->sort_or_out && !ebt_option_set_sort(o, find_option('o'), p->sort_or_out))
		return stop(p, EBT_EXIT_USAGE);
	if (o->mode == EBT_MODE_LIVE && !isatty(STDOUT_FILENO))
		o->mode = EBT_MODE_BATCH;
	return 0;
}

/* Which of the parameters were named: `tune` changes these alone. */
static void note_given(struct parse *p, const struct ebt_option *option)
{
	struct ebt_options *o = p->o;
	size_t begin = offsetof(struct ebt_options, params);
	bool param = option->offset >= begin && option->offset < begin + sizeof(o->params);
	bool poll = option->offset == offsetof(struct ebt_options, poll_ms);

	if (param)
		o->params_given |= 1u << (option->offset - begin);
	o->poll_given |= poll;
	if (!param && !poll && option->group != EBT_OPTG_WHAT && strcmp(option->name, "debug") != 0)
		p->fixed = option->name;
}

static error_t parse_key(int key, char *arg, struct argp_state *state)
{
	struct parse *p = state->input;
	const struct ebt_option *option;

	switch (key) {
	case ARGP_KEY_ARG:
		/* argp has just taken argv[next - 1]; behind "--" is the command. */
		if (state->quoted && state->next - 1 >= state->quoted) {
			p->o->command = state->argv + state->next - 1;
			p->o->command_argc = state->argc - (state->next - 1);
			state->next = state->argc;
			return 0;
		}
		return parse_argument(p, arg);
	case ARGP_KEY_END:
		return parse_end(p, state->quoted > 0);
	}
	option = find_option(key);
	if (!option)
		return ARGP_ERR_UNKNOWN;
	if (answer(option, state))
		return stop(p, EBT_EXIT_OK);
	if (key == 'o') {
		p->sort_or_out = arg;
		return 0;
	}
	if (!option->set(p->o, option, arg))
		return stop(p, EBT_EXIT_USAGE);
	note_given(p, option);
	return 0;
}

static const char args_doc[] =
	"[-- COMMAND [ARG...]]\ncheck\ndemo [NAME]\ndaemon|attach|ps|profiles|status|homeostasis "
	"...\ntune [--pid PID]\nexport FORMAT -r FILE [-o OUT]";
static const char doc[] =
	"Shows every program that starts on this machine, the moment it starts, with its whole "
	"command line.\n\nWithout options: a live view on a terminal, text frames otherwise. "
	"check: what this kernel offers, what works, what to install. "
	"daemon, attach, ps, profiles, status, inspect, normalize, sensitize, tolerize, respond, "
	"set, save, homeostasis: process homeostasis, each with --help. "
	"demo: lessons on eBPF, shown by this kernel; without NAME they are listed."
	"\v"
	"Examples:\n"
	"  execbig-top                        watch everything\n"
	"  execbig-top -- make -j8            trace one command and all it starts\n"
	"  execbig-top -e -u www-data         one line for each exec of a user\n"
	"  execbig-top -e -m 'curl|wget'      by command line\n"
	"  execbig-top -J | jq .args          events for other programs\n"
	"  execbig-top -b -n 1 -d 10 -o +count\n"
	"                                     what started most in ten seconds\n"
	"  execbig-top --ring 64M             a larger buffer when events are lost\n"
	"\n"
	"Exit status: that of COMMAND if one was run; else 0, 1 failure, 2 wrong usage, 69 this "
	"kernel cannot, 77 not enough privilege.";

/* argp moves help and version to group -1, the last, whatever we say: the rest of it goes along. */
static int argp_group(const struct ebt_option *option)
{
	return option->group == EBT_OPTG_HELP ? -1 : (int)option->group;
}

static void add_option(struct argp_option *out, const struct ebt_option *option)
{
	*out = (struct argp_option){
		.name = option->name,
		.key = option->key,
		.arg = option->arg,
		.flags = option->arg_optional ? OPTION_ARG_OPTIONAL : 0,
		.doc = option->help,
		.group = argp_group(option),
	};
}

/* The table in argp's words. Titles stand before the options of their group. */
static void fill_argp_options(struct argp_option out[ARGP_OPTIONS_MAX])
{
	unsigned titles = 0;
	size_t n = 0;

	for (size_t i = 0; i < ebt_options_table_count && n + 3 <= ARGP_OPTIONS_MAX; i++) {
		const struct ebt_option *option = &ebt_options_table[i];

		if (!(titles & 1u << option->group)) {
			titles |= 1u << option->group;
			out[n++] = (struct argp_option){
				.doc = ebt_option_group_title(option->group),
				.group = argp_group(option),
			};
		}
		add_option(&out[n++], option);
	}
	out[n] = (struct argp_option){ 0 };
}

static void set_defaults(struct ebt_options *o)
{
	memset(o, 0, sizeof(*o));
	o->delay_ns = EBT_DELAY_DEFAULT_NS;
	o->sort = EBT_COL_RATE;
	o->group_by = EBT_GROUP_EXE;
	o->screen = EBT_SCREEN_EVENTS;
	o->params.scratch_bytes = EBT_SCRATCH_DEFAULT;
	o->params.ring_bytes = EBT_RING_DEFAULT;
	o->params.args_limit = EBT_PARAMS_ALL;
	o->params.paths = 1;
	o->poll_ms = EBT_POLL_DEFAULT_MS;
	o->history_bytes = EBT_HISTORY_DEFAULT;
	o->headers = EBT_HEADERS_AUTO;
	o->json_format = EBT_SINK_JSON;
}

enum ebt_options_result ebt_options_parse(struct ebt_options *out, int argc, char **argv)
{
	struct argp_option argp_options[ARGP_OPTIONS_MAX];
	struct argp argp = { argp_options, parse_key, args_doc, doc, NULL, NULL, NULL };
	struct parse p = { .o = out };
	error_t r;

	set_defaults(out);
	fill_argp_options(argp_options);
	argp_err_exit_status = EBT_EXIT_USAGE;
	/* glibc begins its messages with this; the path that led here is nobody's business. */
	argv[0] = program_invocation_name = program_invocation_short_name;
	r = argp_parse(&argp, argc, argv, ARGP_NO_EXIT | ARGP_NO_HELP | ARGP_IN_ORDER, NULL, &p);
	if (r != 0 && p.result != EBT_OPTIONS_EXIT) {
		/* An option that is not known; getopt has said which. */
		if (r == ENOMEM)
			ebt_error("the command line cannot be read: out of memory");
		p.result = EBT_OPTIONS_EXIT;
		out->exit_status = EBT_EXIT_USAGE;
	}
	return p.result;
}

void ebt_options_free(struct ebt_options *options)
{
	if (options->comm.text)
		regfree(&options->comm.re);
	if (options->match.text)
		regfree(&options->match.re);
	options->comm.text = options->match.text = NULL;
}
