/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * terminal_entry.h - the description of the terminal, where only root may read it. `tic` of root writes
 * to /root/.terminfo, which the view cannot open any more after it has become another user.
 */
#ifndef EBT_CONFINE_TERMINAL_ENTRY_H
#define EBT_CONFINE_TERMINAL_ENTRY_H

/* Look for the compiled entry of TERM below TERMINFO and ~/.terminfo of root, or of the user behind
 * sudo with that user's rights, and put its bytes into the environment, where ncurses finds them.
 * They are parsed only after the rights are gone. Call it as root, before ebt_sandbox_drop; without
 * root, or if there is no such entry, nothing changes. */
void ebt_terminal_entry_keep(void);

#endif
