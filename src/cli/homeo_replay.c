/* SPDX-License-Identifier: BSD-3-Clause */
/* homeo_replay.c - execbig-top homeostasis train|test: profiles from traces in files. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "base/log.h"
#include "cli/homeo_commands.h"
#include "config/options.h"
#include "homeostasis/profile_file.h"
#include "homeostasis/trace_replay.h"

static const char usage[] =
	"Usage: execbig-top homeostasis train FILE... -o PROFILE [--per-trace]\n"
	"       execbig-top homeostasis test PROFILE FILE... [--per-trace]\n"
	"Learns a profile of lookahead pairs from system-call traces, and tests traces against "
	"it.\n"
	"FILE has one \"TRACE CALL\" a line, numbers; gzipped or not.\n"
	"  -o, --output PROFILE   train: write the profile here\n"
	"  -t, --per-trace        a line for each trace\n"
	"  -h, --help             print this help\n";

struct replay_args {
	const char *output;
	bool per_trace, help;
	int first; /* argv index of the first operand */
};

static int parse(int argc, char **argv, struct replay_args *out)
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "per-trace", no_argument, NULL, 't' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int c;

	*out = (struct replay_args){ 0 };
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

static void print_traces(const struct ebt_replay *r, bool test)
{
	if (test)
		puts("     TRACE      CALLS  ANOMALOUS     MISSED  MAX-LFC  FIRST-AT");
	else
		puts("     TRACE      CALLS  NEW-CALLS");
	for (size_t i = 0; i < r->n; i++) {
		const struct ebt_replay_trace *t = &r->traces[i];

		printf("%10u %10llu", t->id, (unsigned long long)t->calls);
		if (test)
			printf(" %10llu %10llu %8u %9llu\n", (unsigned long long)t->anomalous,
			       (unsigned long long)t->missed, t->task.max_lfc,
			       (unsigned long long)t->first_call);
		else
			printf(" %10llu\n", (unsigned long long)t->new_calls);
	}
}

static int read_files(struct ebt_replay *r, char **files)
{
	char why[512] = "";

	for (; *files; files++) {
		if (ebt_replay_file(r, *files, why, sizeof(why))) {
			ebt_error("%s", why);
			return EBT_EXIT_FAILURE;
		}
	}
	return EBT_EXIT_OK;
}

static int train(char **files, const struct replay_args *args)
{
	const char *what = ebt_not_a_file(AT_FDCWD, args->output);
	_cleanup_ph_set_ struct ebt_ph_set *set = NULL;
	struct ebt_ph_stats st;
	struct ebt_replay r;
	int status, err;

	if (what) {
		ebt_error("cannot write %s: %s; -o wants a new file, or one to be replaced",
			  args->output, what);
		return EBT_EXIT_FAILURE;
	}
	if (ebt_ph_set_new(&set))
		return EBT_EXIT_FAILURE;
	ebt_replay_begin(&r, set, 0);
	status = read_files(&r, files);
	if (!status) {
		ebt_ph_set_stats(set, &st);
		if (args->per_trace)
			print_traces(&r, false);
		printf("traces %zu\ncalls %llu\ndistinct calls %u\npairs %u\nbits %u\n"
		       "calls with new pairs %llu\nfirst freeze ",
		       r.n, (unsigned long long)r.calls, st.distinct, st.pairs_a, st.bits_a,
		       (unsigned long long)r.new_calls);
		if (r.first_freeze)
			printf("at call %llu\n", (unsigned long long)r.first_freeze);
		else
			puts("never");
		err = ebt_ph_save(AT_FDCWD, args->output, set);
		if (err) {
			ebt_error("cannot write %s: %s", args->output, strerror(-err));
			status = EBT_EXIT_FAILURE;
		}
	}
	ebt_replay_free(&r);
	return status;
}

static int test(const char *profile, char **files, const struct replay_args *args)
{
	_cleanup_ph_set_ struct ebt_ph_set *set = NULL;
	char why[512] = "";
	struct ebt_replay r;
	int status;

	if (ebt_ph_load(AT_FDCWD, profile, &set, why, sizeof(why))) {
		ebt_error("%s", why);
		return EBT_EXIT_FAILURE;
	}
	ebt_replay_begin(&r, set, 1);
	status = read_files(&r, files);
	if (!status) {
		if (args->per_trace)
			print_traces(&r, true);
		printf("traces %zu\ncalls %llu\nanomalous calls %llu\nmissed pairs %llu\n"
		       "max LFC %u\n",
		       r.n, (unsigned long long)r.calls, (unsigned long long)r.anomalous,
		       (unsigned long long)r.missed, r.max_lfc);
	}
	ebt_replay_free(&r);
	return status;
}

int ebt_homeo_replay_main(int argc, char **argv)
{
	struct replay_args args;
	int status = parse(argc, argv, &args), n = argc - args.first;
	char **operands = argv + args.first;

	if (status)
		return status;
	if (args.help) {
		fputs(usage, stdout);
		return EBT_EXIT_OK;
	}
	if (n >= 2 && strcmp(operands[0], "train") == 0 && args.output)
		return train(operands + 1, &args);
	if (n >= 3 && strcmp(operands[0], "test") == 0 && !args.output)
		return test(operands[1], operands + 2, &args);
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
