/* SPDX-License-Identifier: BSD-3-Clause */
/* command_terminal.h - the pseudo-terminal of COMMAND beside a screen, and who waits for input on it
 *
 * The terminal is nobody's controlling terminal, so that closing it hangs up nothing that COMMAND
 * has left running. Nothing is ever typed into it. */
#ifndef EBT_PROCESSES_LOADER_COMMAND_TERMINAL_H
#define EBT_PROCESSES_LOADER_COMMAND_TERMINAL_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/proc.h"

/* A program that waits for input. */
struct ebt_command_waiter {
	pid_t pid; /* 0: none does */
	char comm[EBT_PROC_COMM_LEN];
};

/* Open a pseudo-terminal of the size of our own terminal. The caller owns both ends; reading from
 * *master does not block. Return 0 or -errno. */
int ebt_command_terminal_open(int *master, int *slave);
/* Give the terminal the size of our own terminal, if it has another. */
void ebt_command_terminal_resize(int master);
/* Look whether the process, or one of its descendants, sleeps until somebody types into the terminal:
 * it reads from it, or waits for its input after it has switched line editing off. Bounded work. */
void ebt_command_terminal_waiter(int master, pid_t pid, struct ebt_command_waiter *out);

#endif
