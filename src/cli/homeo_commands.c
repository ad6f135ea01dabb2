/* SPDX-License-Identifier: BSD-3-Clause */
/* homeo_commands.c - parse the arguments of the subcommands of process homeostasis. */
#include "cli/homeo_commands.h"

#include <getopt.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "config/options.h"
#include "homeostasis/server.h"
#include "processes/monitor/daemon.h"

static const char usage_replay[] =
	"Usage: execbig-top homeostasis train FILE... -o PROFILE [--per-trace]\n"
	"       execbig-top homeostasis test PROFILE FILE... [--per-trace]\n"
	"Learns a profile of lookahead pairs from system-call traces, and tests traces against "
	"it.\n"
	"FILE has one \"TRACE CALL\" a line, numbers; gzipped or not.\n"
	"  -o, --output PROFILE   train: write the profile here\n"
	"  -t, --per-trace        a line for each trace\n"
	"  -h, --help             print this help\n";

struct replay_options {
	const char *output;
	bool per_trace, help;
	int first; /* argv index of the first operand */
};

static int replay_parse(int argc, char **argv, struct replay_options *out)
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "per-trace", no_argument, NULL, 't' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int c;

	*out = (struct replay_options){ 0 };
	optind = 1;
	while ((c = getopt_long(argc, argv, "o:th", options, NULL)) != -1) {
		if (c == 'o')
			out->output = optarg;
		else if (c == 't')
			out->per_trace = true;
		else if (c == 'h')
			out->help = true;
		else
			return EBT_EXIT_USAGE;
	}
	out->first = optind;
	return 0;
}

static int replay_command(int argc, char **argv)
{
	struct ebt_homeo_replay job;
	struct replay_options args;
	int status = replay_parse(argc, argv, &args), n = argc - args.first;
	char **operands = argv + args.first;

	if (status)
		return status;
	if (args.help) {
		fputs(usage_replay, stdout);
		return EBT_EXIT_OK;
	}
	if (n >= 2 && strcmp(operands[0], "train") == 0 && args.output) {
		job = (struct ebt_homeo_replay){ args.output, operands + 1, args.per_trace };
		return ebt_homeo_train(&job);
	}
	if (n >= 3 && strcmp(operands[0], "test") == 0 && !args.output) {
		job = (struct ebt_homeo_replay){ operands[1], operands + 2, args.per_trace };
		return ebt_homeo_test(&job);
	}
	if (n == 0)
		ebt_error("homeostasis wants train or test, then files; --help says more");
	else if (strcmp(operands[0], "train") == 0)
		ebt_error("train wants one file of traces or more, and -o PROFILE to write; "
			  "%d files and %s -o were given",
			  n - 1, args.output ? "an" : "no");
	else if (strcmp(operands[0], "test") == 0)
		ebt_error("test wants a profile and one file of traces or more, and no -o; "
			  "%d names and %s -o were given",
			  n - 1, args.output ? "an" : "no");
	else
		ebt_error("homeostasis: '%s' is neither train nor test", operands[0]);
	return EBT_EXIT_USAGE;
}

static const char usage_client[] =
	"Usage: execbig-top ps | profiles [count] | status | save\n"
	"       execbig-top inspect|normalize|sensitize|tolerize WHAT\n"
	"       execbig-top set NAME VALUE\n"
	"       execbig-top respond WHAT kill|default\n"
	"       execbig-top attach\n"
	"Talks to `execbig-top daemon`. WHAT: a path, a program's name, #SLOT or a pid.\n"
	"  normalize: normal from now on; sensitize: forget what was learned of late;\n"
	"  tolerize: accept what happened of late;\n"
	"  respond: its processes die above kill-limit, or do not (default);\n"
	"  attach: the screen Profiles on a terminal, else events as they happen.\n"
	"  -J, --json       print the daemon's own JSON lines\n"
	"  --socket PATH    where it listens (" EBT_PH_SOCKET ")\n"
	"  -h, --help       print this help\n";

