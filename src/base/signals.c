/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/signals.h"

#include <errno.h>
#include <sys/signalfd.h>

void ebt_signals_mask(int how, const int *list, sigset_t *set)
{
	struct sigaction action;

	sigemptyset(set);
	for (; *list; list++) {
		/* A blocked signal would come though it is ignored. */
		if (*list == SIGHUP && sigaction(SIGHUP, NULL, &action) == 0 &&
		    action.sa_handler == SIG_IGN)
			continue;
		sigaddset(set, *list);
	}
	sigprocmask(how, set, NULL);
}

int ebt_signals_open(int how, const int *list)
{
	sigset_t set;
	int fd;

	ebt_signals_mask(how, list, &set);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

void ebt_signals_unblock_all(void)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

void ebt_signals_save(struct ebt_signals_state *state)
{
	struct sigaction action;

	sigprocmask(SIG_SETMASK, NULL, &state->blocked);
	sigemptyset(&state->ignored);
	for (int signal = 1; signal <= SIGRTMAX; signal++) {
		if (sigaction(signal, NULL, &action) == 0 && action.sa_handler == SIG_IGN)
			sigaddset(&state->ignored, signal);
	}
}

void ebt_signals_restore(const struct ebt_signals_state *state)
{
	/* sigaction refuses the signals that nobody can ignore or catch, and the C library's own. */
	for (int number = 1; number <= SIGRTMAX; number++)
		signal(number, sigismember(&state->ignored, number) ? SIG_IGN : SIG_DFL);
	sigprocmask(SIG_SETMASK, &state->blocked, NULL);
}
