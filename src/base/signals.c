/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/signals.h"

#include <errno.h>
#include <sys/signalfd.h>

void ebt_signals_mask(int how, const int *list, sigset_t *set)
{
	sigemptyset(set);
	for (; *list; list++)
		sigaddset(set, *list);
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
