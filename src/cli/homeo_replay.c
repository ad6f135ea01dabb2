/* SPDX-License-Identifier: BSD-3-Clause */
/* homeo_replay.c - learn a profile from traces in files, and test traces against a profile. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "base/output_place.h"
#include "base/log.h"
#include "cli/homeo_commands.h"
#include "config/options.h"
#include "homeostasis/profile_dir.h"
#include "homeostasis/trace_replay.h"

static void replay_print_traces(const struct ebt_replay *r, bool test)
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

static int replay_read_files(struct ebt_replay *r, char **files)
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

/* Find where the profile is to be written. Return 0, or -errno after an error message. */
static int replay_find_output(const char *name, char path[PATH_MAX])
{
	struct ebt_output_place place;
	char why[PATH_MAX + 256];
	const char *what;
	int err = ebt_output_find(&place, name, why, sizeof(why));

	if (err) {
		ebt_error("%s", why);
		return err;
	}
	what = ebt_not_a_file(place.dir, place.name);
	err = what ? -EEXIST : ebt_output_path(&place, path);
	if (err)
		ebt_error("cannot write %s: %s; -o wants a new file, or one to be replaced", name,
			  what ? what : strerror(-err));
	ebt_output_close(&place);
	return err;
}

int ebt_homeo_train(const struct ebt_homeo_replay *args)
{
	char path[PATH_MAX];
	_cleanup_ph_set_ struct ebt_ph_set *set = NULL;
	struct ebt_ph_stats st;
	struct ebt_replay r;
	int status, err;

	if (replay_find_output(args->profile, path))
		return EBT_EXIT_FAILURE;
	if (ebt_ph_set_new(&set))
		return EBT_EXIT_FAILURE;
	ebt_replay_begin(&r, set, 0);
	status = replay_read_files(&r, args->files);
	if (!status) {
		ebt_ph_set_stats(set, &st);
		if (args->per_trace)
			replay_print_traces(&r, false);
		printf("traces %zu\ncalls %llu\ndistinct calls %u\npairs %u\nbits %u\n"
		       "calls with new pairs %llu\nfirst freeze ",
		       r.n, (unsigned long long)r.calls, st.distinct, st.pairs_a, st.bits_a,
		       (unsigned long long)r.new_calls);
		if (r.first_freeze)
			printf("at call %llu\n", (unsigned long long)r.first_freeze);
		else
			puts("never");
		err = ebt_ph_save(AT_FDCWD, path, set);
		if (err) {
			ebt_error("cannot write %s: %s", args->profile, strerror(-err));
			status = EBT_EXIT_FAILURE;
		}
	}
	ebt_replay_free(&r);
	return status;
}

int ebt_homeo_test(const struct ebt_homeo_replay *args)
{
	_cleanup_ph_set_ struct ebt_ph_set *set = NULL;
	char why[512] = "";
	struct ebt_replay r;
	int status;

	if (ebt_ph_load(AT_FDCWD, args->profile, &set, why, sizeof(why))) {
		ebt_error("%s", why);
		return EBT_EXIT_FAILURE;
	}
	ebt_replay_begin(&r, set, 1);
	status = replay_read_files(&r, args->files);
	if (!status) {
		if (args->per_trace)
			replay_print_traces(&r, true);
		printf("traces %zu\ncalls %llu\nanomalous calls %llu\nmissed pairs %llu\n"
		       "max LFC %u\n",
		       r.n, (unsigned long long)r.calls, (unsigned long long)r.anomalous,
		       (unsigned long long)r.missed, r.max_lfc);
	}
	ebt_replay_free(&r);
	return status;
}
