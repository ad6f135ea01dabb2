/* SPDX-License-Identifier: BSD-3-Clause */
#include "processes/loader/command_terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include "base/cleanup.h"

#define PROCESSES_MAX 256 /* looked at for one answer */
#define PTS_NAME_LEN  64

static bool terminal_own_size(struct winsize *size)
{
	return (!ioctl(STDOUT_FILENO, TIOCGWINSZ, size) ||
		!ioctl(STDIN_FILENO, TIOCGWINSZ, size)) &&
	       size->ws_row && size->ws_col;
}

void ebt_command_terminal_resize(int master)
{
	struct winsize own, its;

	if (terminal_own_size(&own) && !ioctl(master, TIOCGWINSZ, &its) &&
	    (own.ws_row != its.ws_row || own.ws_col != its.ws_col))
		ioctl(master, TIOCSWINSZ, &own);
}

int ebt_command_terminal_open(int *master, int *slave)
{
	_cleanup_close_ int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	struct termios mode;
	int peer;

	if (fd < 0 || grantpt(fd) || unlockpt(fd))
		return -errno;
	peer = ioctl(fd, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (peer < 0)
		return -errno;
	/* Keep the output as it was written: what shows it adds the carriage returns. */
	if (!tcgetattr(peer, &mode)) {
		mode.c_oflag &= ~(tcflag_t)OPOST;
		tcsetattr(peer, TCSANOW, &mode);
	}
	ebt_command_terminal_resize(fd);
	*master = TAKE_FD(fd);
	*slave = peer;
	return 0;
}

static bool terminal_is_fd(const char *pts, pid_t pid, unsigned long fd)
{
	char path[64], target[PTS_NAME_LEN];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/fd/%lu", (int)pid, fd);
	n = readlink(path, target, sizeof(target));
	return n > 0 && (size_t)n == strlen(pts) && memcmp(target, pts, (size_t)n) == 0;
}

/* Is it a call that waits until one of several descriptors is readable? */
static bool terminal_call_selects(long call)
{
	switch (call) {
#ifdef SYS_poll
	case SYS_poll:
#endif
#ifdef SYS_select
	case SYS_select:
#endif
#ifdef SYS_epoll_wait
	case SYS_epoll_wait:
#endif
	case SYS_ppoll:
	case SYS_pselect6:
	case SYS_epoll_pwait:
		return true;
	default:
		return false;
	}
}

/* The text of /proc/PID/syscall is the number of the call in which the process sleeps, and its
 * arguments in hexadecimal. A running process has "running" there. */
static bool terminal_process_waits(const char *pts, bool raw, pid_t pid)
{
	unsigned long first;
	char text[256];
	long call;

	if (ebt_proc_read(-1, (uint32_t)pid, "syscall", text, sizeof(text)) <= 0 ||
	    sscanf(text, "%ld 0x%lx", &call, &first) != 2)
		return false;
	if (call == SYS_read || call == SYS_readv)
		return terminal_is_fd(pts, pid, first);
	return raw && terminal_call_selects(call) && terminal_is_fd(pts, pid, STDIN_FILENO);
}

static unsigned terminal_add_children(pid_t pid, pid_t *list, unsigned count)
{
	char name[64], text[4096], *at = text, *end;

	/* Children of other threads are left out; few programs start any. */
	snprintf(name, sizeof(name), "task/%d/children", (int)pid);
	if (ebt_proc_read(-1, (uint32_t)pid, name, text, sizeof(text)) <= 0)
		return count;
	while (count < PROCESSES_MAX) {
		long child = strtol(at, &end, 10);

		if (end == at)
			break;
		list[count++] = (pid_t)child;
		at = end;
	}
	return count;
}

void ebt_command_terminal_waiter(int master, pid_t pid, struct ebt_command_waiter *out)
{
	pid_t list[PROCESSES_MAX] = { pid };
	unsigned count = 1;
	struct termios mode;
	char pts[PTS_NAME_LEN];
	/* The master's modes are those of the other end. */
	bool raw = !tcgetattr(master, &mode) && !(mode.c_lflag & ICANON);
	ssize_t n;

	*out = (struct ebt_command_waiter){ 0 };
	if (ptsname_r(master, pts, sizeof(pts)))
		return;
	for (unsigned i = 0; i < count; i++) {
		if (terminal_process_waits(pts, raw, list[i])) {
			n = ebt_proc_read(-1, (uint32_t)list[i], "comm", out->comm,
					  sizeof(out->comm));
			if (n > 0 && out->comm[n - 1] == '\n')
				out->comm[n - 1] = '\0';
			out->pid = n > 0 ? list[i] : 0;
			return;
		}
		count = terminal_add_children(list[i], list, count);
	}
}