/* How many words may follow each request, and the words of the error message. */
static const struct client_form {
	const char *word;
	int min, max;
	const char *wants;
} client_forms[] = {
	{ "ps", 0, 0, "nothing behind it" },
	{ "profiles", 0, 1, "count (pairs and bytes too) or nothing behind it" },
	{ "status", 0, 0, "nothing behind it" },
	{ "save", 0, 0, "nothing behind it" },
	{ "attach", 0, 0, "nothing behind it" },
	{ "set", 2, 2, "a name and a value; `execbig-top status` lists the names" },
	{ "respond", 2, 2, "a path, a program's name, #SLOT or a pid, then kill or default" },
	{ "inspect", 1, 1, "one path, program's name, #SLOT or pid" },
	{ "normalize", 1, 1, "one path, program's name, #SLOT or pid" },
	{ "sensitize", 1, 1, "one path, program's name, #SLOT or pid" },
	{ "tolerize", 1, 1, "one path, program's name, #SLOT or pid" },
};

static bool client_words_fit(const char *word, int n)
{
	for (size_t i = 0; i < EBT_ARRAY_SIZE(client_forms); i++) {
		if (strcmp(client_forms[i].word, word) != 0)
			continue;
		if (n >= client_forms[i].min && n <= client_forms[i].max)
			return true;
		ebt_error("%s wants %s; %d words were given", word, client_forms[i].wants, n);
		return false;
	}
	return false;
}

static int client_command(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'J' },
		{ "socket", required_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct ebt_homeo_request r = { .socket = EBT_PH_SOCKET };
	bool help = false;
	int c;

	optind = 1;
	while ((c = getopt_long(argc, argv, "Jh", options, NULL)) != -1) {
		if (c == 'J')
			r.json = true;
		else if (c == 's')
			r.socket = optarg;
		else if (c == 'h')
			help = true;
		else
			return EBT_EXIT_USAGE;
	}
	if (help) {
		fputs(usage_client, stdout);
		return EBT_EXIT_OK;
	}
	if (!client_words_fit(argv[0], argc - optind))
		return EBT_EXIT_USAGE;
	if (strcmp(argv[0], "attach") == 0 && !r.json && isatty(STDOUT_FILENO))
		return ebt_homeo_attach(&r);
	/* getopt has moved the operands to the end: put the word in front of them. */
	argv[optind - 1] = argv[0];
	r.words = argv + optind - 1;
	r.n_words = argc - optind + 1;
	return ebt_homeo_request(&r);
}

static const char usage_daemon[] =
	"Usage: execbig-top daemon [OPTION...]\n"
	"Trains and watches profiles for days; `execbig-top attach`, ps, profiles,\n"
	"status, inspect, normalize, sensitize, tolerize, respond, set and save talk\n"
	"to it. Stays in the foreground; tells systemd when it is ready.\n"
	"  --socket PATH          listen here (" EBT_PH_SOCKET ")\n"
	"  --group NAME           members of this group may connect too\n";

static const char usage_more[] =
	"  --profiles DIR         keep profiles here (" EBT_PH_DIR ")\n"
	"  --no-save              keep nothing\n"
	"  --set NAME=VALUE       a setting, by ebpH's name; may be repeated:\n";

static const char usage_end[] =
	"  --cache-dir DIR        keep compiled programs in DIR (/var/cache/execbig-top)\n"
	"  --no-cache             compile anew, and keep nothing\n"
	"  --debug                say what is being done\n"
	"  --help                 print this help\n";

enum {
	OPT_SOCKET = 256,
	OPT_GROUP,
	OPT_PROFILES,
	OPT_NO_SAVE,
	OPT_SET,
	OPT_CACHE,
	OPT_NO_CACHE,
	OPT_DEBUG,
	OPT_HELP
};

