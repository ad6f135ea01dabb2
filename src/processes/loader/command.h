/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * command.h - the program behind "--". It is held until tracing runs, then let go. command_end.c
 * waits for its end, or brings it about.
 *
 * One thread. The struct owns its descriptors and the kept output.
 */
#ifndef EBT_PROCESSES_LOADER_COMMAND_H
#define EBT_PROCESSES_LOADER_COMMAND_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "config/options.h"
#include "ipc/command_output.h"
#include "processes/loader/command_terminal.h"

struct ebt_command {
	const char *name; /* as the user wrote it; borrowed; NULL: there is none */
	pid_t pid;	  /* 0: there is none */
	bool own_session; /* it has no controlling terminal */
	int release_fd;	  /* writing a byte lets it exec, closing ends it; -1: it was let go */
	int error_fd;	  /* gets errno if the exec fails, closed by a successful exec; else -1 */
	int output;	  /* of what it writes, if that is kept; else -1 */
	bool terminal;	  /* output is the master of a pseudo-terminal */
	struct ebt_command_output *kept; /* the newest bytes of the output; NULL: none are kept */
	int kept_fd;	    /* its memory file, which cannot be mapped for writing; or -1 */
	uint64_t output_ns; /* time of the newest output, CLOCK_MONOTONIC */
	uint64_t waiter_ns; /* time when waiter was found */
	struct ebt_command_waiter waiter; /* which of its programs waits for input */
	bool ended;			  /* it was reaped, and status is valid */
	int status;			  /* wait(2) status */
	int exec_error;			  /* errno of its exec, which failed; else 0 */
	uint64_t asked_ns; /* when it was first told to end, CLOCK_MONOTONIC; 0: not yet */
};

/* Set up an empty one. */
void ebt_command_init(struct ebt_command *command);
/* Fork the child of options->command, which waits. Beside a live view it has a pseudo-terminal, into
 * which nothing is typed, and its output is kept; where there are no pseudo-terminals its output is
 * a pipe and its input is empty. Beside lines or frames for a program, its standard output becomes our standard
 * error. Return 0 or -errno. */
int ebt_command_hold(struct ebt_command *command, const struct ebt_options *options);
/* Let it go. An exec takes its time on a slow file system, so that only the usual time of one is
 * waited for: watch error_fd. Return 0; -ECHILD if it has ended already, or -errno. */
int ebt_command_release(struct ebt_command *command);
/* Take the result of the exec. Call when error_fd is readable. */
void ebt_command_take_exec(struct ebt_command *command);
/* Notice whether it has ended. */
void ebt_command_reap(struct ebt_command *command);
/* Return true from the fork until it was reaped. */
bool ebt_command_runs(const struct ebt_command *command);
/* Return what a shell would make of its status: the exit code, or 128 + signal. */
int ebt_command_exit_status(const struct ebt_command *command);
/* Take what it has written. Call when output is readable. */
void ebt_command_drain(struct ebt_command *command);
/* Milliseconds until ebt_command_look_after is due, -1 for never. */
int ebt_command_timeout_ms(const struct ebt_command *command);
/* Give its terminal the size of ours, and find out who waits for input on it if nothing was written
 * for a second. Return true if the answer in command->waiter has changed. */
bool ebt_command_look_after(struct ebt_command *command);
/* Send it a signal; what it started gets it too if the command has a session of its own. */
void ebt_command_signal(struct ebt_command *command, int signal);

/* Print what was kept of its output (the last MiB); what comes later is passed on at once. */
void ebt_command_show_output(struct ebt_command *command);
/* How long it may take to end after a signal, before it is killed. */
#define EBT_COMMAND_GRACE_NS 10000000000ull
#define EBT_COMMAND_HURRY_NS 1000000000ull /* after a second Ctrl-C */
#define EBT_COMMAND_ASKED_NS 3000000000ull /* after a second Ctrl-C or k on the screen */

struct signalfd_siginfo;

/* Pass on a SIGINT that came to us, unless a terminal sent it, which sends it to the command too. */
void ebt_command_interrupt(struct ebt_command *command, const struct signalfd_siginfo *info);
/* Wait until it has ended, and say so. signals is a signalfd of SIGCHLD and of those that ask us to
 * end: SIGINT goes to the command, a second SIGINT or any other signal ends it. Return the signal
 * that ended it, or 0. */
int ebt_command_await(struct ebt_command *command, int signals);
/* Send signal unless it was told to end before, wait for its end, and kill it grace_ns after it was
 * told. A signal from signals kills it at once. One that cannot be killed, as in a file system that
 * does not respond, is left behind with a sentence. */
void ebt_command_end(struct ebt_command *command, int signals, int signal, uint64_t grace_ns);
/* Free all. A command that was not let go ends. */
void ebt_command_free(struct ebt_command *command);

#endif
