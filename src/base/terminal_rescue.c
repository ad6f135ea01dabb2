/* SPDX-License-Identifier: BSD-3-Clause */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/terminal_rescue.h"

/* What xterm and everything like it understands; a terminal that does not ignores it. Not from
 * terminfo: the process that rescues may be root, and terminfo files are the user's. */
static const char sequences[] =
	"\033[?1000l\033[?1002l\033[?1003l\033[?1006l" /* no mouse reports */
	"\033[?1l\033>"				       /* cursor keys, keypad */
	/* The other screen is left empty: tmux folds its rows into the normal one when the size has
	 * changed. Entered first, should it have been left already: nothing else is cleared. */
	"\033[?1049h\033[0m\033[H\033[2J"
	"\033[?1049l"	      /* the normal screen */
	"\033[0m\033[?25h\r"; /* colours, cursor */

void ebt_rescue_save(struct ebt_rescue *rescue, int fd)
{
	rescue->fd = fd;
	rescue->valid = tcgetattr(fd, &rescue->termios) == 0;
}

void ebt_rescue_restore(const struct ebt_rescue *rescue)
{
	sigset_t ttou, old;
	ssize_t n;

	if (!rescue->valid)
		return;
	/* From the background tcsetattr would stop us. */
	sigemptyset(&ttou);
	sigaddset(&ttou, SIGTTOU);
	sigprocmask(SIG_BLOCK, &ttou, &old);
	n = write(rescue->fd, sequences, sizeof(sequences) - 1);
	(void)n; /* a terminal that is gone needs nothing */
	tcsetattr(rescue->fd, TCSANOW, &rescue->termios);
	sigprocmask(SIG_SETMASK, &old, NULL);
}
