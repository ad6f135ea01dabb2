/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * terminal_rescue.h - puts a terminal right after the process that showed the screen died. For the
 * other process; needs neither ncurses nor terminfo, is async-signal-safe.
 */
#ifndef EBT_BASE_TERMINAL_RESCUE_H
#define EBT_BASE_TERMINAL_RESCUE_H

#include <stdbool.h>
#include <termios.h>

struct ebt_rescue {
	int fd; /* borrowed; the terminal */
	bool valid;
	struct termios termios;
};

/* Remembers the terminal's modes; call before the view starts. Not a terminal: rescue does nothing.
 */
void ebt_rescue_save(struct ebt_rescue *rescue, int fd);
/* Empties the alternate screen and leaves it (a terminal without one is cleared), shows the cursor,
 * ends colours and mouse reports, restores the modes. Harmless when the view has done so itself. */
void ebt_rescue_restore(const struct ebt_rescue *rescue);

#endif
