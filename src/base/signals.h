/* SPDX-License-Identifier: BSD-3-Clause */
/* signals.h - block signals and read them from a descriptor. */
#ifndef EBT_BASE_SIGNALS_H
#define EBT_BASE_SIGNALS_H

#include <signal.h>

/* The signals that were blocked and ignored when the program was started. */
struct ebt_signals_state {
	sigset_t blocked, ignored;
};

/* Read the state of the calling process, before it changes anything. */
void ebt_signals_save(struct ebt_signals_state *state);
/* Set mask and dispositions as they were saved: what was not ignored has its default action. */
void ebt_signals_restore(const struct ebt_signals_state *state);

/* Change the mask of the calling thread by the signals in list, which a 0 ends: how is SIG_BLOCK or
 * SIG_SETMASK. A SIGHUP that is ignored, as nohup(1) does it, is left out and stays ignored. */
void ebt_signals_mask(int how, const int *list, sigset_t *set);

/* Mask the signals in list and return a non-blocking signalfd that reports them; the caller closes
 * it. Return -errno if there is none. */
int ebt_signals_open(int how, const int *list);

/* Unblock every signal, as a program that we start expects. */
void ebt_signals_unblock_all(void);

#endif
