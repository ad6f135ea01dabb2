/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * homeo_commands.h - the subcommands of process homeostasis (docs/homeostasis.md).
 *
 * homeo_commands.c parses their arguments. The work is done by the functions below, which take
 * parsed arguments, and by ebt_homeo_daemon (processes/monitor/daemon.h). All texts are borrowed;
 * every function prints its errors and returns the exit status.
 */
#ifndef EBT_CLI_HOMEO_COMMANDS_H
#define EBT_CLI_HOMEO_COMMANDS_H

#include <stdbool.h>

/* If argv[1] is a subcommand of this file, run it, set its exit status and return true. */
bool ebt_homeo_command(int argc, char **argv, int *status);

/* A request to the daemon: ps, profiles, status, inspect, normalize, sensitize, tolerize, set,
 * respond, save or attach. */
struct ebt_homeo_request {
	const char *socket; /* where the daemon listens */
	char **words;	    /* the request itself, then its operands */
	int n_words;	    /* at least 1 */
	bool json;	    /* print the daemon's lines as they are */
};

/* homeo_client.c: send the request and print the answer. attach prints events as they happen. */
int ebt_homeo_request(const struct ebt_homeo_request *request);
/* homeo_client.c: show the Profiles screen on this terminal. Uses only the socket of request. */
int ebt_homeo_attach(const struct ebt_homeo_request *request);

struct ebt_homeo_replay {
	const char *profile; /* file to write (train) or to read (test) */
	char **files;	     /* traces, NULL-terminated */
	bool per_trace;	     /* print a line for each trace */
};

/* homeo_replay.c: learn a profile from traces and write it. */
int ebt_homeo_train(const struct ebt_homeo_replay *args);
/* homeo_replay.c: test traces against a profile and print the anomalies. */
int ebt_homeo_test(const struct ebt_homeo_replay *args);

#endif
