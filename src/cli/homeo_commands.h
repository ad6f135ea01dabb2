/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * homeo_commands.h - the commands of process homeostasis (docs/homeostasis.md).
 *
 * All texts are borrowed. Every function prints its errors and returns the exit status.
 */
#ifndef EBT_CLI_HOMEO_COMMANDS_H
#define EBT_CLI_HOMEO_COMMANDS_H

#include <stdbool.h>

#include "cli/command_line.h"

/* Run a command whose words have been parsed: a request to the daemon, train, test, daemon. */
int ebt_homeo_run_client(const struct ebt_command_line *line);
int ebt_homeo_run_train(const struct ebt_command_line *line);
int ebt_homeo_run_test(const struct ebt_command_line *line);
int ebt_homeo_run_daemon(const struct ebt_command_line *line);

/* A request to the daemon. */
struct ebt_homeo_request {
	const char *socket; /* where the daemon listens */
	const char *word;   /* the command: ps, set, … */
	char **operands;    /* NULL-terminated */
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
