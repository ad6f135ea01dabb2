/* SPDX-License-Identifier: BSD-3-Clause */
/* term_fixture.h - a pseudo terminal, and a child that draws on it. Each case runs in a child, because
 * curses lives once in a process. */
#ifndef EBT_TESTS_TERM_FIXTURE_H
#define EBT_TESTS_TERM_FIXTURE_H

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ui/tui/term.h"
#include "ui_test.h"

static int master, slave;
static const char *term_name; /* TERM of the child */
static char sent[1 << 16];
static size_t sent_len;

static inline int setup(void **state)
{
	struct winsize size = { .ws_row = 10, .ws_col = 40 };

	(void)state;
	master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(slave >= 0);
	assert_int_equal(ioctl(slave, TIOCSWINSZ, &size), 0);
	sent_len = 0;
	term_name = "xterm-256color";
	return 0;
}

static inline int teardown(void **state)
{
	(void)state;
	close(master);
	close(slave);
	return 0;
}

/* Read what the terminal was sent until the child ends or is stuck for 10 s. Return its status. */
static inline int collect(pid_t pid)
{
	int status = 0, idle = 0;

	for (;;) {
		struct pollfd pfd = { .fd = master, .events = POLLIN };

		if (poll(&pfd, 1, 50) > 0 && (pfd.revents & POLLIN)) {
			ssize_t n = read(master, sent + sent_len, sizeof(sent) - 1 - sent_len);

			if (n > 0)
				sent_len += (size_t)n;
			idle = 0;
			continue;
		}
		if (waitpid(pid, &status, WNOHANG) == pid)
			break;
		if (++idle > 200) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			fail_msg("the child is stuck");
		}
	}
	sent[sent_len] = '\0';
	return WIFEXITED(status) ? WEXITSTATUS(status) : 200 + WTERMSIG(status);
}

static inline pid_t start(int (*fn)(void))
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(slave, STDERR_FILENO);
		_exit(fn());
	}
	return pid;
}

static inline struct ebt_term *open_term(void)
{
	struct ebt_term_options options = {
		.in_fd = slave, .out_fd = slave, .color = true, .mouse = true, .unicode = true
	};
	struct ebt_term *term = NULL;
	char why[128];

	setenv("TERM", term_name, 1);
	return ebt_term_new(&term, &options, why, sizeof(why)) == 0 ? term : NULL;
}

#endif
