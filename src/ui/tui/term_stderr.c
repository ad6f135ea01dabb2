/* SPDX-License-Identifier: BSD-3-Clause */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ui/tui/term_stderr.h"

void ebt_term_stderr_hide(struct ebt_term_stderr *err)
{
	int fds[2];

	if (err->hidden || !isatty(STDERR_FILENO))
		return;
	/* Non-blocking, so that a writer loses text instead of waiting for this process. */
	if (pipe2(fds, O_CLOEXEC | O_NONBLOCK) < 0)
		return;
	err->saved_fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	if (err->saved_fd < 0 || dup2(fds[1], STDERR_FILENO) < 0) {
		if (err->saved_fd >= 0)
			close(err->saved_fd);
		close(fds[0]);
		close(fds[1]);
		return;
	}
	close(fds[1]);
	err->read_fd = fds[0];
	err->len = 0;
	err->hidden = true;
}

static void fill(struct ebt_term_stderr *err)
{
	ssize_t n = read(err->read_fd, err->text + err->len, sizeof(err->text) - err->len);

	if (n > 0)
		err->len += (size_t)n;
}

bool ebt_term_stderr_line(struct ebt_term_stderr *err, char *line, size_t len)
{
	char *end;
	size_t n, taken;

	if (!err->hidden || len == 0)
		return false;
	fill(err);
	end = memchr(err->text, '\n', err->len);
	if (!end && err->len < sizeof(err->text))
		return false;
	n = end ? (size_t)(end - err->text) : err->len;
	taken = end ? n + 1 : n;
	snprintf(line, len, "%.*s", (int)n, err->text);
	memmove(err->text, err->text + taken, err->len - taken);
	err->len -= taken;
	return true;
}

void ebt_term_stderr_show(struct ebt_term_stderr *err)
{
	if (!err->hidden)
		return;
	fflush(stderr);
	dup2(err->saved_fd, STDERR_FILENO);
	close(err->saved_fd);
	do {
		fill(err);
		size_t done = 0;

		while (done < err->len) {
			ssize_t n = write(STDERR_FILENO, err->text + done, err->len - done);

			if (n <= 0)
				break;
			done += (size_t)n;
		}
		if (done < err->len || err->len < sizeof(err->text))
			break;
		err->len = 0;
	} while (true);
	close(err->read_fd);
	err->len = 0;
	err->hidden = false;
}
