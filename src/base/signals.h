/* SPDX-License-Identifier: BSD-3-Clause */
/* signals.h - block signals and read them from a descriptor. */
#ifndef EBT_BASE_SIGNALS_H
#define EBT_BASE_SIGNALS_H

#include <signal.h>

/* Change the mask of the calling thread by the signals in list, which a 0 ends: how is SIG_BLOCK or
 * SIG_SETMASK. */
void ebt_signals_mask(int how, const int *list, sigset_t *set);

/* Mask the signals in list and return a non-blocking signalfd that reports them; the caller closes
 * it. Return -errno if there is none. */
int ebt_signals_open(int how, const int *list);

/* Unblock every signal, as a program that we start expects. */
void ebt_signals_unblock_all(void);

#endif
