/* SPDX-License-Identifier: BSD-3-Clause */
/* homeo_commands.h - the subcommands of process homeostasis (docs/homeostasis.md). */
#ifndef EBT_CLI_HOMEO_COMMANDS_H
#define EBT_CLI_HOMEO_COMMANDS_H

#include <stdbool.h>

/* Runs the command line when argv[1] is a subcommand of ours: true, with its exit status. */
bool ebt_homeo_command(int argc, char **argv, int *status);

/* Internal: one each; argv[0] is its name. */
int ebt_homeo_replay_main(int argc, char **argv);
int ebt_homeo_daemon_main(int argc, char **argv);
int ebt_homeo_client_main(int argc, char **argv);

#endif