static void daemon_help(void)
{
	struct ebt_ph_settings s;
	const char *text;

	ebt_ph_settings_default(&s);
	fputs(usage_daemon, stdout);
	fputs(usage_more, stdout);
	for (size_t i = 0; ebt_ph_setting_name(i, &text); i++)
		printf("      %-18s %s (%llu)\n", ebt_ph_setting_name(i, NULL), text,
		       (unsigned long long)ebt_ph_setting_get(&s, i));
	fputs(usage_end, stdout);
}

static int daemon_set_group(struct ebt_homeo_options *o, const char *name)
{
	const struct group *g = getgrnam(name);

	if (!g) {
		ebt_error("--group: there is no group '%s'", name);
		return EBT_EXIT_USAGE;
	}
	o->gid = g->gr_gid;
	return -1;
}

/* Take one option. Return the exit status if the run ends here, else -1. */
static int daemon_one_option(struct ebt_homeo_options *o, int c)
{
	switch (c) {
	case OPT_SOCKET:
		o->socket = optarg;
		return -1;
	case OPT_GROUP:
		return daemon_set_group(o, optarg);
	case OPT_PROFILES:
		o->profiles = optarg;
		return -1;
	case OPT_NO_SAVE:
		o->profiles = NULL;
		return -1;
	case OPT_SET:
		return ebt_homeo_options_set(o, optarg) ? EBT_EXIT_USAGE : -1;
	case OPT_CACHE:
		o->cache_dir = optarg;
		return -1;
	case OPT_NO_CACHE:
		o->no_cache = true;
		return -1;
	case OPT_DEBUG:
		o->debug = true;
		return -1;
	case OPT_HELP:
		daemon_help();
		return EBT_EXIT_OK;
	default:
		return EBT_EXIT_USAGE;
	}
}

static int daemon_command(int argc, char **argv)
{
	static const struct option options[] = {
		{ "profiles", required_argument, NULL, OPT_PROFILES },
		{ "no-save", no_argument, NULL, OPT_NO_SAVE },
		{ "set", required_argument, NULL, OPT_SET },
		{ "cache-dir", required_argument, NULL, OPT_CACHE },
		{ "no-cache", no_argument, NULL, OPT_NO_CACHE },
		{ "debug", no_argument, NULL, OPT_DEBUG },
		{ "help", no_argument, NULL, OPT_HELP },
		{ "socket", required_argument, NULL, OPT_SOCKET },
		{ "group", required_argument, NULL, OPT_GROUP },
		{ 0 },
	};
	struct ebt_homeo_options o;
	int c, status = -1;

	ebt_homeo_options_default(&o);
	optind = 1;
	while (status < 0 && (c = getopt_long(argc, argv, "+", options, NULL)) != -1)
		status = daemon_one_option(&o, c);
	if (status >= 0)
		return status;
	if (optind < argc) {
		ebt_error("'%s' is one argument too many", argv[optind]);
		return EBT_EXIT_USAGE;
	}
	return ebt_homeo_daemon(&o);
}

static const struct homeo_command {
	const char *name;
	int (*main)(int argc, char **argv); /* argv[0] is the name; gives the exit status */
} commands[] = {
	{ "homeostasis", replay_command }, { "daemon", daemon_command },
	{ "ps", client_command },	   { "profiles", client_command },
	{ "status", client_command },	   { "inspect", client_command },
	{ "normalize", client_command },   { "sensitize", client_command },
	{ "tolerize", client_command },	   { "set", client_command },
	{ "respond", client_command },	   { "save", client_command },
	{ "attach", client_command },
};

bool ebt_homeo_command(int argc, char **argv, int *status)
{
	if (argc < 2)
		return false;
	for (size_t i = 0; i < EBT_ARRAY_SIZE(commands); i++) {
		if (strcmp(argv[1], commands[i].name) == 0) {
			*status = commands[i].main(argc - 1, argv + 1);
			return true;
		}
	}
	return false;
}
