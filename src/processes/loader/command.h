/* SPDX-License-Identifier: BSD-3-Clause */
/* command.h - the program behind "--": held until tracing runs, then let go. */
#ifndef EBT_PROCESSES_LOADER_COMMAND_H
#define EBT_PROCESSES_LOADER_COMMAND_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct ebt_command {
	pid_t pid;	/* 0: none */
	int release_fd; /* writing a byte lets it exec; closing ends it */
	int error_fd;	/* gets errno when exec failed; closed by a successful exec */
	int output; /* of a pipe: what it writes, when that must not reach the terminal; else -1 */
	char *kept; /* the newest of that, a ring */
	uint64_t written; /* all of that, bytes */
	bool ended;
	int status; /* wait(2) */
};

/* Forks the child, which waits. capture: its output is kept (the screen is ours), its input is
 * empty. */
int ebt_command_hold(struct ebt_command *command, char *const argv[], bool capture);
/* Lets it go. 0; -errno of its exec, in which case the child is gone. */
int ebt_command_release(struct ebt_command *command);
/* Looks whether it has ended. */
void ebt_command_reap(struct ebt_command *command);
/* A shell's view of the status: code, or 128 + signal. */
int ebt_command_exit_status(const struct ebt_command *command);
/* Takes what it has written. Call when output is readable. */
void ebt_command_drain(struct ebt_command *command);
/* Ends it if it still runs (only before release), frees all. Prints what was kept of its output
 * (the last MiB). */
void ebt_command_free(struct ebt_command *command);

#endif
